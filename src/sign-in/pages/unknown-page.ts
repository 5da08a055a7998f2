import { plain } from "../../errors.ts"
import { readDetails, withReason } from "./error-page.ts"
import { allControls, type Outline } from "./outline/outline.ts"
import { readOutline } from "./outline/read-outline.ts"
import { scriptlessWords, sentenceOf } from "./outline/words.ts"
import type { PageOf } from "./page-kinds.ts"

/** A page that no reader knows, with what a report of it needs. */
export function unknownPage(outline: Outline): PageOf<"unknown"> {
  const words = sentenceOf(outline) ?? scriptlessWords(outline)
  return {
    kind: "unknown",
    description: describePage(outline),
    sentence: withReason(words, readDetails(outline).reason),
  }
}

/** For a bug report: title, adapters and field names of the page, no values. */
function describePage(outline: Outline): string {
  const { title, forms } = outline
  const adapters = allControls(outline)
    .filter(({ name }) => name === "AuthMethod")
    .map(({ element }) => element.attribs.value)
    .filter(value => value !== undefined && value !== "")
  const names = forms.flatMap(({ controls }) => controls.map(({ name }) => name)).filter(name => name !== "")
  const shownTitle = plain(title)
  const parts = [
    shownTitle === "" ? "no title" : `title "${shownTitle}"`,
    `AuthMethod ${adapters.join(", ") || "none"}`,
    `fields ${[...new Set(names)].join(", ") || "none"}`,
  ]
  return plain(parts.join("; "))
}

/** The title of a page if nothing in it is of ADFS, which has marks of its own in every page, whatever its looks. */
export function strangersTitle(html: string, url: string): string | undefined {
  const outline = readOutline(html, url)
  const isOfAdfs =
    adfsIds.some(id => outline.byId.has(id)) || allControls(outline).some(({ name }) => adfsNames.test(name))
  return isOfAdfs ? undefined : outline.title
}

const adfsIds =
  "fullPage contentWrapper workArea authArea loginArea errorArea openingMessage idpForm aspnetForm".split(" ")
const adfsNames = /^(AuthMethod|Context|HomeRealmSelection|SAMLResponse|ctl00\$.*)$/i
