import { isCaptchaField } from "./form/captcha.ts"
import { isCodeField } from "./form/code-field.ts"
import { adapterOf, answerableForms } from "./form/form.ts"
import { isSubmit } from "./outline/controls.ts"
import type { Outline } from "./outline/outline.ts"
import { hasOwnWords, refusalOf, sentenceOf } from "./outline/words.ts"
import type { Page } from "./page-kinds.ts"
import { readFactorForms } from "./second-factor.ts"

/**
 * A page of no adapter that a person answers with a button, such as terms of use, "stay signed in?" or a password that
 * expires soon; or with a code, if the page says that it is one.
 */
export function noticePage(outline: Outline): Page | undefined {
  const forms = answerableForms(outline)
  const [form] = forms
  if (form === undefined || forms.length > 1 || adapterOf(form) !== "") return undefined
  const [page] = readFactorForms(outline, forms)
  if (page?.kind === "question") {
    const [question, ...others] = page.questions
    const control = form.controls.find(({ name }) => name !== "" && name === question?.field)
    if (question === undefined || control === undefined || others.length > 0) return undefined
    return isCodeField(control, question.label) && !isCaptchaField(control) ? page : undefined
  }
  const isOnlyRead = form.controls.every(
    control => !control.isVisible || isSubmit(control) || ["button", "checkbox"].includes(control.type),
  )
  if (page?.kind !== "message" || page.sentence === undefined || !isOnlyRead) return undefined
  if (page.buttons.length === 0) return undefined
  return { ...page, buttons: page.buttons.filter(({ label, form: { fields } }) => !signsOut(label, fields)) }
}

/** ADFS' own page for a signed-in user has this button, and nothing else. */
function signsOut(label: string, fields: readonly (readonly [string, string])[]): boolean {
  const words = [label, ...fields.map(([name]) => name)]
  return words.some(word => /^(?:sign|log)[-_ ]?(?:out|off)$/i.test(word))
}

/** Words in the place of a form: an adapter's refusal for good. */
export function messagePage(outline: Outline): Page | undefined {
  const sentence = sentenceOf(outline)
  if (sentence === undefined || answerableForms(outline).length > 0 || !hasOwnWords(outline)) return undefined
  return { kind: "message", adapter: "", sentence, refusal: refusalOf(outline), buttons: [] }
}
