import type { PlainAnswer } from "../server/loopback-server.ts"
import { isForm, type Request } from "../server/request.ts"

/** What a browser may send in one field. */
export interface FieldRule {
  /** The only right value; default: any value. */
  readonly value?: string
  /** Whether a browser may leave the field out: a button that was not pressed, a choice that was not made. */
  readonly optional?: boolean
}

/** A form that a page offered: its address, its fields, and the answer to it. */
export interface OfferedForm {
  /** Exact paths and queries that take it: its action, and the address of its page. */
  readonly targets: readonly string[]
  readonly fields: Readonly<Record<string, FieldRule>>
  readonly submit: (values: Values, request: Request) => PlainAnswer | Promise<PlainAnswer>
}

/** The values of an accepted form. A field that was left out is empty. */
type Values = (name: string) => string

export type Checked = { readonly values: Values } | { readonly wrong: string; readonly status?: number }

/** Checks that a request holds what a browser would send for the form, and nothing else unless that is `ignored`. */
export function check(form: OfferedForm, request: Request, unknown: "refused" | "ignored"): Checked {
  if (!isForm(request.headers)) {
    return { wrong: `Unexpected content type ${request.headers["content-type"] ?? "(none)"}` }
  }
  const seen = new Map<string, string>()
  for (const [name, value] of request.fields) {
    if (seen.has(name)) {
      // The answer of a real ADFS to an empty second Kmsi.
      if (name === "Kmsi") return { wrong: `Duplicate post parameter ${name}`, status: 500 }
      return { wrong: `Duplicate post parameter ${name}` }
    }
    seen.set(name, value)
  }
  for (const name of unknown === "ignored" ? [] : seen.keys()) {
    if (!Object.hasOwn(form.fields, name)) return { wrong: `Unknown post parameter ${name}` }
  }
  for (const [name, rule] of Object.entries(form.fields)) {
    const value = seen.get(name)
    if (value === undefined && !rule.optional) return { wrong: `Missing post parameter ${name}` }
    if (value !== undefined && rule.value !== undefined && value !== rule.value) {
      return { wrong: `Wrong value of post parameter ${name}` }
    }
  }
  return { values: name => seen.get(name) ?? "" }
}
