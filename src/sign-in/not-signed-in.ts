import type { Page } from "./pages/page-kinds.ts"
import { isLoopGuard } from "./refusals.ts"

/** The end of a visit at which ADFS did not know the browser. */
export class NotSignedIn extends Error {
  /** Whether ADFS only refuses so many visits in so short a time (MSIS7042): it still knows the browser. */
  readonly tooOften: boolean

  constructor(why: string, tooOften: boolean) {
    super(why)
    this.tooOften = tooOften
  }
}

/** HTTP.sys says 400 to cookies that have grown too long. */
const tooLongStatuses = new Set([400, 413, 414, 431])

/**
 * Checks that a page is one for a signed-in browser.
 * @param status of the HTTP answer
 * @throws NotSignedIn
 */
export function requireSignedIn(page: Page, status: number): void {
  if (tooLongStatuses.has(status)) throw new NotSignedIn(`it answered with HTTP ${status}`, false)
  if (page.kind === "error") throw new NotSignedIn("it answered with an error", isLoopGuard(page.message))
  if (["login", "userName", "homeRealms", "passwordExpired"].includes(page.kind))
    throw new NotSignedIn("it asks for user and password", false)
}
