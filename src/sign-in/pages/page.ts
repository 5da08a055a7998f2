import { plain } from "../../errors.ts"
import { adaptersPage, homeRealmPage, relyingPartyPage } from "./choices.ts"
import { readDetails } from "./details.ts"
import { answerableForms } from "./form/posted-forms.ts"
import { loginPage, passwordChangePage, userNamePage } from "./login.ts"
import { noticePage } from "./notice.ts"
import { allControls, type Outline } from "./outline/outline.ts"
import { readOutline } from "./outline/read-outline.ts"
import { hasOwnWords, refusalOf, scriptlessWords, sentenceOf, textOf } from "./outline/words.ts"
import type { Page } from "./page-kinds.ts"
import { relayPage } from "./relay.ts"
import { secondFactorPage } from "./second-factor.ts"

/*
 * How a page is read, from the bottom up; each step uses only those before it:
 *
 * 1. outline/   HTML → tree within limits (markup) → one pass that gathers forms, controls, labels, scripts and what is
 *               visible (read-outline) → the page's own words and the labels of its controls (words).
 * 2. scripts/   Scripts → tokens → functions (program). Nothing is run: `ScriptRun` follows what a browser would run, and
 *               its subclasses look for one thing each: does the page post itself (self-post), load another page (leave),
 *               write into fields at a submission (submit-writes)? made-values: is a field made from what is typed?
 * 3. form/      What a browser would post (form, by which button: answering-button), and what the user has to give:
 *               fields to type into (typed-fields, boxes, code-field), boxes that it must tick (ticked).
 * 4. this file  asks one function after the other whether it knows the page; the first answer holds. `readPage` is the
 *               order: pages that end a sign-in well or for good, login, second factor, choices, errors, pages that go on
 *               by themselves, and at last words with or without a button. Each function decides by structure.
 *
 * Words in many languages only decide what structure leaves open: which button answers, which field wants the code.
 */

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
    passwordChangePage(outline) ??
    loginPage(outline) ??
    secondFactorPage(outline) ??
    relyingPartyPage(outline) ??
    homeRealmPage(outline) ??
    userNamePage(outline) ??
    adaptersPage(outline) ??
    errorPage(outline) ??
    (status < 400 ? relayPage(outline) : undefined) ??
    noticePage(outline) ??
    messagePage(outline) ?? {
      kind: "unknown",
      description: describePage(outline),
      sentence: withReason(sentenceOf(outline) ?? scriptlessWords(outline), readDetails(outline).reason),
    }
  )
}

/** Reads a login page made here, shaped like a real one: code that V8 has compiled reads the real one faster. */
export function rehearsePage(): Page {
  const field = (type: string, name: string) =>
    `<div class="field"><label for="${name}">a &amp; b</label><input id="${name}" name="${name}" type="${type}" value=""></div>`
  const form = `<form method="post" id="loginForm" action="/adfs/ls/?a=b&amp;c=d"><div id="error"><span id="errorText" for=""></span></div>${field("email", "UserName")}${field("password", "Password")}<input type="hidden" name="AuthMethod" value="FormsAuthentication"><span id="submitButton" onclick="return Login.submitLoginRequest();">c</span></form>`
  const html = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>d</title><style>.e { color: #fff; } .f .g { display: none; }</style></head><body><div id="fullPage"><noscript>f</noscript><div id="loginArea">${form}</div></div><script>function Login() {}\nLogin.submitLoginRequest = function () { document.forms['loginForm'].submit(); return false; };</script></body></html>`
  return readPage(html, "https://localhost/adfs/ls/")
}

/** The title of a page if nothing in it is of ADFS, which has marks of its own in every page, whatever its looks. */
export function strangersTitle(html: string, url: string): string | undefined {
  const outline = readOutline(html, url)
  const isOfAdfs =
    adfsIds.some(id => outline.byId.has(id)) || allControls(outline).some(({ name }) => adfsNames.test(name))
  return isOfAdfs ? undefined : outline.title
}

const adfsIds =
  "fullPage contentWrapper workArea authArea loginArea errorArea openingMessage idpForm aspnetForm".split(" ")
const adfsNames = /^(AuthMethod|Context|HomeRealmSelection|SAMLResponse|ctl00\$.*)$/i

function assertionPage({ forms, url }: Outline): Page | undefined {
  for (const { element, controls } of forms) {
    const samlResponse = controls.find(({ name }) => name === "SAMLResponse")?.element.attribs.value
    const { action } = element.attribs
    // An assertion for another ADFS is not yet the one for AWS: it is a page between two others.
    const isForAdfs = /^https?:\/\/[^/]+\/adfs\/ls\b/i.test(action ?? "")
    if (samlResponse && !isForAdfs) return { kind: "assertion", samlResponse, action: action ?? url }
  }
  return undefined
}

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
function describePage(outline: Outline): string {
  const { title, forms } = outline
  const adapters = allControls(outline)
    .filter(({ name }) => name === "AuthMethod")
    .map(({ element }) => element.attribs.value)
    .filter(value => value !== undefined && value !== "")
  const names = forms.flatMap(({ controls }) => controls.map(({ name }) => name)).filter(name => name !== "")
  const shownTitle = plain(title)
  const parts = [
    shownTitle === "" ? "no title" : `title "${shownTitle}"`,
    `AuthMethod ${adapters.join(", ") || "none"}`,
    `fields ${[...new Set(names)].join(", ") || "none"}`,
  ]
  return plain(parts.join("; "))
}
