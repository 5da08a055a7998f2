import type { Control, FormOutline, Outline } from "../outline/outline.ts"
import { pickLabelOf } from "../outline/words.ts"
import { filled, readForm, type Submission, valueSent } from "./form.ts"

/**
 * What a button posts after the user has ticked the boxes that a browser wants ticked, such as for terms of use.
 * @returns with the names of those boxes
 */
export function ticked(outline: Outline, form: FormOutline, by: Submission) {
  const isChecked = typeof by === "string" || by.element.attribs.formnovalidate === undefined
  const boxes = isChecked ? form.controls.filter(isToBeTicked) : []
  const values = Object.fromEntries(boxes.map(box => [box.name, valueSent(box)]))
  return {
    form: filled(readForm(outline, form, by), values),
    ticks: boxes.map(box => pickLabelOf(outline, box)),
  }
}

function isToBeTicked({ type, name, isVisible, element: { attribs } }: Control): boolean {
  return (
    type === "checkbox" &&
    name !== "" &&
    isVisible &&
    attribs.required !== undefined &&
    attribs.checked === undefined
  )
}
