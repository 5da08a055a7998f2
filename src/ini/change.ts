import type { IniDocument } from "./read-ini.ts"

/** What is to become of one section's keys; keys are lower-case. */
export interface IniChange {
  /** Rewritten if the key is there, else added at the end of the section. */
  readonly set: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
}

/** By name of the section, exactly what is between the brackets. */
export type IniChanges = ReadonlyMap<string, IniChange>

/** Lines that an edit may change, from a `[header]` to the next one: half-open, by number. */
export interface LineRange {
  readonly first: number
  readonly end: number
}

/** Offset of a line in the text; the text's length for the line behind the last. */
export function startOf({ lineStarts, text }: IniDocument, line: number): number {
  return lineStarts[line] ?? text.length
}
