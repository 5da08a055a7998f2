import { trimPasted } from "../domain/pasted.ts"
import { cut, displayWidth } from "./width.ts"

/** One entry of a menu or table: its cells, the most important first. */
export type Row = readonly string[]

/** The indexes of the rows that contain every word of the filter, in any order and any case. */
export function matchingRows(rows: readonly Row[], filter: string): number[] {
  const words = trimPasted(filter)
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "")
    .map(word => [word, accountIn(word)] as const)
  const found: number[] = []
  for (const [index, row] of rows.entries()) {
    const text = row.join(" ").toLowerCase()
    if (words.every(([word, account]) => text.includes(word) || (account && text.includes(account))))
      found.push(index)
  }
  return found
}

/** The digits of an account's id, or of its beginning, that is written as the AWS console shows it: `5858-4878-6654`. */
function accountIn(word: string): string | undefined {
  return /^\d{4}-(\d{0,4}|\d{4}-\d{0,4})$/.test(word) ? word.replaceAll("-", "") : undefined
}

export interface TableSettings {
  /** Columns of the screen that a line may take. */
  readonly width: number
  /** How many columns of the table are shown in any case; default: all. */
  readonly needed?: number
  /** In place of what was cut off a cell. */
  readonly ellipsis?: string
}

/** Blanks between two columns: the widest that fits, else the last but one, with cells that are cut. */
const gaps = [3, 2, 1]

/** Aligns the rows as lines, see `lineFormat`. */
export function tableOf(rows: readonly Row[], settings: TableSettings): string[] {
  return rows.map(lineFormat(rows, settings))
}

/** Tells a table of the rows, as wide as they need. */
export function tellTable(rows: readonly Row[], tell: (line: string) => void): void {
  for (const line of tableOf(rows, { width: Number.POSITIVE_INFINITY })) tell(`  ${line}`)
}

/**
 * How each of the rows is written as a line that fits the width: columns that are not needed are left out from the
 * right, then the blanks between columns are fewer, then the longest cells are cut.
 */
export function lineFormat(rows: readonly Row[], settings: TableSettings): (row: Row) => string {
  const natural = columnWidths(rows)
  const { width, needed = natural.length, ellipsis = "…" } = settings
  let count = natural.length
  while (count > needed && lineWidth(natural.slice(0, count), 3) > width) count--
  const wanted = natural.slice(0, count)
  const gap = gaps.find(size => lineWidth(wanted, size) <= width) ?? 2
  const widths = shrink(wanted, width - gap * (count - 1))
  return row =>
    widths
      .map((columnWidth, column) => fill(cut(row[column] ?? "", columnWidth, ellipsis), columnWidth))
      .join(" ".repeat(gap))
      .trimEnd()
}

function columnWidths(rows: readonly Row[]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
  }
  return widths
}

function lineWidth(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)
}

/** Makes the widest columns narrower, until all of them together have this width. Each keeps 1 at least. */
function shrink(widths: readonly number[], total: number): number[] {
  let left = Math.max(total, widths.length)
  const shrunk = [...widths]
  const ascending = [...widths.keys()].sort((one, other) => (widths[one] ?? 0) - (widths[other] ?? 0))
  for (const [done, column] of ascending.entries()) {
    const share = Math.floor(left / (widths.length - done))
    shrunk[column] = Math.min(widths[column] ?? 0, share)
    left -= shrunk[column] ?? 0
  }
  return shrunk
}

function fill(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)))
}

export const inLines = (lines: readonly string[]) => lines.map(line => `${line}\n`).join("")
