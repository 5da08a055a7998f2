import { classNames, type MarkupElement, wordsOfName } from "./markup.ts"
import { type Outline, visibleControls } from "./outline.ts"
import { alertMark, errorMark, noErrorMark } from "./vocabulary.ts"

/** Whether the page marks the element as an error, or has it read out at once. */
export function isErrorMarked({ attribs }: MarkupElement): boolean {
  const words = [attribs.id ?? "", ...classNames(attribs)].flatMap(wordsOfName)
  if (words.some(word => errorMark.isWord(word))) return true
  if (words.some(word => noErrorMark.isWord(word))) return false
  const { role = "", "aria-live": live = "" } = attribs
  if (role.toLowerCase() === "alert" || live.toLowerCase() === "assertive") return true
  return words.some(word => alertMark.isWord(word))
}

/** Ids of elements that say what is wrong with a control (WAI-ARIA). What describes it is often help: it does not count. */
export function errorIdsOf(outline: Outline): ReadonlySet<string> {
  const wrong = visibleControls(outline).filter(({ element }) => element.attribs["aria-invalid"] === "true")
  const ids = wrong.flatMap(({ element: { attribs } }) => (attribs["aria-errormessage"] ?? "").split(/\s+/))
  return new Set(ids.filter(id => id !== ""))
}

/**
 * Whether an element is an error by its marks, or by what a control says of it. One with a control in it is none: it is a
 * field with an error.
 * @param ids `errorIdsOf`
 */
export function isError(
  { withControls }: Outline,
  element: MarkupElement,
  ids: ReadonlySet<string>,
): boolean {
  return (isErrorMarked(element) || ids.has(element.attribs.id ?? "")) && !withControls.has(element)
}
