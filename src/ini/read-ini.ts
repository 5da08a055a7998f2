import { PumError } from "../errors.ts"
import type { Line, OpenOption, OpenSection } from "./open-section.ts"
import { skipSpace, skipSpaceBack, splitLines, strip } from "./python-text.ts"

/**
 * INI text read exactly as Python's `configparser.RawConfigParser()` reads it (strict, delimiters `=` and `:`,
 * whole-line comments `#` and `;`, empty lines in values), and with `rules: "aws"` as botocore's
 * `raw_config_parse` does on top of that. Lines are counted from 0.
 */
export interface IniDocument {
  /** The file, as messages name it. */
  readonly name: string
  readonly rules: IniRules
  readonly text: string
  /** Offset of each line in the text. */
  readonly lineStarts: readonly number[]
  /** Lines that are a `[header]`, in their order. */
  readonly headers: readonly number[]
  /** The line end that most lines have: `\n`, `\r\n` or `\r`; `\n` if the text has none. */
  readonly lineEnd: string
  /** What all `[DEFAULT]` sections together hold; Python reads it into each section. */
  readonly defaults: ReadonlyMap<string, IniOption>
  /** Lines that are a comment in an indented block. */
  readonly nestedComments: readonly number[]
  /** By name, exactly what is between the brackets, in the order of the file; without `[DEFAULT]`. */
  readonly sections: ReadonlyMap<string, IniSection>
}

/** `aws`: a value that starts on its second line must consist of `key = value` lines (botocore, `_parse_nested`). */
export type IniRules = "aws" | "plain"

export interface IniSection {
  readonly name: string
  /** Line of its `[header]`. */
  readonly header: number
  /** Its last line that is neither blank nor a comment; the header's if the section is empty. */
  readonly last: number
  /** By lower-cased key, in the order of the file. */
  readonly options: ReadonlyMap<string, IniOption>
}

export interface IniOption {
  /** Lower-cased. */
  readonly key: string
  readonly line: number
  /** Continuation lines are joined by `\n`, as Python joins them. */
  readonly value: string
  /** The first indented line that belongs to the value, if any. */
  readonly continuation: number | undefined
}

/** Python reads this section into every other one (`configparser.DEFAULTSECT`). */
export const defaultSection = "DEFAULT"

/**
 * Reads a text; time and memory grow with its length.
 * @param name the file, for messages
 * @throws PumError `file` with the line number and the reason, if Python or botocore refuse the whole file
 */
export function readIni(text: string, name: string, rules: IniRules = "aws"): IniDocument {
  return new Reader(text, name, rules).read()
}

/** The key's value in that very section, without what `[DEFAULT]` adds. */
export function ownValue(document: IniDocument, section: string, key: string): string | undefined {
  return document.sections.get(section)?.options.get(key)?.value
}

/** The key's value as Python sees it: the section's own, else `[DEFAULT]`'s; `undefined` if there is no section. */
export function effectiveValue(document: IniDocument, section: string, key: string): string | undefined {
  const found = document.sections.get(section)
  if (found === undefined) return undefined
  return (found.options.get(key) ?? document.defaults.get(key))?.value
}

const awsHint = "AWS tools refuse the whole file until that line is corrected"
const plainHint = "correct that line"

export function lineError(name: string, line: number, reason: string, hint: string): PumError {
  return new PumError("file", `cannot use ${name}: line ${line + 1} ${reason}`, { hint })
}

class Reader {
  private readonly text: string
  private readonly name: string
  private readonly rules: IniRules
  private readonly lineStarts: number[] = []
  private readonly headers: number[] = []
  private readonly nestedComments: number[] = []
  private readonly sections = new Map<string, OpenSection>()
  private readonly defaults: OpenSection = {
    name: defaultSection,
    header: -1,
    last: -1,
    options: new Map(),
  }
  private section: OpenSection | undefined
  private option: OpenOption | undefined
  /** Indentation of the last line that was no continuation. */
  private level = 0

  constructor(text: string, name: string, rules: IniRules) {
    this.text = text
    this.name = name
    this.rules = rules
  }

  read(): IniDocument {
    const { text, name, rules, lineStarts, headers, nestedComments, sections, defaults } = this
    if (text.startsWith("\ufeff"))
      throw this.refuse(0, "begins with a byte order mark", "save the file as UTF-8 without BOM")
    const lineEnd = this.readLines()
    if (rules === "aws") this.refuseBadBlocks()
    return {
      name,
      rules,
      text,
      lineStarts,
      headers,
      lineEnd,
      nestedComments,
      defaults: defaults.options,
      sections,
    }
  }

  /** @returns the line end that most lines have */
  private readLines(): string {
    const { text, lineStarts } = this
    const counts = new Map([["\n", 0]])
    let [feed, carriage] = [text.indexOf("\n"), text.indexOf("\r")]
    for (let start = 0; start < text.length; ) {
      if (feed >= 0 && feed < start) feed = text.indexOf("\n", start)
      if (carriage >= 0 && carriage < start) carriage = text.indexOf("\r", start)
      const end = Math.min(feed < 0 ? text.length : feed, carriage < 0 ? text.length : carriage)
      const lineEnd =
        end === feed ? "\n" : end !== carriage ? "" : text.startsWith("\n", end + 1) ? "\r\n" : "\r"
      const from = skipSpace(text, start, end)
      const to = skipSpaceBack(text, from, end)
      lineStarts.push(start)
      this.readLine(lineStarts.length - 1, { start, from, to, isCutOff: lineEnd === "" })
      if (lineEnd !== "") counts.set(lineEnd, (counts.get(lineEnd) ?? 0) + 1)
      start = end + (lineEnd.length || 1)
    }
    const [[most] = ["\n"]] = [...counts].sort(([, one], [, other]) => other - one)
    return most
  }

  /** One line as `RawConfigParser._read` takes it. */
  private readLine(index: number, line: Line): void {
    const { text, section, option } = this
    const first = text[line.from]
    if (line.from === line.to) {
      if (option !== undefined) option.blanks++
      return
    }
    const indent = line.from - line.start
    if (first === "#" || first === ";") {
      if (option?.isBlock === true && indent > this.level) this.nestedComments.push(index)
      return
    }
    if (section !== undefined && option !== undefined && indent > this.level) {
      this.continueValue(option, index, text.slice(line.from, line.to))
      section.last = index
      return
    }
    this.level = indent
    // `[`, anything, and the last `]` of the line; what follows that is ignored (`RawConfigParser.SECTCRE`).
    const content = first === "[" ? text.slice(line.from, line.to) : ""
    const close = content.lastIndexOf("]")
    if (close < 2) {
      this.option = this.readOption(index, line)
      return
    }
    const header = content.slice(1, close)
    this.headers.push(index)
    this.section = header === defaultSection ? this.defaults : this.openSection(header, index)
    this.option = undefined
  }

  private continueValue(option: OpenOption, index: number, content: string): void {
    option.value += "\n".repeat(option.blanks + 1) + content
    option.blanks = 0
    option.continuation ??= index
    if (option.isBlock && splitLines(content).some(isNoPair)) option.noPair ??= index
  }

  private openSection(name: string, line: number): OpenSection {
    const known = this.sections.get(name)
    if (known !== undefined)
      throw this.refuse(line, `opens [${name}] again, which line ${known.header + 1} did`)
    const section = { name, header: line, last: line, options: new Map<string, OpenOption>() }
    this.sections.set(name, section)
    return section
  }

  private readOption(index: number, { from, to, isCutOff }: Line): OpenOption {
    const { text, section } = this
    const wrong = (reason: string) =>
      this.refuse(index, reason + (isCutOff ? "; the file seems to be cut off there" : ""))
    let delimiter = from
    while (delimiter < to && text[delimiter] !== "=" && text[delimiter] !== ":") delimiter++
    if (section === undefined || delimiter === to) {
      if (/^\[[^\]]*$/.test(text.slice(from, to))) throw wrong("begins a [section] and has no ]")
      throw wrong(section ? "is neither 'key = value' nor a [section]" : "comes before any [section]")
    }
    const key = text.slice(from, skipSpaceBack(text, from, delimiter)).toLowerCase()
    if (key === "") throw this.refuse(index, "has no key before its delimiter")
    const earlier = section.options.get(key)
    if (earlier !== undefined)
      throw this.refuse(index, `has the same key as line ${earlier.line + 1} of its section`)
    const value = text.slice(skipSpace(text, delimiter + 1, to), to)
    const nothing = { continuation: undefined, noPair: undefined, blanks: 0 }
    const option = { key, line: index, value, isBlock: value === "", ...nothing }
    section.options.set(key, option)
    section.last = index
    return option
  }

  /** botocore refuses an indented block with a line that is no pair, also one that a section gets from `[DEFAULT]`. */
  private refuseBadBlocks(): void {
    const inherited = [...this.defaults.options.values()].filter(({ noPair }) => noPair !== undefined)
    for (const { options } of this.sections.values()) {
      const own = [...options.values()].find(({ noPair }) => noPair !== undefined)
      const bad = own ?? inherited.find(({ key }) => !options.has(key))
      if (bad?.noPair === undefined) continue
      throw this.refuse(bad.noPair, "is in an indented block, where every line must be 'key = value'")
    }
  }

  private refuse(line: number, reason: string, hint = this.rules === "aws" ? awsHint : plainHint): PumError {
    return lineError(this.name, line, reason, hint)
  }
}

const isNoPair = (line: string) => strip(line) !== "" && !line.includes("=")
