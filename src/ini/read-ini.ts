import { PumError } from "../errors.ts"

/**
 * INI text read exactly as Python's `configparser.RawConfigParser()` reads it (strict, delimiters `=` and `:`,
 * whole-line comments `#` and `;`, empty lines in values), and with `rules: "aws"` as botocore's
 * `raw_config_parse` does on top of that. Nothing is thrown away: the lines, joined, are the text.
 */
export interface IniDocument {
  /** The file, as messages name it. */
  readonly name: string
  readonly rules: IniRules
  readonly lines: readonly IniLine[]
  /** What every `[DEFAULT]` together holds; Python reads it into each section. */
  readonly defaults: ReadonlyMap<string, IniOption>
  /** By name, exactly what is between the brackets, in the order of the file; without `[DEFAULT]`. */
  readonly sections: ReadonlyMap<string, IniSection>
}

/** `aws`: a value that starts on its second line must consist of `key = value` lines (botocore, `_parse_nested`). */
export type IniRules = "aws" | "plain"

export interface IniLine {
  /** Without its line end. */
  readonly text: string
  /** `\n`, `\r\n`, `\r`, or nothing where the file ends without one. */
  readonly end: string
  readonly kind: "blank" | "comment" | "header" | "option" | "continuation"
  /** The white space it begins with. */
  readonly indent: string
}

export interface IniSection {
  readonly name: string
  /** Index of its `[header]` line. */
  readonly header: number
  /** Index of its last line that is neither blank nor a comment; the header's where it is empty. */
  readonly last: number
  /** By lower-cased key, in the order of the file. */
  readonly options: ReadonlyMap<string, IniOption>
}

export interface IniOption {
  /** Lower-cased. */
  readonly key: string
  /** Index of its line. */
  readonly line: number
  /** Continuation lines are joined by `\n`, as Python joins them. */
  readonly value: string
  /** Index of the first indented line that belongs to the value, if any. */
  readonly glued: number | undefined
}

/** Python reads this section into every other one (`configparser.DEFAULTSECT`). */
export const defaultSection = "DEFAULT"

/** A section and an option while they are being read. */
interface OpenSection {
  name: string
  header: number
  last: number
  options: Map<string, OpenOption>
}
interface OpenOption {
  key: string
  line: number
  /** The value's lines with the index each came from; blank ones count. */
  parts: { text: string; line: number }[]
  glued: number | undefined
}

/** Where reading has come to. */
interface Reading {
  readonly raw: readonly RawLine[]
  readonly refuse: (line: number, reason: string, hint?: string) => PumError
  readonly sections: Map<string, OpenSection>
  readonly defaults: OpenSection
  section: OpenSection | undefined
  option: OpenOption | undefined
  /** How far the last line that was no continuation is indented. */
  level: number
}
interface RawLine {
  readonly text: string
  readonly end: string
}

/**
 * @param name the file, for messages
 * @throws PumError `file` with the line number and the reason, where Python or botocore refuse the whole file
 */
export function readIni(text: string, name: string, rules: IniRules = "aws"): IniDocument {
  const reading: Reading = {
    raw: splitLines(text),
    refuse: (line, reason, hint = rules === "aws" ? awsHint : plainHint) => refusal(name, line, reason, hint),
    sections: new Map(),
    defaults: { name: defaultSection, header: -1, last: -1, options: new Map() },
    section: undefined,
    option: undefined,
    level: 0,
  }
  if (text.startsWith("\ufeff")) {
    throw reading.refuse(0, "begins with a byte order mark", "save the file as UTF-8 without BOM")
  }
  const lines = reading.raw.map(({ text, end }, index): IniLine => {
    const indent = text.slice(0, firstVisible(text))
    return { text, end, indent, kind: readLine(reading, index, strip(text), indent.length) }
  })
  if (rules === "aws") {
    const bad = badNestedLine(reading)
    if (bad !== undefined) {
      throw reading.refuse(bad, "is in an indented block, where every line must be 'key = value'")
    }
  }
  const sections = [...reading.sections].map(([header, open]) => [header, close(open)] as const)
  return { name, rules, lines, defaults: close(reading.defaults).options, sections: new Map(sections) }
}

/** One line as `RawConfigParser._read` takes it. `content` is the line without white space around it. */
function readLine(reading: Reading, index: number, content: string, indent: number): IniLine["kind"] {
  const { section, option } = reading
  if (content.startsWith("#") || content.startsWith(";")) return "comment"
  if (content === "") {
    option?.parts.push({ text: "", line: index })
    return "blank"
  }
  if (section !== undefined && option !== undefined && indent > reading.level) {
    option.parts.push({ text: content, line: index })
    option.glued ??= index
    section.last = index
    return "continuation"
  }
  reading.level = indent
  const header = headerOf(content)
  if (header === undefined) {
    reading.option = readOption(reading, index, content)
    return "option"
  }
  reading.section = header === defaultSection ? reading.defaults : openSection(reading, header, index)
  reading.option = undefined
  return "header"
}

function openSection({ sections, refuse }: Reading, name: string, line: number): OpenSection {
  const known = sections.get(name)
  if (known !== undefined) throw refuse(line, `opens [${name}] again, which line ${known.header + 1} did`)
  const section = { name, header: line, last: line, options: new Map<string, OpenOption>() }
  sections.set(name, section)
  return section
}

function readOption({ raw, section, refuse }: Reading, line: number, content: string): OpenOption {
  const wrong = (reason: string) => {
    const cutOff = raw[line]?.end === "" ? "; the file seems to be cut off there" : ""
    return refuse(line, reason + cutOff)
  }
  if (section === undefined) throw wrong("comes before any [section]")
  const delimiter = content.search(/[=:]/)
  if (delimiter < 0) throw wrong("is neither 'key = value' nor a [section]")
  const key = strip(content.slice(0, delimiter)).toLowerCase()
  if (key === "") throw refuse(line, "has no key before its delimiter")
  const earlier = section.options.get(key)
  if (earlier !== undefined) throw refuse(line, `has the same key as line ${earlier.line + 1} of its section`)
  const parts = [{ text: strip(content.slice(delimiter + 1)), line }]
  const option: OpenOption = { key, line, parts, glued: undefined }
  section.options.set(key, option)
  section.last = line
  return option
}

/** The key's value in that very section, without what `[DEFAULT]` adds. */
export function ownValue(document: IniDocument, section: string, key: string): string | undefined {
  return document.sections.get(section)?.options.get(key)?.value
}

/** The key's value as Python sees it: the section's own, else `[DEFAULT]`'s; nothing where there is no section. */
export function effectiveValue(document: IniDocument, section: string, key: string): string | undefined {
  const found = document.sections.get(section)
  if (found === undefined) return undefined
  return (found.options.get(key) ?? document.defaults.get(key))?.value
}

const awsHint = "AWS tools refuse the whole file until that line is corrected"
const plainHint = "correct that line"

/** @param line index, counted from 0 */
export function refusal(name: string, line: number, reason: string, hint: string): PumError {
  return new PumError("file", `cannot use ${name}: line ${line + 1} ${reason}`, { hint })
}

function close(open: OpenSection): IniSection {
  const options = new Map<string, IniOption>()
  for (const { key, line, parts, glued } of open.options.values()) {
    options.set(key, { key, line, glued, value: stripEnd(parts.map(part => part.text).join("\n")) })
  }
  return { name: open.name, header: open.header, last: open.last, options }
}

/** `[`, anything, and the last `]` of the line; what follows that is ignored (`RawConfigParser.SECTCRE`). */
function headerOf(content: string): string | undefined {
  const end = content.lastIndexOf("]")
  return content.startsWith("[") && end >= 2 ? content.slice(1, end) : undefined
}

/** Index of the first line of an indented block that botocore cannot read (`_parse_nested`). */
function badNestedLine({ defaults, sections }: Reading): number | undefined {
  for (const section of sections.values()) {
    const inherited = [...defaults.options.values()].filter(option => !section.options.has(option.key))
    for (const option of [...section.options.values(), ...inherited]) {
      if (option.glued === undefined || option.parts[0]?.text !== "") continue
      const bad = option.parts.find(part => pythonLines(part.text).some(isNoPair))
      if (bad !== undefined) return bad.line
    }
  }
  return undefined
}

const isNoPair = (line: string) => strip(line) !== "" && !line.includes("=")

/** `str.splitlines()`, which knows more line ends than a file has. */
const pythonLines = (text: string) => text.split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)

function splitLines(text: string): RawLine[] {
  const lines: RawLine[] = []
  let from = 0
  for (const end of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ text: text.slice(from, end.index), end: end[0] })
    from = end.index + end[0].length
  }
  if (from < text.length) lines.push({ text: text.slice(from), end: "" })
  return lines
}

/** White space of Python's `str.strip()` and `\s`: not JavaScript's, which knows U+FEFF but not U+001C to U+001F, U+0085. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f)
  if (code < 0x1680) return code === 0x85 || code === 0xa0
  return code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || otherSpaces.has(code)
}
const otherSpaces = new Set([0x2028, 0x2029, 0x202f, 0x205f, 0x3000])

function firstVisible(text: string): number {
  let at = 0
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

function stripEnd(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

/** `str.strip()` of Python. */
export function strip(text: string): string {
  return stripEnd(text.slice(firstVisible(text)))
}
