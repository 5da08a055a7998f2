import { PumError } from "../errors.ts"
import { type IniChanges, type LineRange, startOf } from "./change.ts"
import { defaultSection, type IniDocument, readIni } from "./read-ini.ts"

type Values = Map<string, Map<string, string>>

/**
 * Reads what is to be written in place of a range, and compares every section and key in it with what it was to
 * become. A range begins with a header, whose reading depends on nothing before it. The header behind the range is
 * read as well: if it is still one, all that follows is read as before.
 * @throws PumError `file` if the meaning of other lines would change
 */
export function checkEdit(
  document: IniDocument,
  range: LineRange,
  newText: string,
  changes: IniChanges,
): void {
  const { text } = document
  const [start, end] = [startOf(document, range.first), startOf(document, range.end)]
  const next = text.slice(end, startOf(document, range.end + 1))
  const wanted = valuesIn(document, text.slice(start, end) + next)
  for (const [name, { set, remove = [] }] of changes) {
    const header = document.sections.get(name)?.header
    const isHere = header !== undefined && header >= range.first && header < range.end
    // A section that is not in the document is added behind its last line.
    if (!isHere && (header !== undefined || end < text.length)) continue
    const options = wanted.get(name) ?? new Map<string, string>()
    for (const key of remove) options.delete(key)
    for (const [key, value] of Object.entries(set)) options.set(key, value)
    if (options.size > 0 || isHere) wanted.set(name, options)
  }
  try {
    if (areSame(wanted, valuesIn(document, newText + next))) return
  } catch (error) {
    throw unsafe(document, error)
  }
  throw unsafe(document)
}

function unsafe(document: IniDocument, cause?: unknown): PumError {
  const what = `cannot change ${document.name} without changing the meaning of its other lines`
  return new PumError("file", what, { hint: "bring its indentation and sections into order first", cause })
}

function valuesIn({ name, rules }: IniDocument, text: string): Values {
  const { defaults, sections } = readIni(text, name, rules)
  const values: Values = new Map()
  const copy = (options: typeof defaults) => new Map([...options].map(([key, { value }]) => [key, value]))
  values.set(defaultSection, copy(defaults))
  for (const [section, { options }] of sections) values.set(section, copy(options))
  return values
}

function areSame(left: Values, right: Values): boolean {
  if (left.size !== right.size) return false
  for (const [name, options] of left) {
    const others = right.get(name)
    if (others?.size !== options.size) return false
    for (const [key, value] of options) if (others.get(key) !== value) return false
  }
  return true
}
