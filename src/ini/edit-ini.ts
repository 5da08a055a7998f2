import { PumError } from "../errors.ts"
import {
  defaultSection,
  type IniDocument,
  type IniOption,
  type IniSection,
  readIni,
  refusal,
  strip,
} from "./read-ini.ts"

/** What is to become of one section's keys; keys are lower-case. */
export interface IniChange {
  /** Rewritten where the key is there, added at the section's end where not. */
  readonly set: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
}

interface Piece {
  readonly text: string
  end: string
  readonly ours: boolean
}

/** What to do at the lines of the document, by their index. */
interface Plan {
  readonly rewrite: Map<number, string>
  readonly remove: Set<number>
  readonly insertAfter: Map<number, string[]>
  /** Sections that are not there yet: header and keys. */
  readonly append: string[][]
}

/**
 * The document's text with these keys changed and every other byte as it was. A key of ours becomes
 * `<same indent>key = value`. A section that is not there is added at the end, after one blank line, with the
 * file's own line ends; a file without a last line end stays without. Before it is given back, the result is
 * read again and compared with what it was to be.
 * @param changes by section name, as it stands between the brackets
 * @throws PumError `file` for a key that cannot be changed without touching the user's other lines, and for a
 *   value that would not be read as it was written
 */
export function editIni(document: IniDocument, changes: ReadonlyMap<string, IniChange>): string {
  const plan: Plan = { rewrite: new Map(), remove: new Set(), insertAfter: new Map(), append: [] }
  for (const [name, change] of changes) {
    for (const [key, value] of Object.entries(change.set)) checkValue(document, key, value)
    const section = document.sections.get(name)
    if (section === undefined) planNew(plan, document, name, change)
    else planChange(plan, document, section, change)
  }
  const text = assemble(document, plan)
  verify(document, changes, text)
  return text
}

function planNew(plan: Plan, document: IniDocument, name: string, change: IniChange): void {
  if (name === defaultSection)
    throw new PumError("file", `cannot use ${document.name}: [${name}] is every section`)
  const lines = Object.entries(change.set).map(pair)
  if (lines.length > 0) plan.append.push([`[${name}]`, ...lines])
}

function planChange(plan: Plan, document: IniDocument, section: IniSection, change: IniChange): void {
  const missing: string[] = []
  for (const [key, value] of Object.entries(change.set)) {
    const option = section.options.get(key)
    if (option === undefined) {
      missing.push(indentForNew(document, section) + pair([key, value]))
      continue
    }
    refuseGlued(document, option)
    plan.rewrite.set(option.line, indentOf(document, option.line) + pair([key, value]))
  }
  if (missing.length > 0) plan.insertAfter.set(section.last, missing)
  for (const key of change.remove ?? []) {
    const option = section.options.get(key)
    if (option === undefined) continue
    refuseGlued(document, option)
    plan.remove.add(option.line)
  }
}

const pair = ([key, value]: [string, string]) => `${key} = ${value}`

/**
 * As far in as the section's last key: less, and the key's indented block would end early; more, and our line
 * would be read as part of its value. In an empty section as far in as the next header, which otherwise would
 * be read as part of our value.
 */
function indentForNew(document: IniDocument, section: IniSection): string {
  const lastOption = [...section.options.values()].at(-1)
  if (lastOption !== undefined) return indentOf(document, lastOption.line)
  return document.lines.find((line, index) => index > section.header && line.kind === "header")?.indent ?? ""
}

const indentOf = (document: IniDocument, line: number) => document.lines[line]?.indent ?? ""

/**
 * A value with indented lines below it holds what the user wrote there, mostly by accident.
 * @throws PumError `file` with the number of the first such line
 */
export function refuseGlued(document: IniDocument, option: IniOption | undefined): void {
  if (option?.glued === undefined) return
  throw refusal(
    document.name,
    option.glued,
    `is indented, so AWS tools read it as part of ${option.key}`,
    `remove the white space at the start of line ${option.glued + 1}, or the line`,
  )
}

/** One line, and nothing around it that a reader strips. The value stays out of the message: it can be secret. */
function checkValue(document: IniDocument, key: string, value: string): void {
  if (
    value !== "" &&
    value === strip(value) &&
    !/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\p{Surrogate}/u.test(value)
  )
    return
  throw new PumError("file", `cannot write ${document.name}: the value for ${key} does not fit into one line`)
}

function assemble(document: IniDocument, plan: Plan): string {
  const style = lineEndOf(document)
  const pieces: Piece[] = []
  for (const [index, line] of document.lines.entries()) {
    const rewritten = plan.rewrite.get(index)
    if (rewritten !== undefined) pieces.push({ text: rewritten, end: line.end, ours: true })
    else if (!plan.remove.has(index)) pieces.push({ text: line.text, end: line.end, ours: false })
    for (const text of plan.insertAfter.get(index) ?? []) {
      pieces.push({ text, end: line.end || style, ours: true })
    }
  }
  for (const lines of plan.append) {
    const last = pieces.at(-1)
    if (last !== undefined && strip(last.text) !== "") pieces.push({ text: "", end: style, ours: true })
    for (const text of lines) pieces.push({ text, end: style, ours: true })
  }
  const last = pieces.at(-1)
  for (const piece of pieces) if (piece !== last) piece.end ||= style
  const wasBare = document.lines.at(-1)?.end === ""
  if (wasBare && last?.ours === true) last.end = ""
  return pieces.map(piece => piece.text + piece.end).join("")
}

/** The line end most of the file's lines have; `\n` for a file without any. */
function lineEndOf(document: IniDocument): string {
  const counts = new Map<string, number>()
  for (const { end } of document.lines) if (end !== "") counts.set(end, (counts.get(end) ?? 0) + 1)
  let most = "\n"
  for (const [end, count] of counts) if (count > (counts.get(most) ?? 0)) most = end
  return most
}

/** Reads what is to be written, and compares every section and key with what it was to become. */
function verify(document: IniDocument, changes: ReadonlyMap<string, IniChange>, text: string): void {
  const wanted = valuesOf(document)
  for (const [name, { set, remove = [] }] of changes) {
    const options = wanted.get(name) ?? new Map<string, string>()
    for (const key of remove) options.delete(key)
    for (const [key, value] of Object.entries(set)) options.set(key, value)
    if (options.size > 0 || document.sections.has(name)) wanted.set(name, options)
  }
  try {
    if (same(wanted, valuesOf(readIni(text, document.name, document.rules)))) return
  } catch (error) {
    throw unsafe(document, error)
  }
  throw unsafe(document)
}

function unsafe(document: IniDocument, cause?: unknown): PumError {
  return new PumError(
    "file",
    `cannot change ${document.name} without changing the meaning of its other lines`,
    {
      hint: "bring its indentation and sections into order first",
      cause,
    },
  )
}

type Values = Map<string, Map<string, string>>

function valuesOf(document: IniDocument): Values {
  const values: Values = new Map()
  const copy = (options: IniSection["options"]) =>
    new Map([...options].map(([key, { value }]) => [key, value]))
  values.set(defaultSection, copy(document.defaults))
  for (const [name, section] of document.sections) values.set(name, copy(section.options))
  return values
}

function same(left: Values, right: Values): boolean {
  if (left.size !== right.size) return false
  for (const [name, options] of left) {
    const others = right.get(name)
    if (others?.size !== options.size) return false
    for (const [key, value] of options) if (others.get(key) !== value) return false
  }
  return true
}
