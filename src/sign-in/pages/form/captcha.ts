import { classNames, isElement, walk } from "../outline/markup.ts"
import type { Control, Outline } from "../outline/outline.ts"

/** Names of fields that a captcha fills. */
const captchaName = /captcha|turnstile/i
const captchaAnswer = /^(?:g-recaptcha|h-captcha|cf-turnstile)-response$/i
const captchaScript = /\/\/[^/]*(?:recaptcha|hcaptcha)[^/]*\/|\/recaptcha\/|\/turnstile\//i
const captchaClasses = new Set(["g-recaptcha", "h-captcha", "cf-turnstile"])

/** A hidden field of another name says whether there is a captcha, or how it looks. */
export const isCaptchaField = ({ isVisible, name }: Control) =>
  isVisible ? captchaName.test(name) : captchaAnswer.test(name)

/** Whether a script puts a captcha into the page later: its field is not there yet. */
export function hasCaptcha({ page, scripts }: Outline): boolean {
  let found = scripts.external.some(address => captchaScript.test(address))
  walk(page, node => {
    found ||= isElement(node) && classNames(node.attribs).some(name => captchaClasses.has(name.toLowerCase()))
    return !found
  })
  return found
}
