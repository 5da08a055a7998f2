import { PumError } from "../../../errors.ts"
import { childText, type MarkupElement } from "../outline/markup.ts"
import { type Control, type FormOutline, isText, type Outline } from "../outline/outline.ts"
import { answeringButton } from "./answering-button.ts"

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
  const pressed = by === "enter" ? answeringButton(controls) : by === "script" ? undefined : by
  const fields: [string, string][] = []
  for (const control of controls) {
    const { name, type } = control
    const isBox = type === "checkbox" || type === "radio"
    const isSent = isBox ? control.element.attribs.checked !== undefined : !neverSent.has(type)
    if (control === pressed) fields.push(...pressedFields(control))
    else if (isSent && name !== "") for (const value of valuesSent(control)) fields.push([name, value])
  }
  const action = (pressed?.element.attribs.formaction ?? element.attribs.action ?? "").trim()
  return { action: action === "" ? url : formAddress(action, base), fields }
}

/** @throws PumError `idpPage` */
function formAddress(action: string, base: string): string {
  const address = resolved(action, base)
  if (address === undefined)
    throw new PumError("idpPage", "ADFS sent a form that would be posted to an invalid address")
  if (!/^https?:/.test(address))
    throw new PumError("idpPage", "ADFS sent a form that only a script of its page can send (no web address)")
  return address
}

/** An image sends where it was clicked. */
function pressedFields({ name, type, element }: Control): [string, string][] {
  if (type !== "image") return name === "" ? [] : [[name, element.attribs.value ?? ""]]
  const prefix = name === "" ? "" : `${name}.`
  return [
    [`${prefix}x`, "0"],
    [`${prefix}y`, "0"],
  ]
}

/** The absolute address, or undefined if it is none. */
export function resolved(address: string, base: string): string | undefined {
  return URL.canParse(address, base) ? new URL(address, base).href : undefined
}

/** Whether the user sees the control and can type into it. */
export function isTypedInto({ type, element, isVisible }: Control): boolean {
  return isVisible && isText(type) && (element.attribs.readonly === undefined || isOpenedByFocus(element))
}

/** Whether keys on the page fill in a field that the user sees empty, and cannot type into. */
export function hasKeyedField({ controls }: FormOutline): boolean {
  const isKey = ({ type, element }: Control) =>
    type === "button" && /^\s*\d\s*$/.test(element.attribs.value ?? childText(element))
  const isClosed = (control: Control) => control.isVisible && isText(control.type) && !isTypedInto(control)
  const fields = controls.filter(control => control.name !== "" && isClosed(control))
  return fields.some(control => valueSent(control) === "") && controls.some(isKey)
}

/** A field that is closed until it is entered, so that browsers do not fill it in. */
function isOpenedByFocus({ attribs }: MarkupElement): boolean {
  const { onfocus = "", onclick = "", onmousedown = "", ontouchstart = "" } = attribs
  return /readonly/i.test(onfocus + onclick + onmousedown + ontouchstart)
}

/** The value that a browser sends if the user changes nothing; the first of several, empty if there is none. */
export function valueSent(control: Control): string {
  return valuesSent(control)[0] ?? ""
}

function valuesSent({ type, element }: Control): readonly string[] {
  const { attribs } = element
  switch (type) {
    case "checkbox":
    case "radio":
      return [attribs.value ?? "on"]
    case "textarea":
      // HTML: a line break behind the tag is no part of the text.
      return [childText(element).replace(/^\r?\n/, "")]
    case "select":
      return selectedValues(element)
    default:
      return [attribs.value ?? ""]
  }
}

function selectedValues(select: MarkupElement): readonly string[] {
  const options = allOptionsOf(select)
  const selected = options.filter(({ isSelected }) => isSelected)
  if (select.attribs.multiple !== undefined)
    return selected.filter(({ isDisabled }) => !isDisabled).map(({ value }) => value)
  const shown = selected.at(-1) ?? options.find(({ isDisabled }) => !isDisabled)
  return shown === undefined || shown.isDisabled ? [] : [shown.value]
}

export interface SelectOption {
  readonly label: string
  readonly value: string
  readonly isSelected: boolean
}

/** The options of a `select` that are not disabled. */
export function optionsOf(select: MarkupElement): SelectOption[] {
  return allOptionsOf(select).flatMap(({ isDisabled, ...option }) => (isDisabled ? [] : [option]))
}

function allOptionsOf(list: MarkupElement): (SelectOption & { readonly isDisabled: boolean })[] {
  const isGroupDisabled = list.name === "optgroup" && list.attribs.disabled !== undefined
  return list.children.flatMap(child => {
    if (!("attribs" in child)) return []
    if (child.name === "optgroup") return allOptionsOf(child)
    if (child.name !== "option") return []
    const text = childText(child).trim()
    const { value = text, selected, disabled, label = text } = child.attribs
    const isDisabled = isGroupDisabled || disabled !== undefined
    return [{ label, value, isSelected: selected !== undefined, isDisabled }]
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

/** The form with one character of an answer in each box; several may have one name. */
export function filledBoxes(form: Form, boxes: readonly string[], answer: string): Form {
  const left = boxes.map((name, at) => ({ name, value: answer[at] ?? "" }))
  const fields = form.fields.map(([name, value]): readonly [string, string] => {
    const at = left.findIndex(box => box.name === name)
    return [name, left.splice(at, at < 0 ? 0 : 1)[0]?.value ?? value]
  })
  return { action: form.action, fields }
}

export function without(form: Form, name: string): Form {
  return { action: form.action, fields: form.fields.filter(([field]) => field !== name) }
}

/** Fields of ADFS and of ASP.NET, which a page may leave empty. */
export const frameworkField = /^(?:__.*|AuthMethod|Context)$/i

/** Whether a hidden field waits for a script or a device to fill it in: it is empty, and is none that may be. */
export function isLeftEmpty(control: Control): boolean {
  const { type, name } = control
  if (type !== "hidden" || name === "" || frameworkField.test(name)) return false
  return valueSent(control).trim() === ""
}
