import { optionsOf, valueSent } from "./form/form.ts"
import type { Control, Outline } from "./outline/outline.ts"
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
    const isChecked = control.element.attribs.checked !== undefined
    return {
      choices: [{ label: pickLabelOf(outline, control), value }],
      checked: isChecked ? value : undefined,
    }
  }
  const options = optionsOf(control.element).filter(({ value }) => value !== "")
  const sent = valueSent(control)
  return { choices: options, checked: sent === "" ? undefined : sent }
}
