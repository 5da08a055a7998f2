import { PumError } from "../../../errors.ts"
import { isCheckable, isChecked, valuesSent } from "../outline/controls.ts"
import { type Control, type FormOutline, type Outline, visitableForms } from "../outline/outline.ts"
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
    const isSent = isCheckable(control) ? isChecked(control) : !neverSent.has(type)
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

/** Forms that can be posted. */
export function answerableForms(outline: Outline): FormOutline[] {
  return visitableForms(outline).filter(isPosted)
}

export const isPosted = ({ element }: FormOutline) => element.attribs.method?.toLowerCase() === "post"

/** The AuthMethod that a form names, or an empty text. */
export function adapterOf({ controls }: FormOutline): string {
  // ASP.NET reads the names of fields in any case.
  return controls.find(({ name }) => /^AuthMethod$/i.test(name))?.element.attribs.value ?? ""
}

/** Whether the form is of no second factor: it names no adapter, or ADFS' own for user and password. */
export const isOfNoAdapter = (form: FormOutline) => ["", "FormsAuthentication"].includes(adapterOf(form))
