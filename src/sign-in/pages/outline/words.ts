import { plain } from "../../../errors.ts"
import { errorIdsOf, isError } from "./error-marks.ts"
import { isElement, type Markup, type MarkupElement, walk } from "./markup.ts"
import { type Control, isSilent, type Outline, visibleControls } from "./outline.ts"
import { isHiding } from "./visibility.ts"
import { allText, joined, labelText, maxWords, visibleBlocks } from "./visible-text.ts"

const maxLabel = 80

/** Areas of ADFS' frame that hold what the page is about, from the outside in; then those of other frames. */
const mainIds = ["workArea", "authArea", "loginArea", "content"]
const chromeTags = new Set(["header", "footer", "nav"])
const chromeIds = new Set(["header", "footer", "mfaGreetingDescription", "authOptions", "authOptionLinks"])
const chromeRoles = new Set(["banner", "contentinfo", "navigation"])

export interface SentenceOptions {
  /** Their labels are left out. */
  readonly controls?: readonly Control[]
  /** Left out, too. */
  readonly besides?: MarkupElement | undefined
  /** Whether what the page marks as an error is left out. */
  readonly withoutErrors?: boolean
}

/** The page's own words: its visible text without frame, greeting and links to other adapters. */
export function sentenceOf(
  outline: Outline,
  { controls = [], besides, withoutErrors = false }: SentenceOptions = {},
): string | undefined {
  const labels = new Set(controls.map(control => labelElement(outline, control)))
  const said = new Set(controls.flatMap(({ textAfter }) => (textAfter === "" ? [] : [plain(textAfter)])))
  const errorIds = errorIdsOf(outline)
  const isLeftOut = (element: MarkupElement) =>
    element === besides ||
    labels.has(element) ||
    isChrome(element) ||
    isGreeting(element) ||
    element.attribs.id === "options" ||
    (withoutErrors && isError(outline, element, errorIds))
  const blocks = visibleBlocks(outline, mainArea(outline), isLeftOut).filter(block => !said.has(block))
  return joined(blocks)
}

/** What the page marks as an error, or has read out at once: visible elements with words, and without a control. */
export function refusalOf(outline: Outline): string | undefined {
  const texts: string[] = []
  const errorIds = errorIdsOf(outline)
  walk(outline.page, node => {
    if (!isElement(node)) return undefined
    if (isSilent(node) || isHiding(node, outline.styles)) return false
    if (!isError(outline, node, errorIds)) return undefined
    const text = joined(visibleBlocks(outline, node))
    if (text !== undefined && !texts.includes(text)) texts.push(text)
    return false
  })
  return joined(texts)
}

/** Whether the page has words in a place that says that they are the page's answer: an error, a heading, ADFS' frame. */
export function hasOwnWords(outline: Outline): boolean {
  if (mainIds.some(id => id !== "content" && outline.byId.has(id))) return true
  if (refusalOf(outline) !== undefined) return true
  let hasHeading = false
  walk(outline.page, node => {
    if (!isElement(node) || isSilent(node)) return isElement(node) ? false : undefined
    hasHeading ||= /^h[1-3]$/.test(node.name)
    return !hasHeading
  })
  return hasHeading
}

/** What the page says to browsers that run no scripts. */
export function scriptlessWords({ page }: Outline): string | undefined {
  const blocks: string[] = []
  walk(page, node => {
    if (!isElement(node) || node.name !== "noscript") return undefined
    const text = plain(allText(node), maxWords)
    if (text !== "") blocks.push(text)
    return false
  })
  return joined(blocks)
}

/** The words of one element, or undefined if it has none. */
export function textOf(outline: Outline, element: MarkupElement | undefined): string | undefined {
  return element === undefined ? undefined : joined(visibleBlocks(outline, element))
}

/** The name that the page gives a field to type into. */
export function labelOf(outline: Outline, control: Control): string {
  const { attribs } = control.element
  const label = labelElement(outline, control)
  const labelledBy = (attribs["aria-labelledby"] ?? "").split(/\s+/).map(id => outline.byId.get(id))
  const texts = [
    label && labelText(outline, label),
    labelledBy.map(element => (element === undefined ? "" : labelText(outline, element))).join(" "),
    attribs["aria-label"],
    attribs.placeholder,
    attribs.title,
  ]
  return firstLabel(texts) ?? textAround(outline, control) ?? control.name
}

/** The name of a row of boxes. What is said of its first box alone has a number: `Digit 1`. */
export function rowLabelOf(outline: Outline, first: Control): string {
  const own = labelOf(outline, first)
  if (!/\d/.test(own) && own !== first.name) return own
  const group = first.element.parent
  const groupLabel = group !== null && isElement(group) ? group.attribs["aria-label"] : undefined
  return firstLabel([groupLabel]) ?? textAround(outline, first) ?? "Code"
}

/** What the page says in front of a control, or else in all. */
function textAround(outline: Outline, control: Control): string | undefined {
  return firstLabel([
    control.textBefore,
    textOf(outline, outline.byId.get("pageIntroductionText")),
    sentenceOf(outline, { controls: visibleControls(outline), withoutErrors: true }),
  ])
}

/** `000000` is an example of what to type, and no name. */
function firstLabel(texts: readonly (string | undefined)[]): string | undefined {
  return texts.map(asLabel).find(text => /\p{L}/u.test(text))
}

/** The name of a box, a radio or a button. */
export function pickLabelOf(outline: Outline, control: Control): string {
  const { attribs, name } = control.element
  const label = labelElement(outline, control)
  const texts = [
    label && labelText(outline, label),
    attribs["aria-label"],
    name === "button" ? allText(control.element) : undefined,
    control.textAfter,
    attribs.title,
    attribs.alt,
    attribs.value,
  ]
  return texts.map(asLabel).find(text => text !== "") ?? control.name
}

/** The name of a link or of another element that can be clicked. */
export function clickableLabel(element: MarkupElement): string {
  const { value = "", title = "" } = element.attribs
  return (
    [allText(element), element.attribs["aria-label"], value, title].map(asLabel).find(text => text !== "") ??
    ""
  )
}

const asLabel = (text: string | undefined) => plain(text ?? "", maxLabel).replace(/\s*[*:]+$/, "")

function labelElement(outline: Outline, { element, label }: Control): MarkupElement | undefined {
  const { id } = element.attribs
  return (id === undefined ? undefined : outline.labels.get(id)) ?? label
}

function mainArea({ byId, page }: Outline): Markup | MarkupElement {
  const id = mainIds.find(name => byId.has(name))
  return (id === undefined ? undefined : byId.get(id)) ?? page
}

function isChrome({ name, attribs }: MarkupElement): boolean {
  return chromeTags.has(name) || chromeIds.has(attribs.id ?? "") || chromeRoles.has(attribs.role ?? "")
}

/** `Welcome DOMAIN\user`, in front of ADFS' sentence that a second factor is needed. */
function isGreeting(element: MarkupElement): boolean {
  let next = element.next
  while (next !== null && next.type === "text") next = next.next
  return next !== null && isElement(next) && next.attribs.id === "mfaGreetingDescription"
}
