/** One entry of a menu or table: its cells, the most important first. */
export type Row = readonly string[]

/** The indexes of the rows that contain every word of the filter, in any order and any case. */
export function matchingRows(rows: readonly Row[], filter: string): number[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "")
  const found: number[] = []
  for (const [index, row] of rows.entries()) {
    const text = row.join(" ").toLowerCase()
    if (words.every(word => text.includes(word))) found.push(index)
  }
  return found
}

/**
 * Aligns the rows as lines of at most `width` characters. Columns that do not fit are left out, from the right; a
 * first column that does not fit is cut.
 */
export function tableOf(rows: readonly Row[], width: number): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  let columns = widths.length
  while (columns > 1 && lineLength(widths.slice(0, columns)) > width) columns--
  return rows.map(row => {
    const line = row
      .slice(0, columns)
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd()
    return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
  })
}

const gap = "   "

function lineLength(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1)
}

export const inLines = (lines: readonly string[]) => lines.map(line => `${line}\n`).join("")
