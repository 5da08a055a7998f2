import { readForm } from "./form.ts"
import type { Outline } from "./outline.ts"
import type { Page } from "./page-kinds.ts"
import { readProgram } from "./program.ts"
import { adapterOf, answerableForms, readRefresh } from "./second-factor.ts"
import { findSelfPost } from "./self-post.ts"

/** In milliseconds. A page that goes on later is read by a person before, such as one that says that ADFS is out of service. */
const longestDelay = 5_000

/**
 * A page of no second factor that goes on by itself at once, where a browser shows nothing: its script posts hidden
 * fields to its own server, or it loads another address of it.
 */
export function relayPage(outline: Outline): Page | undefined {
  const forms = answerableForms(outline)
  if (forms.length === 0) {
    const { delay = 0, address } = readRefresh(outline) ?? {}
    if (address === undefined || address === outline.url || delay > longestDelay) return undefined
    return { kind: "relay", next: { address }, delay }
  }
  const [form] = forms
  if (form === undefined || forms.length > 1 || adapterOf(form) !== "") return undefined
  if (form.controls.length === 0 || form.controls.some(({ isVisible }) => isVisible)) return undefined
  const selfPost = findSelfPost(outline, readProgram(outline.scripts.inline), form)
  if (selfPost === undefined || selfPost.writes || selfPost.delay > longestDelay) return undefined
  const next = readForm(outline, form, "script")
  if (new URL(next.action).origin !== new URL(outline.url).origin) return undefined
  return { kind: "relay", next, delay: selfPost.delay }
}
