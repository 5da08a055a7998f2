/* What the reader knows of a section, an option and a line before the text is read to its end. */

export interface OpenSection {
  name: string
  header: number
  last: number
  options: Map<string, OpenOption>
}

export interface OpenOption {
  readonly key: string
  readonly line: number
  value: string
  continuation: number | undefined
  /** Whether the value begins on its second line. */
  readonly isBlock: boolean
  /** The first line of such a block that is no `key = value`. */
  noPair: number | undefined
  /** Blank lines since the last line of the value: they count if another one follows. */
  blanks: number
}

/** Offsets of one line in the text. */
export interface Line {
  readonly start: number
  /** Where its first character stands that is no white space. */
  readonly from: number
  /** Behind the last such character. */
  readonly to: number
  /** Whether the text ends here without a line end. */
  readonly isCutOff: boolean
}
