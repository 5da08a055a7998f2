import { PumError, plain } from "../../errors.ts"
import { hasCaptcha, isCaptchaField } from "./form/captcha.ts"
import { isCodeField } from "./form/code-field.ts"
import { adapterOf, answerableForms, filled, isOfNoAdapter, readForm } from "./form/form.ts"
import {
  isCheckable,
  isChecked,
  isLeftEmpty,
  isRequired,
  isText,
  isTypedInto,
  optionsOf,
  valueSent,
} from "./outline/controls.ts"
import { allControls, type Control, type FormOutline, type Outline } from "./outline/outline.ts"
import { labelOf, pickLabelOf, refusalOf, textOf } from "./outline/words.ts"
import type { Page } from "./page-kinds.ts"
import { findMade } from "./scripts/made-values.ts"
import { readProgram } from "./scripts/program.ts"

/** The form for a new password, which is never filled in, or the notice that the password has expired. */
export function passwordChangePage(outline: Outline): Page | undefined {
  const message = textOf(outline, outline.byId.get("expiredNotification"))
  const isUpdate = outline.byId.get("oldPasswordInput")?.name === "input" || asksForNewPassword(outline)
  return message === undefined && !isUpdate ? undefined : { kind: "passwordExpired", message }
}

/** Forms for a new password ask for it twice, mostly beside the old one. */
function asksForNewPassword(outline: Outline): boolean {
  return answerableForms(outline).some(form => {
    const all = form.controls.filter(control => isSecret(control) && !isCodeField(control, ""))
    const visible = all.filter(({ isVisible }) => isVisible)
    const passwords = visible.length > 0 ? visible : all
    const isNew = passwords.filter(({ element: { attribs } }) => attribs.autocomplete === "new-password")
    const named = visible.filter(({ name }) => changedName.test(name))
    const isChange = passwords.length > 2 || isNew.length > 1 || (passwords.length === 2 && named.length > 0)
    return isChange && isOfNoAdapter(form)
  })
}

const changedName = /new|old|current|confirm|repeat|retype|verify/i

export function loginPage(outline: Outline): Page | undefined {
  // A second factor's form may show the user name, too, and have a password field for its code.
  const forms = answerableForms(outline).filter(isOfNoAdapter)
  const whole = forms.filter(({ controls }) => controls.some(isPassword))
  const form =
    likeliestForm(whole.filter(({ controls }) => controls.some(isUsername))) ??
    // The page knows the user name already, and asks for the password alone.
    whole.find(({ controls }) => controls.some(isKnownUsername)) ??
    likeliestForm(forms.filter(({ controls }) => controls.some(isUsername))) ??
    whole.find(({ controls }) => onlyTyped(controls)?.name === "Password")
  if (form === undefined) return undefined
  const username = likeliestField(form.controls.filter(isUsername)) ?? form.controls.find(isKnownUsername)
  // Paginated pages may have the password outside the form; their script submits both together.
  const elsewhere = [...forms.flatMap(({ controls }) => controls), ...outline.looseControls]
  const password =
    likeliestField(form.controls.filter(isPassword)) ?? likeliestField(elsewhere.filter(isPassword))
  if (password === undefined) return undefined
  checkAnswerable(outline, form, username === undefined ? [password] : [username, password])
  const read = readForm(outline, form)
  const usesAuthMethod = allControls(outline).some(({ name }) => name === "AuthMethod")
  return {
    kind: "login",
    form: usesAuthMethod ? filled(read, { AuthMethod: "FormsAuthentication" }) : read,
    fields: { username: username?.name, password: password.name },
    refusal: refusalOf(outline),
  }
}

/** The form that the user sees; of several, the one that ADFS names so. */
function likeliestForm(forms: readonly FormOutline[]): FormOutline | undefined {
  const isSeen = ({ controls }: FormOutline) =>
    controls.some(control => control.isVisible && isUsername(control))
  const ranks = forms.map(form => (isSeen(form) ? 2 : 0) + (form.element.attribs.id === "loginForm" ? 1 : 0))
  return forms[ranks.indexOf(Math.max(...ranks))]
}

/** A page that asks for the user name, or a mail address, alone. */
export function userNamePage(outline: Outline): Page | undefined {
  // Beside ADFS' own AuthMethod, a password is missing that a script puts there.
  for (const form of answerableForms(outline).filter(candidate => adapterOf(candidate) === "")) {
    const field = onlyTyped(form.controls)
    const isMail =
      form.element.attribs.id === "hrd" || form.controls.some(({ name }) => name === "HomeRealmByEmail")
    if (field === undefined || field.type === "password" || !(isMail || isUsername(field))) continue
    checkAnswerable(outline, form, [field])
    const refusal = refusalOf(outline)
    return { kind: "userName", form: readForm(outline, form), field: field.name, isMail, refusal }
  }
  return undefined
}

/** The field to type into, if the user sees one only. */
function onlyTyped(controls: readonly Control[]): Control | undefined {
  const typed = controls.filter(isTypedInto)
  return typed.length === 1 && typed[0]?.name !== "" ? typed[0] : undefined
}

/** Traps for robots and for browsers' password managers are hidden. Of paginated pages all may be hidden, but one. */
function likeliestField(controls: readonly Control[]): Control | undefined {
  return (
    controls.find(({ isVisible }) => isVisible) ??
    controls.find(({ name }) => adfsName.test(name)) ??
    controls[0]
  )
}

/**
 * A login page that asks for more is not answered in part: each refused try can lock the account.
 * @throws PumError `idpPage`
 */
function checkAnswerable(outline: Outline, form: FormOutline, answered: readonly Control[]): void {
  const made = scriptMade(outline, form, answered)
  if (made !== undefined) {
    throw new PumError(
      "idpPage",
      `a script of ADFS' login page has to make a part of the answer (${plain(made.name)}), which needs a browser; nothing was sent`,
      { hint: "ask those who run ADFS for a page without it" },
    )
  }
  const more = form.controls.find(
    control => !answered.includes(control) && control.name !== "" && isWanted(control, form),
  )
  if (more === undefined && !hasCaptcha(outline)) return
  const what =
    more === undefined || isCaptchaField(more)
      ? "a captcha"
      : (isCheckable(more) ? pickLabelOf : labelOf)(outline, more)
  throw new PumError(
    "idpPage",
    `ADFS' login page asks for more than user name and password: ${what}; nothing was sent`,
    { hint: "sign in there in a browser, or ask those who run ADFS for a page without it" },
  )
}

/** A hidden field that is empty until a script fills it in from what is typed. */
function scriptMade(outline: Outline, form: FormOutline, answered: readonly Control[]): Control | undefined {
  const empty = form.controls.filter(
    control => isLeftEmpty(control) && !answered.includes(control) && !keepSignedIn.test(control.name),
  )
  if (empty.length === 0) return undefined
  const program = readProgram(outline.scripts.inline, outline.scripts.handlers)
  return findMade(program, empty, answered)
}

/** Whether a browser, or ADFS, would not take the form without the user's answer to this control. */
function isWanted(control: Control, { controls }: FormOutline): boolean {
  const { isVisible, name, type } = control
  if (isCaptchaField(control) || isAccountChoice(control, controls)) return true
  if (isTypedInto(control))
    return valueSent(control) === "" && (isRequired(control) || isCodeField(control, ""))
  if (!isVisible || !isRequired(control)) return false
  if (type === "select") return valueSent(control) === ""
  const group = type === "radio" ? controls.filter(other => other.name === name) : [control]
  return isCheckable(control) && !keepSignedIn.test(name) && !group.some(isChecked)
}

/** Which of several accounts the password is for is not guessed. */
function isAccountChoice({ name, type, element }: Control, controls: readonly Control[]): boolean {
  if (!/^(?:.*[$.])?user_?name$/i.test(name)) return false
  if (type === "radio") return controls.filter(other => other.type === type && other.name === name).length > 1
  const options = type === "select" ? optionsOf(element) : []
  return options.length > 1 && !options.some(({ isSelected }) => isSelected)
}
/** "Keep me signed in" can be left unticked whatever the page says. */
const keepSignedIn = /^kmsi$/i
const isSecret = ({ name, type }: Control) => type === "password" && name !== ""
const isNamedUsername = ({ name }: Control) => /user_?name/i.test(name)
const isUsername = (control: Control) =>
  isNamedUsername(control) && isText(control.type) && control.type !== "password"
const isKnownUsername = (control: Control) => isNamedUsername(control) && control.type === "hidden"
const adfsName = /^(?:.*\$)?(?:UserName|Password)(?:TextBox)?$/i
/** Some themes hide what is typed by style, so that browsers do not remember it. */
const isMaskedPassword = ({ name, type, isVisible }: Control) =>
  isVisible && type === "text" && /^(?:.*\$)?Password(?:TextBox)?$/i.test(name)
const isPassword = (control: Control) =>
  (/password(?!.*(?:pin|hint)$)/i.test(control.name) && control.type === "password") ||
  isMaskedPassword(control)
