import { plain } from "../../errors.ts"
import { isElement, walk } from "./outline/markup.ts"
import type { Outline } from "./outline/outline.ts"

/** What a page of an error says where it is not seen at first: in its details, or in a comment. */
export interface ErrorDetails {
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
