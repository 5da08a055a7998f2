import { adaptersPage, homeRealmPage, relyingPartyPage } from "./choices.ts"
import { errorPage } from "./error-page.ts"
import { loginPage, passwordChangePage, userNamePage } from "./login.ts"
import { messagePage, noticePage } from "./notice.ts"
import type { Outline } from "./outline/outline.ts"
import { readOutline } from "./outline/read-outline.ts"
import type { Page } from "./page-kinds.ts"
import { relayPage } from "./relay.ts"
import { secondFactorPage } from "./second-factor.ts"
import { unknownPage } from "./unknown-page.ts"

/*
 * How a page is decided, in four steps. Each uses only those before it:
 *
 * 1. outline/  HTML → a tree within limits (markup) → one pass that gathers forms, controls, labels, scripts, and what the
 *              user sees (read-outline) → the page's own words and the names of its controls (words). Words that pages
 *              of many languages have in common stand in one list (vocabulary).
 * 2. scripts/  Scripts → tokens → functions (program). Nothing is run: `ScriptRun` follows what a browser would run. Its
 *              subclasses look for one thing each: the page posts its form (self-post), loads another page (leave),
 *              writes into fields that are sent (submit-writes).
 * 3. form/     What a browser would post (form), by which button (answering-button), and which fields the user fills in
 *              (typed-fields, boxes), which of them with the code that works once (code-field).
 * 4. here      `readPage` asks one reader after the other. The first that knows the page decides: an assertion (below); a
 *              new password, the login (login); a second factor (second-factor, needs-browser, picks); lists to choose from
 *              (choices); an error of ADFS (error-page); a page that goes on by itself (relay); words, with or without
 *              a button (notice); all others (unknown-page).
 *
 * Structure decides. Words only tell what it leaves open: which button answers, which field is for the code, what is an
 * error.
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
    messagePage(outline) ??
    unknownPage(outline)
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
