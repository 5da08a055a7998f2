import { PumError, plain } from "../../errors.ts"
import { adaptersPage, homeRealmPage, relyingPartyPage } from "./choices.ts"
import { isCodeField } from "./code-field.ts"
import { readDetails } from "./details.ts"
import { filled, isTypedInto, readForm, valueSent } from "./form.ts"
import { isElement, walk } from "./markup.ts"
import { type Control, type FormOutline, isText, type Outline } from "./outline.ts"
import type { Page } from "./page-kinds.ts"
import { readOutline } from "./read-outline.ts"
import { relayPage } from "./relay.ts"
import { adapterOf, answerableForms, secondFactorPage } from "./second-factor.ts"
import { hasOwnWords, labelOf, refusalOf, sentenceOf, textOf } from "./words.ts"

/**
 * Decides what kind of page this is. A page that can be answered is never an error page.
 * @param url the page's own address, after redirects
 * @param status of the HTTP answer: a page that is an error does not go on by itself
 * @throws PumError `idpPage` if the page exceeds the limits for pages, or its form has no usable address
 */
export function readPage(html: string, url: string, status = 200): Page {
  const outline = readOutline(html, url)
  return (
    assertionPage(outline) ??
    expiredPage(outline) ??
    loginPage(outline) ??
    secondFactorPage(outline) ??
    relyingPartyPage(outline) ??
    homeRealmPage(outline) ??
    adaptersPage(outline) ??
    errorPage(outline) ??
    (status < 400 ? relayPage(outline) : undefined) ??
    messagePage(outline) ?? {
      kind: "unknown",
      description: describePage(outline),
      sentence: withReason(sentenceOf(outline), readDetails(outline).reason),
    }
  )
}

/** Reads a login page made here, shaped like a real one: code that V8 has compiled reads the real one faster. */
export function rehearsePage(): Page {
  const field = (type: string, name: string) =>
    `<div class="field"><label for="${name}">a &amp; b</label><input id="${name}" name="${name}" type="${type}" value=""></div>`
  const form = `<form method="post" id="loginForm" action="/adfs/ls/?a=b&amp;c=d"><div id="error"><span id="errorText" for=""></span></div>${field("email", "UserName")}${field("password", "Password")}<input type="hidden" name="AuthMethod" value="FormsAuthentication"><span id="submitButton" onclick="return Login.submitLoginRequest();">c</span></form>`
  const html = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>d</title><style>.e { color: #fff; }</style></head><body><div id="fullPage"><noscript>f</noscript><div id="loginArea">${form}</div></div><script>function Login() {}\nLogin.submitLoginRequest = function () { document.forms['loginForm'].submit(); return false; };</script></body></html>`
  return readPage(html, "https://localhost/adfs/ls/")
}

/** The title of a page if nothing in it is of ADFS, which has marks of its own in every page, whatever its looks. */
export function strangersTitle(html: string, url: string): string | undefined {
  const { byId, forms, looseControls, title } = readOutline(html, url)
  const names = [...forms.flatMap(({ controls }) => controls), ...looseControls].map(({ name }) => name)
  const isOfAdfs =
    adfsIds.some(id => byId.has(id)) || names.some(name => adfsNames.test(name)) || byId.has("aspnetForm")
  return isOfAdfs ? undefined : title
}

const adfsIds = "fullPage contentWrapper workArea authArea loginArea errorArea openingMessage idpForm".split(
  " ",
)
const adfsNames = /^(AuthMethod|Context|HomeRealmSelection|SAMLResponse|ctl00\$.*)$/i

function assertionPage({ forms, url }: Outline): Page | undefined {
  for (const { element, controls } of forms) {
    const samlResponse = controls.find(({ name }) => name === "SAMLResponse")?.element.attribs.value
    if (samlResponse) return { kind: "assertion", samlResponse, action: element.attribs.action ?? url }
  }
  return undefined
}

function expiredPage(outline: Outline): Page | undefined {
  const notification = outline.byId.get("expiredNotification")
  const isUpdate = outline.byId.get("oldPasswordInput")?.name === "input" || asksForNewPassword(outline)
  if (notification === undefined && !isUpdate) return undefined
  return { kind: "passwordExpired", message: textOf(outline, notification) }
}

/** Forms for a new password ask for it twice, mostly beside the old one. */
function asksForNewPassword(outline: Outline): boolean {
  return answerableForms(outline).some(form => {
    const passwords = form.controls.filter(({ type, name }) => type === "password" && name !== "")
    const isNew = passwords.filter(({ element: { attribs } }) => attribs.autocomplete === "new-password")
    const named = passwords.filter(({ isVisible, name }) => isVisible && changedName.test(name))
    const isChange = passwords.length > 2 || isNew.length > 1 || (passwords.length === 2 && named.length > 0)
    return isChange && isOfNoAdapter(form)
  })
}

const changedName = /new|old|current|confirm|repeat|retype|verify/i

function loginPage(outline: Outline): Page | undefined {
  // A second factor's form may show the user name, too, and have a password field for its code.
  const forms = answerableForms(outline).filter(isOfNoAdapter)
  const form =
    forms.find(({ controls }) => controls.some(isUsername)) ??
    // The page knows the user name already, and asks for the password alone.
    forms.find(({ controls }) => controls.some(isKnownUsername) && controls.some(isPassword))
  const username = form?.controls.find(isUsername) ?? form?.controls.find(isKnownUsername)
  // Paginated pages may have the password outside the form; their script submits both together.
  const password = [...forms.flatMap(({ controls }) => controls), ...outline.looseControls].find(isPassword)
  if (form === undefined || username === undefined || password === undefined) return undefined
  checkAnswerable(outline, form, [username, password])
  const read = readForm(outline, form)
  const everywhere = [...outline.forms.flatMap(({ controls }) => controls), ...outline.looseControls]
  const usesAuthMethod = everywhere.some(({ name }) => name === "AuthMethod")
  return {
    kind: "login",
    form: usesAuthMethod ? filled(read, { AuthMethod: "FormsAuthentication" }) : read,
    fields: { username: username.name, password: password.name },
    refusal: refusalOf(outline),
  }
}

/**
 * A login page that asks for more is not answered in part: each refused try can lock the account.
 * @throws PumError `idpPage`
 */
function checkAnswerable(outline: Outline, form: FormOutline, answered: readonly Control[]): void {
  const more = form.controls.find(control => {
    if (answered.includes(control) || control.name === "") return false
    if (captcha.test(control.name)) return true
    const isAsked = isTypedInto(control) && valueSent(control) === ""
    return isAsked && (control.element.attribs.required !== undefined || isCodeField(control, ""))
  })
  if (more === undefined && !hasCaptcha(outline)) return
  const what = more === undefined || captcha.test(more.name) ? "a captcha" : labelOf(outline, more)
  throw new PumError(
    "idpPage",
    `ADFS' login page asks for more than user name and password: ${what}; nothing was sent`,
    { hint: "sign in there in a browser, or ask those who run ADFS for a page without it" },
  )
}

const captcha = /captcha|turnstile/i

/** Its script puts the field there later. */
function hasCaptcha({ page }: Outline): boolean {
  let found = false
  walk(page, node => {
    found ||= isElement(node) && /^(g-recaptcha|h-captcha|cf-turnstile)$/.test(node.attribs.class ?? "")
    return !found
  })
  return found
}

const isOfNoAdapter = (form: FormOutline) => ["", "FormsAuthentication"].includes(adapterOf(form))
const isNamedUsername = ({ name }: Control) => /user_?name/i.test(name)
const isUsername = (control: Control) =>
  isNamedUsername(control) && isText(control.type) && control.type !== "password"
const isKnownUsername = (control: Control) => isNamedUsername(control) && control.type === "hidden"
const isPassword = ({ name, type }: Control) => /password/i.test(name) && type === "password"

function errorPage(outline: Outline): Page | undefined {
  const { byId } = outline
  const opening = textOf(outline, byId.get("openingMessage"))
  const isError = byId.has("errorArea") || opening !== undefined
  if (!isError) return undefined
  const shown = [opening, textOf(outline, byId.get("errorMessage"))].filter(text => text !== undefined)
  const details = readDetails(outline)
  return {
    kind: "error",
    message: withReason(plain(shown.join(": ")), details.reason) ?? "",
    activityId: textOf(outline, byId.get("activityId")) ?? details.activityId,
  }
}

/** The words of a page, and the reason in its details if they do not give it. */
function withReason(words: string | undefined, reason: string | undefined): string | undefined {
  if (reason === undefined || words?.includes(reason.slice(0, 9)) === true) return words
  return words ? plain(`${words.replace(/[.:]$/, "")}: ${reason}`) : reason
}

/** Words in the place of a form: an adapter's refusal for good. */
function messagePage(outline: Outline): Page | undefined {
  const sentence = sentenceOf(outline)
  if (sentence === undefined || answerableForms(outline).length > 0 || !hasOwnWords(outline)) return undefined
  return { kind: "message", adapter: "", sentence, refusal: refusalOf(outline), buttons: [] }
}

/** For a bug report: title, adapters and field names of the page, no values. */
function describePage({ title, forms, looseControls }: Outline): string {
  const controls = forms.flatMap(form => form.controls)
  const adapters = [...controls, ...looseControls]
    .filter(({ name }) => name === "AuthMethod")
    .map(({ element }) => element.attribs.value)
    .filter(value => value !== undefined && value !== "")
  const names = controls.map(({ name }) => name).filter(name => name !== "")
  const shownTitle = plain(title)
  const parts = [
    shownTitle === "" ? "no title" : `title "${shownTitle}"`,
    `AuthMethod ${adapters.join(", ") || "none"}`,
    `fields ${[...new Set(names)].join(", ") || "none"}`,
  ]
  return plain(parts.join("; "))
}
