import { frameworkField, isTypedInto, valueSent } from "../outline/controls.ts"
import type { Control, FormOutline } from "../outline/outline.ts"
import { isCodeField } from "./code-field.ts"

/** Boxes for one character each, which take one answer together. */
export interface BoxRow {
  readonly boxes: readonly [Control, ...Control[]]
  /** The hidden field that the page's script puts the whole answer into. */
  readonly joined: Control | undefined
}

/** Fewer are fields of their own, such as for some characters of a password. */
const fewest = 4
const most = 12

/** Rows of boxes in a form. The first box of a row may take the whole answer, for those who paste it. */
export function boxRowsOf({ controls }: FormOutline): readonly BoxRow[] {
  const rows: Control[][] = []
  let previous: Control | undefined
  for (const control of controls.filter(isTypedInto)) {
    const row = rows.at(-1)
    const isNext = row !== undefined && row.at(-1) === previous && isLike(row[0], control)
    if (isBox(control) && isNext) row.push(control)
    else if (isBox(control) || isLong(control)) rows.push([control])
    previous = control
  }
  const whole = rows.filter(row => row.length >= fewest && row.length <= most && fits(row))
  const joined = whole.length === 1 ? joinedOf(controls, whole[0] ?? []) : undefined
  return whole.flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ boxes: [first, ...rest] as const, joined }],
  )
}

function lengthOf({ element: { attribs }, type }: Control): number {
  const isDigit = oneDigit.test(attribs.pattern ?? "") || (type === "number" && attribs.max?.trim() === "9")
  return Number(attribs.maxlength?.trim() || attribs.size?.trim() || (isDigit ? 1 : undefined))
}
const oneDigit = /^\^?(?:\[0-9\]|\[?\\d\]?)(?:\{1\})?\$?$/
const isBox = (control: Control) => lengthOf(control) === 1
const isLong = (control: Control) => lengthOf(control) >= fewest
const fits = (row: readonly Control[]) => row.every(isBox) || lengthOf(row[0] as Control) === row.length

/** A word between two boxes begins another row; a line or a dot does not. */
const isLike = (first: Control | undefined, next: Control) =>
  first?.type === next.type && !/\p{L}/u.test(next.textBefore)

function joinedOf(controls: readonly Control[], row: readonly Control[]): Control | undefined {
  const hidden = controls.filter(
    control => control.name !== "" && !control.isVisible && canHold(control) && valueSent(control) === "",
  )
  const named = hidden.filter(control => isCodeField(control, ""))
  if (named.length === 1) return named[0]
  return row.every(({ name }) => name === "") && hidden.length === 1 ? hidden[0] : undefined
}

const canHold = ({ type, name }: Control) =>
  ["hidden", "text", "tel", "number", "password"].includes(type) && !frameworkField.test(name)
