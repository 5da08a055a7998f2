import { adapterOf, type Form, isPosted, readForm, resolved } from "./form/form.ts"
import { framedAddress } from "./frames.ts"
import { isSubmit } from "./outline/controls.ts"
import { type FormOutline, isSameOrigin, type Outline, visitableForms } from "./outline/outline.ts"
import { hasOwnWords, refusalOf } from "./outline/words.ts"
import type { Page } from "./page-kinds.ts"
import { readRefresh, readScriptlessRefresh } from "./refresh.ts"
import { findScriptLeave } from "./scripts/leave.ts"
import { readProgram } from "./scripts/program.ts"
import { findSelfPost } from "./scripts/self-post.ts"

/**
 * In milliseconds. A page that goes on later is read by a person before, such as one that says that ADFS is out of
 * service.
 */
const longestDelay = 5_000
/** Fields by which one identity provider sends a browser to another (SAML 2.0 bindings, WS-Federation). */
const federationFields = /^(?:SAMLRequest|SAMLResponse|wa)$/

/**
 * A page of no second factor that goes on by itself at once, where a browser shows nothing: its script sends hidden
 * fields, or it loads another address.
 */
export function relayPage(outline: Outline): Page | undefined {
  const forms = visitableForms(outline)
  if (forms.length === 0) return loadingPage(outline)
  const [form] = forms
  if (form === undefined || forms.length > 1 || adapterOf(form) !== "") return undefined
  if (form.controls.length === 0 || form.controls.some(control => control.isVisible && !isSubmit(control)))
    return undefined
  const selfPost = findSelfPost(outline, readProgram(outline.scripts.inline), form)
  if (selfPost === undefined || selfPost.writes || selfPost.delay > longestDelay) return undefined
  const next = readForm(outline, form, "script")
  if (!isSameOrigin(next.action, outline) && !leadsToProvider(form)) return undefined
  return { kind: "relay", next: isPosted(form) ? next : inAddress(next), delay: selfPost.delay }
}

/** It is posted to another origin only if the user has listed that; else the user is told which one it is. */
const leadsToProvider = (form: FormOutline) =>
  isPosted(form) && form.controls.some(({ name }) => federationFields.test(name))

/** A page that loads another one. To another server as a redirect does, unless it has words of its own, which are shown. */
function loadingPage(outline: Outline): Page | undefined {
  const { delay = 0, address } = readRefresh(outline) ?? findLeave(outline) ?? {}
  if (address === undefined || address === outline.url || delay > longestDelay) return undefined
  if (!isSameOrigin(address, outline) && hasOwnWords(outline)) return undefined
  return { kind: "relay", next: { address }, delay }
}

/** Where a script, a frame, or a refresh for browsers without scripts leads to, if that is a page of the same server. */
function findLeave(outline: Outline): { readonly address: string; readonly delay: number } | undefined {
  const byScript = findScriptLeave(outline, readProgram(outline.scripts.inline))
  if (byScript !== undefined) return ifSameOrigin(byScript, outline)
  const framed = refusalOf(outline) === undefined ? framedAddress(outline) : undefined
  if (framed !== undefined) return { address: framed, delay: 0 }
  return hasOwnWords(outline) ? undefined : ifSameOrigin(readScriptlessRefresh(outline), outline)
}

function ifSameOrigin(
  target: { readonly address: string | undefined; readonly delay: number } | undefined,
  outline: Outline,
) {
  if (target?.address === undefined || !isSameOrigin(target.address, outline)) return undefined
  return { address: target.address, delay: target.delay }
}

/** A form that is not posted: its fields take the place of the address' own (HTML, "mutate action URL"). */
function inAddress({ action, fields }: Form): { readonly address: string } {
  const query = new URLSearchParams(fields.map(([name, value]) => [name, value]))
  return { address: resolved(`?${query}`, action) ?? action }
}
