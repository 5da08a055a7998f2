import { classNames, isElement, type Markup, type MarkupElement, walk, wordsOfName } from "./markup.ts"
import { StyleRules } from "./style-rules.ts"

/** What the page's own style sheets do to its elements. */
export interface HidingStyles {
  readonly hidden: StyleRules
  readonly offScreen: StyleRules
  readonly faint: StyleRules
}

/** Classes that hide in ADFS' own style sheet and in the usual frameworks. */
const hidingClasses = new Set(
  "hidden hide is-hidden d-none display-none displaynone invisible ng-hide".split(" "),
)
/** Classes that hide in a usual framework, unless one of these stands beside them. */
const closedClasses = new Map([
  ["tab-pane", ["active", "show", "in"]],
  ["collapse", ["show", "in"]],
  ["modal", ["show", "in"]],
])
/** Classes of things that are there for screen readers only. */
const offScreenClasses = new Set(
  "sr-only visually-hidden visuallyhidden screen-reader-only screen-reader-text".split(" "),
)
const hides = /(?:^|;)\s*(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*(?:hidden|collapse))\b/i
/** So far to the left or above that no screen shows it. */
const movesOffScreen = /(?:^|;)\s*(?:left|top|margin-left|margin-top)\s*:\s*-\d{3,}/i
const shows = /(?:^|;)\s*(?:display\s*:\s*(?!none\b)|visibility\s*:\s*visible\b)/i
const maxStyleLength = 200_000

export function readHidingStyles(page: Markup): HidingStyles {
  const styles = { hidden: new StyleRules(), offScreen: new StyleRules(), faint: new StyleRules() }
  walk(page, node => {
    if (!isElement(node) || node.name !== "style") return undefined
    for (const child of node.children) {
      if (child.type !== "text") continue
      const css = child.data.slice(0, maxStyleLength).replace(/\/\*[\s\S]*?(?:\*\/|$)|<!--|-->/g, " ")
      for (const { selectors, declarations } of rulesIn(css)) addRule(styles, selectors, declarations)
    }
    return false
  })
  return styles
}

function addRule({ hidden, offScreen, faint }: HidingStyles, selectors: string, declarations: string): void {
  const isImportant = /!\s*important/i.test(declarations)
  if (hides.test(declarations)) hidden.add(selectors, true, isImportant)
  else if (shows.test(declarations)) hidden.add(selectors, false, isImportant)
  if (movesOffScreen.test(declarations)) offScreen.add(selectors, true, isImportant)
  if (fades.test(declarations)) faint.add(selectors, true, isImportant)
}

interface CssRule {
  readonly selectors: string
  readonly declarations: string
}

/** Rules that hold on every screen: those in `@media` of other media, or in two of them, and the like are left out. */
function* rulesIn(css: string, isInner = false): Generator<CssRule> {
  let depth = 0
  let start = 0
  let open = 0
  for (let at = 0; at < css.length; at++) {
    if (css[at] === "{") {
      if (depth === 0) open = at
      depth++
    } else if (css[at] === "}" && depth > 0) {
      depth--
      if (depth > 0) continue
      const before = css.slice(start, open)
      // `@charset "utf-8";` and the like have no block.
      const selectors = before.slice(before.lastIndexOf(";") + 1)
      const inner = css.slice(open + 1, at)
      if (!isInner && /^@media\s+(?:only\s+)?(?:screen|all)$/i.test(selectors.trim()))
        yield* rulesIn(inner, true)
      else if (!selectors.includes("@")) yield { selectors, declarations: inner }
      start = at + 1
    }
  }
}

/** Whether the element hides itself and what is in it. Its parents are not looked at. */
export function isHiding(element: MarkupElement, styles: HidingStyles): boolean {
  const { name: tag, attribs } = element
  // A page that must not be put into a frame shows itself by script.
  if (tag === "html" || tag === "body") return false
  if (attribs.inert !== undefined || (tag === "dialog" && attribs.open === undefined)) return true
  if (attribs.hidden !== undefined || attribs["aria-hidden"]?.toLowerCase() === "true") return true
  const { style = "" } = attribs
  if (hides.test(style) || styles.hidden.hold(element, shows.test(style))) return true
  if (isInClosedDetails(element)) return true
  const names = classNames(attribs).map(name => name.toLowerCase())
  return names.some(
    name =>
      hidingClasses.has(name) || closedClasses.get(name)?.every(opening => !names.includes(opening)) === true,
  )
}

function isInClosedDetails({ name, parent }: MarkupElement): boolean {
  if (parent === null || !isElement(parent) || parent.name !== "details") return false
  return parent.attribs.open === undefined && name !== "summary"
}

/** Whether the field is moved off the screen: a trap for robots, or a copy for screen readers. */
export function isOffScreen(element: MarkupElement, { offScreen }: HidingStyles): boolean {
  if (withParent(element).some(({ attribs: { style = "" } }) => movesOffScreen.test(style))) return true
  if (withParent(element).some(place => offScreen.hold(place))) return true
  return classNames(element.attribs).some(name => offScreenClasses.has(name.toLowerCase()))
}

const fades =
  /(?:^|;)\s*(?:opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\((?:50|100)%|transform\s*:\s*scale\(\s*0\s*\)|(?:width|height|font-size)\s*:\s*(?:0|[01]px)\s*(?:;|$))/i

/** Whether the field cannot be seen, although it is there: a trap for robots, or one that is drawn by other elements. */
export function isFaint(element: MarkupElement, { faint }: HidingStyles): boolean {
  return withParent(element).some(place => fades.test(place.attribs.style ?? "") || faint.hold(place))
}

function withParent(element: MarkupElement): readonly MarkupElement[] {
  const { parent } = element
  return parent !== null && isElement(parent) ? [element, parent] : [element]
}

const errorWords = new Set("err alert danger failure failed invalid fel felmeddelande".split(" "))
/** `errors`, `errortext`, and the same in other languages: `fehlermeldung`. */
const errorRoots = /^(?:error|fehler|feil|fejl|virhe|foutmelding)/
/** `alert alert-info`: what is said of something that went well. */
const goodWords = new Set(["info", "success"])

/** A banner is no answer, although it is read out at once. */
const bannerWords = new Set(["cookie", "cookies", "consent", "gdpr"])

/** Whether the page marks the element as an error, or has it read out at once. */
export function isErrorMarked({ attribs }: MarkupElement): boolean {
  const names = [attribs.id ?? "", ...classNames(attribs)]
  const words = names.flatMap(wordsOfName)
  if (words.some(word => errorRoots.test(word))) return true
  if (words.some(word => goodWords.has(word) || bannerWords.has(word))) return false
  const { role = "", "aria-live": live = "" } = attribs
  if (role.toLowerCase() === "alert" || live.toLowerCase() === "assertive") return true
  return words.some(word => errorWords.has(word))
}
