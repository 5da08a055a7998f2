import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Answer, Browser } from "./browser.ts"
import type { Page } from "./page.ts"

/** A second factor that is answered on a phone. */
export interface Approval {
  readonly adapter: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** The number the user was last told. */
  number: string | undefined
}

interface Surroundings {
  readonly browser: Browser
  readonly terminal: Terminal
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

const askEvery = 3_000
const patience = 2 * 60_000
/** Some adapters want one empty post and show their field at once: only a longer wait is worth a word. */
const quietFor = 1_500

/**
 * Posts the page's hidden fields again, which asks ADFS whether the phone has answered.
 * @throws PumError `codeRefused` when the page says no, or after two minutes
 */
export async function approve(
  page: Extract<Page, { kind: "approval" }>,
  approval: Approval,
  { browser, terminal, now, pause }: Surroundings,
): Promise<Answer> {
  if (page.refusal !== undefined)
    throw new PumError("codeRefused", `the sign-in was not approved: ${page.refusal}`)
  const waited = now() - approval.since
  if (waited > patience) {
    throw new PumError("codeRefused", "nobody approved the sign-in on the phone within 2 minutes", {
      hint: "run the command again when the phone is at hand",
    })
  }
  if (page.number !== undefined && page.number !== approval.number) {
    approval.number = page.number
    terminal.tell(`Enter the number ${page.number} on your phone to approve the sign-in`)
  }
  if (waited > 0) await pause(askEvery)
  const isFirst = waited === 0
  const reminder =
    isFirst && page.number === undefined
      ? setTimeout(() => terminal.tell("Approve the sign-in on your phone"), quietFor)
      : undefined
  return browser.post(page.form).finally(() => clearTimeout(reminder))
}
