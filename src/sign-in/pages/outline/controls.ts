import { childText, type MarkupElement } from "./markup.ts"
import type { Control, FormOutline } from "./outline.ts"

const textTypes = new Set(
  "text password email tel number search url textarea date month week time datetime-local".split(" "),
)

export const isText = (type: string) => textTypes.has(type)

/** HTML, "states of the type attribute". Any other word counts as text. */
const inputTypes = new Set(
  "hidden search tel url email password date month week time datetime-local number range color checkbox radio file submit image reset button".split(
    " ",
  ),
)

/** The type of a control, as a browser takes it. */
export function typeOf({ name, attribs }: MarkupElement): string {
  if (name === "input") {
    const type = (attribs.type ?? "").toLowerCase()
    return inputTypes.has(type) ? type : "text"
  }
  if (name === "button") return (attribs.type || "submit").toLowerCase()
  return name
}

export const isSubmit = ({ type }: Control) => type === "submit" || type === "image"
export const isCheckable = ({ type }: Control) => type === "checkbox" || type === "radio"
export const isChecked = ({ element }: Control) => element.attribs.checked !== undefined

/** Whether the page says that the field must not be left empty. */
export function isRequired({ element: { attribs } }: Control): boolean {
  return attribs.required !== undefined || attribs["aria-required"] === "true"
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

/** What a browser sends if the user changes nothing. Whether it does so, a box or radio tells by being checked. */
export function valuesSent({ type, element }: Control): readonly string[] {
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

/** Fields of ADFS and of ASP.NET, which a page may leave empty. */
export const frameworkField = /^(?:__.*|AuthMethod|Context)$/i

/** Whether a hidden field waits for a script or a device to fill it in: it is empty, and is none that may be. */
export function isLeftEmpty(control: Control): boolean {
  const { type, name } = control
  if (type !== "hidden" || name === "" || frameworkField.test(name)) return false
  return valueSent(control).trim() === ""
}
