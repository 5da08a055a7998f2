import { PumError } from "../errors.ts"
import { type IniChange, type IniChanges, type LineRange, startOf } from "./change.ts"
import { checkEdit } from "./check-edit.ts"
import { skipSpace, strip } from "./python-text.ts"
import { defaultSection, type IniDocument, type IniOption, type IniSection, lineError } from "./read-ini.ts"

/** What to do at lines of the document, by their number. */
interface EditPlan {
  readonly ranges: Map<number, LineRange>
  readonly rewrite: Map<number, string>
  readonly remove: Set<number>
  readonly insertAfter: Map<number, readonly string[]>
  /** Sections that are not there yet: header and keys. */
  readonly append: (readonly string[])[]
}

/**
 * The document's text with these keys changed and every other byte as it was. A key of ours becomes
 * `<same indent>key = value`. A section that is not there is added at the end, after one blank line, with the
 * file's own line ends; a file without a last line end stays without. Only the sections that change are read again
 * and compared with what they were to be: the bytes between them are the document's own.
 * @throws PumError `file` for a key that cannot be changed without touching the user's other lines, and for a
 *   value that would not be read as it was written
 */
export function editIni(document: IniDocument, changes: IniChanges): string {
  const plan = planFor(document, changes)
  const ranges = [...plan.ranges.values()].sort((a, b) => a.first - b.first)
  const parts: string[] = []
  let done = 0
  for (const range of ranges) {
    const newText = assemble(document, range, plan)
    checkEdit(document, range, newText, changes)
    parts.push(document.text.slice(done, startOf(document, range.first)), newText)
    done = startOf(document, range.end)
  }
  return [...parts, document.text.slice(done)].join("")
}

function planFor(document: IniDocument, changes: IniChanges): EditPlan {
  const plan: EditPlan = {
    ranges: new Map(),
    rewrite: new Map(),
    remove: new Set(),
    insertAfter: new Map(),
    append: [],
  }
  for (const [name, change] of changes) {
    for (const [key, value] of Object.entries(change.set)) checkValue(document, key, value)
    const section = document.sections.get(name)
    if (section === undefined) planNew(plan, document, name, change)
    else planChange(plan, document, section, change)
  }
  // With [DEFAULT], a key that a section loses may come from there: the whole file is one range then.
  if (plan.ranges.size > 0 && document.defaults.size > 0) {
    plan.ranges.clear()
    plan.ranges.set(0, { first: 0, end: document.lineStarts.length })
  }
  return plan
}

function planNew(plan: EditPlan, document: IniDocument, name: string, { set }: IniChange): void {
  if (name === defaultSection)
    throw new PumError("file", `cannot use ${document.name}: [${name}] is every section`)
  const lines = Object.entries(set).map(asLine)
  if (lines.length === 0) return
  plan.append.push([`[${name}]`, ...lines])
  addRange(plan, document, document.headers.at(-1) ?? 0)
}

function planChange(plan: EditPlan, document: IniDocument, section: IniSection, change: IniChange): void {
  const missing: string[] = []
  for (const [key, value] of Object.entries(change.set)) {
    const option = section.options.get(key)
    if (option === undefined) {
      missing.push(indentForNew(document, section) + asLine([key, value]))
      continue
    }
    refuseContinued(document, option)
    plan.rewrite.set(option.line, indentOf(document, option.line) + asLine([key, value]))
  }
  if (missing.length > 0) plan.insertAfter.set(section.last, missing)
  for (const key of change.remove ?? []) {
    const option = section.options.get(key)
    if (option === undefined) continue
    refuseContinued(document, option)
    plan.remove.add(option.line)
  }
  addRange(plan, document, section.header)
}

/** @param header line that the range begins with; 0 if the document has no header */
function addRange({ ranges }: EditPlan, document: IniDocument, header: number): void {
  ranges.set(header, { first: header, end: nextHeader(document, header) ?? document.lineStarts.length })
}

/** By bisection: a file may have many thousand sections. */
function nextHeader({ headers }: IniDocument, line: number): number | undefined {
  let [low, high] = [0, headers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((headers[middle] ?? 0) > line) high = middle
    else low = middle + 1
  }
  return headers[low]
}

const asLine = ([key, value]: [string, string]) => `${key} = ${value}`

/**
 * As far in as the section's last key: less, and the key's indented block would end early; more, and our line
 * would be read as part of its value. In an empty section as far in as the next header, which otherwise would
 * be read as part of our value.
 */
function indentForNew(document: IniDocument, section: IniSection): string {
  const lastOption = [...section.options.values()].at(-1)
  if (lastOption !== undefined) return indentOf(document, lastOption.line)
  const next = nextHeader(document, section.header)
  return next === undefined ? "" : indentOf(document, next)
}

function indentOf(document: IniDocument, line: number): string {
  const { text } = document
  const start = startOf(document, line)
  return text.slice(start, skipSpace(text, start, startOf(document, line + 1)))
}

/**
 * Refuses to change a value with indented lines below it: they hold what the user wrote there, mostly by accident.
 * @throws PumError `file` with the number of the first such line
 */
export function refuseContinued(document: IniDocument, option: IniOption | undefined): void {
  if (option?.continuation === undefined) return
  throw lineError(
    document.name,
    option.continuation,
    `is indented, so AWS tools read it as part of ${option.key}`,
    `remove the white space at the start of line ${option.continuation + 1}, or the line`,
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

interface Piece {
  readonly text: string
  end: string
  readonly isOurs: boolean
}

/** The range's new text; with the sections to add if it reaches the end of the document. */
function assemble(document: IniDocument, { first, end }: LineRange, plan: EditPlan): string {
  const { text, lineEnd } = document
  const pieces: Piece[] = []
  let isBare = false
  for (let line = first; line < end; line++) {
    const whole = text.slice(startOf(document, line), startOf(document, line + 1))
    const ending = /(\r\n|\n|\r)?$/.exec(whole)?.[0] ?? ""
    isBare = ending === ""
    const rewritten = plan.rewrite.get(line)
    if (rewritten !== undefined) pieces.push({ text: rewritten, end: ending, isOurs: true })
    else if (!plan.remove.has(line))
      pieces.push({ text: whole.slice(0, whole.length - ending.length), end: ending, isOurs: false })
    for (const added of plan.insertAfter.get(line) ?? [])
      pieces.push({ text: added, end: ending || lineEnd, isOurs: true })
  }
  if (end === document.lineStarts.length) {
    for (const lines of plan.append) {
      const last = pieces.at(-1)
      if (last !== undefined && strip(last.text) !== "") pieces.push({ text: "", end: lineEnd, isOurs: true })
      for (const added of lines) pieces.push({ text: added, end: lineEnd, isOurs: true })
    }
  }
  const last = pieces.at(-1)
  for (const piece of pieces) if (piece !== last) piece.end ||= lineEnd
  if (isBare && last?.isOurs === true) last.end = ""
  return pieces.map(piece => piece.text + piece.end).join("")
}
