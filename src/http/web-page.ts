import { plain } from "../errors.ts"
import { decodePage } from "./page-text.ts"
import type { NetworkTrouble } from "./protocol-errors.ts"

/** What the user can do if the page of another server came in the place of `server`'s answer. */
export const somethingBetween = (server: string) =>
  `something between you and ${server} answered, such as a proxy or a sign-in page of this network (captive portal)`

/** Status and title of a page for a message: `HTTP 403; title "Access Denied"`. */
export function statusAndTitle(status: number, title: string): string {
  const shown = plain(title, 100)
  return `HTTP ${status}; ${shown === "" ? "no title" : `title "${shown}"`}`
}

interface ReceivedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * A web page with a title in the place of an answer for programs.
 * @returns undefined for any other answer, and for a page that the server itself may have sent
 */
export function webPageTrouble(
  { status, headers, body }: ReceivedAnswer,
  server: string,
): NetworkTrouble | undefined {
  const start = decodePage(body.subarray(0, 20_000), headers["content-type"])
  const isPage =
    /^\s*(<!doctype html|<html)/i.test(start) || /^text\/html\b/i.test(headers["content-type"] ?? "")
  const title = /<title\b[^>]*>([^<]{0,1000})/i.exec(start)?.[1] ?? ""
  if (!isPage || title.trim() === "" || /\b(amazon|aws)\b/i.test(title)) return undefined
  return {
    what: `answered with a web page (${statusAndTitle(status, title)})`,
    hint: somethingBetween(server),
    hasAnswered: true,
    isTransient: status >= 500,
  }
}
