import { PumError } from "../../errors.ts"
import { childText, type MarkupElement } from "./markup.ts"
import { type Control, type FormOutline, isText, type Outline } from "./outline.ts"

/** What a browser would post. */
export interface Form {
  /** Absolute address. */
  readonly action: string
  /** In document order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** What submits a form: Enter in a field, which presses the first button; a script, which presses none; a button. */
export type Submission = "enter" | "script" | Control

const neverSent = new Set(["submit", "image", "button", "reset", "file"])

/**
 * Reads one form (HTML, "constructing the entry list"): named, enabled controls; boxes and radios only if checked; of
 * the submit buttons only the one that is pressed.
 * @throws PumError `idpPage`
 */
export function readForm(
  { url, base }: Outline,
  { element, controls }: FormOutline,
  by: Submission = "enter",
): Form {
  const pressed = by === "enter" ? controls.find(isSubmit) : by === "script" ? undefined : by
  const fields: [string, string][] = []
  for (const control of controls) {
    const { name, type } = control
    if (name === "") continue
    const isBox = type === "checkbox" || type === "radio"
    const isSent = isBox ? control.element.attribs.checked !== undefined : !neverSent.has(type)
    if (isSent) fields.push([name, valueSent(control)])
    else if (control === pressed && type !== "image") fields.push([name, control.element.attribs.value ?? ""])
  }
  const action = pressed?.element.attribs.formaction ?? element.attribs.action ?? ""
  const address = action === "" ? url : resolved(action, base)
  if (address === undefined)
    throw new PumError("idpPage", "ADFS sent a form that would be posted to an invalid address")
  return { action: address, fields }
}

/** The absolute address, or undefined if it is none. */
export function resolved(address: string, base: string): string | undefined {
  return URL.canParse(address, base) ? new URL(address, base).href : undefined
}

export const isSubmit = ({ type }: Control) => type === "submit" || type === "image"

/** Whether the user sees the control and can type into it. */
export function isTypedInto({ type, element, isVisible }: Control): boolean {
  return isVisible && isText(type) && element.attribs.readonly === undefined
}

/** The value that a browser sends if the user changes nothing. */
export function valueSent({ type, element }: Control): string {
  switch (type) {
    case "checkbox":
    case "radio":
      return element.attribs.value ?? "on"
    case "textarea":
      return childText(element)
    case "select": {
      const options = optionsOf(element)
      return (options.findLast(({ isSelected }) => isSelected) ?? options[0])?.value ?? ""
    }
    default:
      return element.attribs.value ?? ""
  }
}

export interface SelectOption {
  readonly label: string
  readonly value: string
  readonly isSelected: boolean
}

/** The options of a `select` that are not disabled. */
export function optionsOf(select: MarkupElement): SelectOption[] {
  return select.children.flatMap(child => {
    if (!("attribs" in child) || child.attribs.disabled !== undefined) return []
    if (child.name === "optgroup") return optionsOf(child)
    if (child.name !== "option") return []
    const text = childText(child).trim()
    const { value = text, selected, label = text } = child.attribs
    return [{ label, value, isSelected: selected !== undefined }]
  })
}

/** The form with answers filled in: an answer replaces the control of that name, or is added as a new one. */
export function filled(form: Form, answers: Readonly<Record<string, string>>): Form {
  const missing = new Map(Object.entries(answers))
  const fields: (readonly [string, string])[] = []
  for (const [name, value] of form.fields) {
    const answer = answers[name]
    if (answer === undefined) fields.push([name, value])
    else if (missing.delete(name)) fields.push([name, answer])
  }
  return { action: form.action, fields: [...fields, ...missing] }
}

export function without(form: Form, name: string): Form {
  return { action: form.action, fields: form.fields.filter(([field]) => field !== name) }
}
