import type { Cheerio, CheerioAPI } from "cheerio/slim"
import { PumError } from "../../errors.ts"

/** A cheerio selection; `cheerio/slim` does not export the type of its elements. */
export type Selection = ReturnType<CheerioAPI> extends Cheerio<infer Node> ? Cheerio<Node> : never

/** What a browser would post if the user pressed Enter in the form. */
export interface Form {
  /** Absolute address. */
  readonly action: string
  /** In document order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

const textTypes = new Set(["text", "password", "email", "tel", "number", "search", "url"])
const neverSent = new Set(["submit", "image", "button", "reset", "file"])

/**
 * Reads one form (HTML, "constructing the entry list"): named, enabled controls; boxes and radios only if checked; of
 * the submit buttons only the first, because Enter presses that one.
 * @param pageUrl the page's own address: a form without `action` is posted there
 * @throws PumError `idpPage`
 */
export function readForm($: CheerioAPI, form: Selection, pageUrl: string): Form {
  const fields: [string, string][] = []
  let submit: Selection | undefined
  for (const control of controlsOf($, form)) {
    const name = control.attr("name")
    const type = typeOf(control)
    if ((type === "submit" || type === "image") && submit === undefined) {
      submit = control
      if (name && type === "submit") fields.push([name, control.attr("value") ?? ""])
    }
    if (!name || neverSent.has(type)) continue
    if ((type === "checkbox" || type === "radio") && control.attr("checked") === undefined) continue
    fields.push([name, valueSent(control)])
  }
  const base = resolved($("base[href]").attr("href") ?? "", pageUrl) ?? pageUrl
  const action = submit?.attr("formaction") ?? form.attr("action") ?? ""
  const address = action === "" ? pageUrl : resolved(action, base)
  if (address === undefined)
    throw new PumError("idpPage", "ADFS sent a form that would be posted to an invalid address")
  return { action: address, fields }
}

function resolved(address: string, base: string): string | undefined {
  return URL.canParse(address, base) ? new URL(address, base).href : undefined
}

/** The form's enabled controls, in document order; not those in a script, template or noscript. */
export function controlsOf($: CheerioAPI, form: Selection): Selection[] {
  const id = form.attr("id")
  const own = form
    .find("input, select, textarea, button")
    .filter((_, node) => $(node).attr("form") === undefined)
  const attached =
    id === undefined
      ? $()
      : $("input, select, textarea, button").filter((_, node) => $(node).attr("form") === id)
  return $(own.add(attached).toArray())
    .toArray()
    .map(node => $(node))
    .filter(control => control.attr("disabled") === undefined)
    .filter(control => control.closest("noscript, template, script, fieldset[disabled]").length === 0)
}

/** Whether the user sees the control and can type into it. */
export function isTypedInto(control: Selection): boolean {
  return control.attr("readonly") === undefined && textTypes.has(typeOf(control)) && isVisible(control)
}

/** Whether the user sees the control and can pick something with it. */
export function isPicked(control: Selection): boolean {
  return ["checkbox", "radio", "select"].includes(typeOf(control)) && isVisible(control)
}

function isVisible(control: Selection): boolean {
  return (
    control.closest("[hidden]").length === 0 &&
    control.closest("[style*='display:none'], [style*='display: none']").length === 0
  )
}

export function typeOf(control: Selection): string {
  const tag = control.prop("tagName")?.toLowerCase()
  if (tag === "input") return (control.attr("type") ?? "text").toLowerCase()
  if (tag === "button") return (control.attr("type") ?? "submit").toLowerCase()
  return tag ?? ""
}

function valueSent(control: Selection): string {
  switch (typeOf(control)) {
    case "checkbox":
    case "radio":
      return control.attr("value") ?? "on"
    case "textarea":
      return control.text()
    case "select": {
      const chosen = control.find("option[selected]").last()
      const option = chosen.length > 0 ? chosen : control.find("option").first()
      return option.attr("value") ?? option.text().trim()
    }
    default:
      return control.attr("value") ?? ""
  }
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

export function without(form: Form, name: string): Form {
  return { action: form.action, fields: form.fields.filter(([field]) => field !== name) }
}
