import { filled, readForm, type Submission } from "./form/form.ts"
import { isChecked, optionsOf, valueSent } from "./outline/controls.ts"
import type { Control, FormOutline, Outline } from "./outline/outline.ts"
import { pickLabelOf } from "./outline/words.ts"
import type { ChoiceField } from "./page-kinds.ts"

/** Radios of one name, and lists, in the page's order; without those that leave nothing to choose. */
export function picksOf(outline: Outline, controls: readonly Control[]): readonly ChoiceField[] {
  const picks = new Map<string, ChoiceField>()
  for (const control of controls) {
    const own = choicesOf(outline, control)
    const before = picks.get(control.name)
    picks.set(control.name, {
      field: control.name,
      choices: [...(before?.choices ?? []), ...own.choices],
      checked: own.checked ?? before?.checked,
    })
  }
  return [...picks.values()].filter(({ choices }) => choices.length > 0)
}

function choicesOf(outline: Outline, control: Control) {
  if (control.type === "radio") {
    const value = valueSent(control)
    return {
      choices: [{ label: pickLabelOf(outline, control), value }],
      checked: isChecked(control) ? value : undefined,
    }
  }
  const options = optionsOf(control.element).filter(({ value }) => value !== "")
  const sent = valueSent(control)
  return { choices: options, checked: sent === "" ? undefined : sent }
}

/**
 * What a button posts after the user has ticked the boxes that a browser wants ticked, such as for terms of use.
 * @returns with the names of those boxes
 */
export function ticked(outline: Outline, form: FormOutline, by: Submission) {
  const isValidated = typeof by === "string" || by.element.attribs.formnovalidate === undefined
  const boxes = isValidated ? form.controls.filter(isToBeTicked) : []
  const values = Object.fromEntries(boxes.map(box => [box.name, valueSent(box)]))
  return {
    form: filled(readForm(outline, form, by), values),
    ticks: boxes.map(box => pickLabelOf(outline, box)),
  }
}

function isToBeTicked(control: Control): boolean {
  const { type, name, isVisible, element } = control
  return (
    type === "checkbox" &&
    name !== "" &&
    isVisible &&
    element.attribs.required !== undefined &&
    !isChecked(control)
  )
}
