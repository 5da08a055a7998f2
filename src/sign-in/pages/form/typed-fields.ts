import { isRequired, isText, isTypedInto, valueSent } from "../outline/controls.ts"
import { folded } from "../outline/meaning.ts"
import type { Control, FormOutline, Outline } from "../outline/outline.ts"
import { isFaint } from "../outline/visibility.ts"
import { optional } from "../outline/vocabulary.ts"
import { sentenceOf } from "../outline/words.ts"
import { isCodeField } from "./code-field.ts"

/**
 * The fields of a form that the user types into. On a page that shows nothing at all until its script runs, the only
 * field that is hidden counts as shown.
 */
export function typedFields(
  outline: Outline,
  form: FormOutline,
  controls: readonly Control[],
): readonly Control[] {
  const shown = controls.filter(isTypedInto)
  if (shown.length > 0 || form.controls.some(({ isVisible }) => isVisible)) return shown
  const covered = controls.filter(({ type, name }) => isText(type) && name !== "")
  return covered.length === 1 && sentenceOf(outline) === undefined ? covered : shown
}

/** To find the label of a field can mean to read the whole page. */
const mostLabels = 10

/** The empty fields, without those that can hardly be seen or that the page wants empty, unless that leaves none. */
export function emptyFields(
  { styles }: Outline,
  typed: readonly Control[],
  labelOf: (control: Control) => string,
): readonly Control[] {
  const empty = typed.filter(control => valueSent(control).trim() === "")
  const clear = unlessAll(empty, ({ element }) => !isFaint(element, styles))
  if (clear.length < 2 || clear.length > mostLabels) return clear
  return unlessAll(clear, control => {
    const label = labelOf(control)
    return isCodeField(control, label) || !isLeftOut(control, label)
  })
}

function unlessAll(controls: readonly Control[], isKept: (control: Control) => boolean): readonly Control[] {
  const kept = controls.filter(isKept)
  return kept.length > 0 ? kept : controls
}

/** What pages say of a trap for robots. */
const trap = /\b(?:leave|keep)\b.{0,30}\b(?:blank|empty)\b|honey-?_?pot/i

/** Whether the page itself says that nothing needs to be typed into the field. */
function isLeftOut(control: Control, label: string): boolean {
  return !isRequired(control) && (optional.isIn(folded(label)) || trap.test(`${label} ${control.name}`))
}
