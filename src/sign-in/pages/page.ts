import { type CheerioAPI, load } from "cheerio/slim"
import { plain } from "../../errors.ts"
import {
  controlsOf,
  type Form,
  filled,
  isPicked,
  isTypedInto,
  readForm,
  type Selection,
  typeOf,
  without,
} from "./form.ts"

/** What ADFS can answer. Pages are told apart by structure only: their texts follow the user's language. */
export type Page =
  | {
      readonly kind: "login"
      readonly form: Form
      readonly fields: LoginFields
      readonly refusal: string | undefined
    }
  | {
      readonly kind: "code"
      readonly form: Form
      readonly field: string
      readonly adapter: string
      readonly label: string
      /** Whether the page hides what is typed. */
      readonly hidden: boolean
      readonly refusal: string | undefined
    }
  | {
      readonly kind: "approval"
      readonly form: Form
      readonly adapter: string
      readonly number: string | undefined
      readonly refusal: string | undefined
    }
  | { readonly kind: "adapters"; readonly form: Form; readonly choices: readonly PageChoice[] }
  | { readonly kind: "relyingParties"; readonly form: Form; readonly choices: readonly PageChoice[] }
  | {
      readonly kind: "assertion"
      readonly samlResponse: string
      /** The address that a browser would post it to. */
      readonly action: string
    }
  | { readonly kind: "passwordExpired"; readonly message: string | undefined }
  | { readonly kind: "error"; readonly message: string; readonly activityId: string | undefined }
  | { readonly kind: "unknown"; readonly description: string }

export type PageOf<Kind extends Page["kind"]> = Extract<Page, { readonly kind: Kind }>

/** The pages from which a sign-in can go on. */
export type UsablePage = Exclude<Page, PageOf<"error" | "unknown" | "passwordExpired">>

/** Names of the two controls for user name and password. */
export interface LoginFields {
  readonly username: string
  readonly password: string
}

/** One entry of a list that ADFS lets the user pick from. */
export interface PageChoice {
  readonly label: string
  /** What is posted if it is picked. */
  readonly value: string
}

/**
 * Decides what kind of page this is.
 * @param url the page's own address, after redirects
 */
export function readPage(html: string, url: string): Page {
  const $ = load(html)
  return (
    assertionPage($, url) ??
    expiredPage($) ??
    loginPage($, url) ??
    secondFactorPage($, url) ??
    relyingPartyPage($, url) ??
    errorPage($) ??
    adaptersPage($, url) ?? { kind: "unknown", description: describePage($) }
  )
}

function assertionPage($: CheerioAPI, url: string): Page | undefined {
  const field = $("form input[name='SAMLResponse']")
  const samlResponse = field.attr("value")
  if (!samlResponse) return undefined
  return { kind: "assertion", samlResponse, action: field.closest("form").attr("action") ?? url }
}

function expiredPage($: CheerioAPI): Page | undefined {
  const message = textOf($, "#expiredNotification")
  if (message === undefined && $("input#oldPasswordInput").length === 0) return undefined
  return { kind: "passwordExpired", message }
}

function loginPage($: CheerioAPI, url: string): Page | undefined {
  // A second factor's form may show the user name, too, and have a password field for its code.
  const forms = answerableForms($).filter(form => ["", "FormsAuthentication"].includes(adapterOf($, form)))
  const controls = forms.flatMap(form => controlsOf($, form))
  const username = controls.find(
    control => /user_?name/i.test(control.attr("name") ?? "") && isTextual(control),
  )
  // Paginated pages may have the password outside the form; their script submits both together.
  const password = [...controls, ...controlsWithoutForm($)].find(
    control => /password/i.test(control.attr("name") ?? "") && typeOf(control) === "password",
  )
  const names = { username: username?.attr("name"), password: password?.attr("name") }
  const form = forms.find(candidate =>
    controlsOf($, candidate).some(control => control.attr("name") === names.username),
  )
  if (names.username === undefined || names.password === undefined || form === undefined) return undefined
  const read = readForm($, form, url)
  const usesAuthMethod = $("input[name='AuthMethod']").length > 0
  return {
    kind: "login",
    form: usesAuthMethod ? filled(read, { AuthMethod: "FormsAuthentication" }) : read,
    fields: { username: names.username, password: names.password },
    refusal: textOf($, "#errorText") ?? textOf($, "[id$='_ErrorTextLabel']"),
  }
}

/**
 * One rule for all second factors: the form names an adapter, and either exactly one visible field is empty (a code) or
 * there is no visible field (an approval elsewhere).
 */
function secondFactorPage($: CheerioAPI, url: string): Page | undefined {
  for (const candidate of answerableForms($)) {
    const adapter = adapterOf($, candidate)
    if (["", "FormsAuthentication"].includes(adapter)) continue
    const form = readForm($, candidate, url)
    const typed = controlsOf($, candidate).filter(control => isTypedInto(control) && control.attr("name"))
    const empty = typed.filter(control => !control.attr("value"))
    const refusal = textOf($, "#errorText") ?? textOf($, "#errorMessage")
    const picked = controlsOf($, candidate).filter(isPicked)
    if (typed.length === 0 && picked.length === 0)
      return { kind: "approval", form, adapter, number: textOf($, "#validEntropyNumber"), refusal }
    const [field, ...more] = empty
    const name = field?.attr("name")
    if (field === undefined || name === undefined || more.length > 0) continue
    return {
      kind: "code",
      form,
      field: name,
      adapter,
      label: labelOf($, field) ?? name,
      hidden: typeOf(field) === "password",
      refusal,
    }
  }
  return undefined
}

function relyingPartyPage($: CheerioAPI, url: string): Page | undefined {
  const form = $("form#idpForm").first()
  const choices = form
    .find("select[name='RelyingParty'] option")
    .toArray()
    .map(node => ({ label: plain($(node).text()), value: $(node).attr("value") ?? "" }))
    .filter(({ value }) => value !== "")
  if (choices.length === 0) return undefined
  // Two radios on the page, "this site" and "one of these": its script clears the first.
  const read = filled(without(readForm($, form, url), "SignInIdpSite"), {
    SignInOtherSite: "SignInOtherSite",
  })
  return { kind: "relyingParties", form: read, choices }
}

function errorPage($: CheerioAPI): Page | undefined {
  const message = [textOf($, "#openingMessage"), textOf($, "#errorMessage")]
    .filter(text => text !== undefined)
    .join(": ")
  if (message === "" && $("#errorArea").length === 0) return undefined
  return { kind: "error", message, activityId: textOf($, "#activityId") }
}

function adaptersPage($: CheerioAPI, url: string): Page | undefined {
  const form = $("form#options").first()
  const choices = $("#authOptionLinks a[id], #authOptionLinks [onclick][id]")
    .toArray()
    .map(node => ({
      label: plain($(node).text()) || ($(node).attr("id") ?? ""),
      value: $(node).attr("id") ?? "",
    }))
  if (form.length === 0 || choices.length === 0 || answerableForms($).length > 0) return undefined
  return { kind: "adapters", form: readForm($, form, url), choices }
}

/** Forms that can be posted, without the one behind the links to other adapters, which is on every page. */
function answerableForms($: CheerioAPI): Selection[] {
  return $("form")
    .toArray()
    .map(node => $(node))
    .filter(form => form.attr("id") !== "options" && form.attr("method")?.toLowerCase() === "post")
    .filter(form => form.closest("noscript, template, script").length === 0)
}

/** The AuthMethod that a form names, or an empty text. */
function adapterOf($: CheerioAPI, form: Selection): string {
  const named = controlsOf($, form).find(control => control.attr("name") === "AuthMethod")
  return named?.attr("value") ?? ""
}

function controlsWithoutForm($: CheerioAPI): Selection[] {
  return $("input")
    .toArray()
    .map(node => $(node))
    .filter(control => control.closest("form, noscript, template, script").length === 0)
}

function isTextual(control: Selection): boolean {
  return ["text", "email"].includes(typeOf(control))
}

function labelOf($: CheerioAPI, field: Selection): string | undefined {
  const id = field.attr("id")
  const label = id === undefined ? undefined : $("label").filter((_, node) => $(node).attr("for") === id)
  const texts = [
    label?.text(),
    field.closest("label").text(),
    field.attr("placeholder"),
    field.attr("aria-label"),
    $("#pageIntroductionText").text(),
  ]
  return texts.map(text => plain(text ?? "", 80).replace(/\s*:$/, "")).find(text => text !== "")
}

function textOf($: CheerioAPI, selector: string): string | undefined {
  const text = plain($(selector).first().text())
  return text === "" ? undefined : text
}

/** For a bug report: title, adapters and field names of the page, no values. */
function describePage($: CheerioAPI): string {
  const title = textOf($, "title")
  const adapters = $("input[name='AuthMethod']")
    .toArray()
    .map(node => $(node).attr("value"))
    .filter(value => value !== undefined && value !== "")
  const names = $("form [name]")
    .toArray()
    .map(node => $(node).attr("name"))
  const parts = [
    title === undefined ? "no title" : `title "${title}"`,
    `AuthMethod ${adapters.join(", ") || "none"}`,
    `fields ${[...new Set(names)].join(", ") || "none"}`,
  ]
  return plain(parts.join("; "))
}
