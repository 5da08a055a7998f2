import type { Screen } from "./question.ts"
import { lineFormat, matchingRows, type Row } from "./rows.ts"
import type { Style } from "./style.ts"
import { cut, displayWidth, pieces, wrapLine } from "./width.ts"

export interface Choice {
  readonly message: string
  readonly rows: readonly Row[]
  readonly presentRows: Screen["presentRows"]
  readonly style: Style
}

/** Size of a screen, in characters. */
export interface Size {
  readonly columns: number
  readonly lines: number
}

/** What stands on the screen. No line is as wide as the screen, which some terminals would answer with an empty one. */
export interface Frame {
  /** Lines down to the one that is typed in, which is the last. */
  readonly above: readonly string[]
  readonly below: readonly string[]
}

const maxPageSize = 12
/** Columns of a role table that are shown at every width: account and role. */
const neededColumns = 2
const indent = "    "

/** A list of rows that is filtered by typing, and walked. */
export class Menu {
  /** What was typed. */
  filter = ""
  private readonly message: string
  private readonly rows: readonly Row[]
  private readonly presentRows: Screen["presentRows"]
  private readonly style: Style
  /** Indexes of the rows that match the filter. */
  private shown: readonly number[]
  /** Position in `shown`. */
  private active = 0
  /** The format of the lines depends on all rows: it is kept until the screen has another width. */
  private format: { readonly columns: number; readonly write: (row: Row) => string } | undefined

  constructor({ message, rows, presentRows, style }: Choice) {
    this.message = message
    this.rows = rows
    this.presentRows = presentRows
    this.style = style
    this.shown = [...rows.keys()]
  }

  /** Index of the row that is marked; undefined if no row matches. */
  get marked(): number | undefined {
    return this.shown[this.active]
  }

  setFilter(filter: string): void {
    if (filter === this.filter) return
    this.filter = filter
    this.shown = matchingRows(this.rows, filter)
    this.active = 0
  }

  /** Marks another row. At the ends it stays where it is. */
  move(steps: number): void {
    this.active = Math.max(0, Math.min(this.shown.length - 1, this.active + steps))
  }

  /** Rows that a screen of this size shows at one time. */
  pageSize(size: Size): number {
    // The line that is typed in, the footer, and a line to spare.
    const others = this.messageLines(size.columns).length + this.cutNames(size.columns).length + 3
    return Math.max(1, Math.min(maxPageSize, size.lines - others))
  }

  frame(size: Size): Frame {
    const { columns } = size
    const { accent, faint, marks } = this.style
    const format = this.formatOf(columns)
    const pageSize = this.pageSize(size)
    const first = Math.max(0, Math.min(this.active - Math.floor(pageSize / 2), this.shown.length - pageSize))
    const rows = this.shown.slice(first, first + pageSize).map(index => this.rows[index] ?? [])
    const page = this.presentRows(rows).map((row, position) => {
      const line = format(row)
      return first + position === this.active ? accent(`  ${marks.pointer} ${line}`) : `${indent}${line}`
    })
    const above = [...this.messageLines(columns), this.filterLine(columns)]
    const details = this.cutNames(columns).map((piece, index) => `${index === 0 ? "  = " : indent}${piece}`)
    const below = [...page, ...details, faint(`${indent}${this.footer(columns)}`)]
    // On a screen of a few lines the row that is marked counts more than question and footer.
    const room = Math.max(2, size.lines - 1)
    const excess = above.length + below.length - room
    return {
      above: above.slice(Math.max(0, Math.min(above.length - 1, excess))),
      below: below.slice(0, room - 1),
    }
  }

  /** What stays on the screen after the choice of the marked row. */
  chosen({ columns }: Size): string[] {
    const { accent, marks } = this.style
    const names = this.cutNames(columns)
    const lines = names.length > 0 ? names : [this.formatOf(columns)(this.markedRow())]
    return [
      ...this.messageLines(columns),
      ...lines.map((line, index) => accent(`  ${index === 0 ? marks.pointer : " "} ${line}`)),
    ]
  }

  /** As it is shown. */
  private markedRow(): Row {
    const [row = []] = this.presentRows([this.rows[this.marked ?? -1] ?? []])
    return row
  }

  private formatOf(columns: number): (row: Row) => string {
    if (this.format?.columns === columns) return this.format.write
    const width = columns - indent.length - 1
    const settings = { width, needed: neededColumns, ellipsis: this.style.marks.ellipsis }
    this.format = { columns, write: lineFormat(this.rows, settings) }
    return this.format.write
  }

  /** Account and role of the marked row in full, if its line shows only their beginning. */
  private cutNames(columns: number): string[] {
    const row = this.markedRow()
    const line = this.formatOf(columns)(row)
    const needed = row.slice(0, neededColumns)
    return needed.every(cell => line.includes(cell))
      ? []
      : pieces(needed.join("   "), columns - indent.length - 1)
  }

  private messageLines(columns: number): string[] {
    return wrapLine(this.message, columns - 1)
  }

  /** The end of what was typed, as far as it fits. */
  private filterLine(columns: number): string {
    const typed = [...this.filter.replace(/\s/g, " ")]
    while (displayWidth(typed.join("")) > Math.max(1, columns - indent.length - 1)) typed.shift()
    return `  > ${typed.join("")}`
  }

  private footer(columns: number): string {
    const { marks } = this.style
    const total = this.rows.length
    const position = `${this.shown.length === 0 ? 0 : this.active + 1}/${this.shown.length}`
    const count = this.shown.length === total ? position : `${position} of ${total}`
    const walk = `type to filter, ${marks.arrows} to move, Enter to choose`
    const words =
      this.shown.length === 0 ? ["nothing matches"] : [`${walk}, Esc to leave`, walk, "type to filter"]
    const texts = words.map(text => `${count} ${marks.separator} ${text}`)
    const room = columns - indent.length - 1
    return texts.find(text => displayWidth(text) <= room) ?? cut(count, room, marks.ellipsis)
  }
}
