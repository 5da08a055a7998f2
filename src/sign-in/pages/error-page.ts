import { plain } from "../../errors.ts"
import { isElement, walk } from "./outline/markup.ts"
import type { Outline } from "./outline/outline.ts"
import { textOf } from "./outline/words.ts"
import type { Page } from "./page-kinds.ts"

/** ADFS' own page of an error. */
export function errorPage(outline: Outline): Page | undefined {
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
export function withReason(words: string | undefined, reason: string | undefined): string | undefined {
  if (reason === undefined || words?.includes(reason.slice(0, 9)) === true) return words
  return words ? plain(`${words.replace(/[.:]$/, "")}: ${reason}`) : reason
}

/** What a page of an error says where it is not seen at first: in its details, or in a comment. */
interface ErrorDetails {
  /** ADFS' code for the error, with its words: `MSIS7065: There are no …`. */
  readonly reason: string | undefined
  readonly activityId: string | undefined
}

const maxLength = 50_000
/** ADFS' own page names it in the language of the reader: `Activity ID:`, `Aktivitets-ID:`. */
const activity = /a[ck]ti\p{L}*[\s-]*id\b[^0-9a-f]{0,40}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/iu

export function readDetails({ page }: Outline): ErrorDetails {
  let text = ""
  walk(page, node => {
    if ("data" in node && text.length < maxLength) text += `\n${node.data}`
    return !(isElement(node) && ["script", "style"].includes(node.name))
  })
  const reason = /\bMSIS\d{3,5}\b[^\n]{0,300}/.exec(text)?.[0]
  return { reason: reason && plain(reason), activityId: activity.exec(text)?.[1] }
}
