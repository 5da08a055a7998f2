import { classNames, isElement, type Markup, type MarkupElement, walk } from "./markup.ts"
import { type Setting, StyleRules } from "./style-rules.ts"

type Effect = "hidden" | "offScreen" | "faint" | "smallType"

/** What the page's style sheets and the element's own style do to an element. */
interface Appearance {
  readonly effects: ReadonlySet<Effect>
  /** Whether the page itself displays it, so that a class does not hide it. */
  readonly isDisplayed: boolean
}

/** What the page's own style sheets do to its elements. */
export interface HidingStyles {
  readonly rules: StyleRules
  readonly known: Map<MarkupElement, Appearance>
}

/** Classes that hide in ADFS' own style sheet and in the usual frameworks. */
const hidingClasses = new Set(
  "hidden hide is-hidden d-none display-none displaynone invisible ng-hide".split(" "),
)
/** Classes that hide in a usual framework, unless an opening class stands beside them. */
const closedClasses = new Set(["tab-pane", "collapse", "modal"])
const openingClasses = new Set("active show in is-active open visible".split(" "))
/** Classes of things that are there for screen readers only. */
const offScreenClasses = new Set(
  "sr-only visually-hidden visuallyhidden screen-reader-only screen-reader-text".split(" "),
)
interface Property {
  readonly effect: Effect
  /** Values with the effect. */
  readonly values: RegExp
}

const notVisible: Property = { effect: "hidden", values: /^(?:hidden|collapse)\b/i }
/** So far to the left or above that no screen shows it. */
const away: Property = { effect: "offScreen", values: /^-\d{3,}/ }
const tiny: Property = { effect: "faint", values: /^(?:0|[01]px)$/i }
/** Each property cascades for itself: `display: block` does not end `visibility: hidden`. */
const properties: ReadonlyMap<string, Property> = new Map([
  ["display", { effect: "hidden", values: /^none\b/i }],
  ["visibility", notVisible],
  ["content-visibility", notVisible],
  ["left", away],
  ["top", away],
  ["margin-left", away],
  ["margin-top", away],
  ["opacity", { effect: "faint", values: /^0(?:\.0+)?$/ }],
  ["clip", { effect: "faint", values: /^rect\(\s*0/i }],
  ["clip-path", { effect: "faint", values: /^inset\((?:50|100)%/i }],
  ["transform", { effect: "faint", values: /^scale\(\s*0\s*\)/i }],
  ["width", tiny],
  ["height", tiny],
  // Fields do not inherit it; a row may have none, so that no gaps are between its fields.
  ["font-size", { effect: "smallType", values: tiny.values }],
])
/** A style sheet draws boxes back by less, to place them. */
const sheetMargin = /^-(?:999|\d{4,})/
const centred = /(?:^|;)\s*(?:left|top)\s*:\s*\d[\d.]*%/i
const maxStyleLength = 200_000
/** Media of a style sheet that holds on every screen. */
const screens = /^\s*(?:(?:only\s+)?(?:screen|all))?\s*$/i
/** Of the rule `.modal { display: none }` in a style sheet that is not read. */
const classWeight = 100

export function readHidingStyles(page: Markup): HidingStyles {
  const rules = new StyleRules()
  walk(page, node => {
    if (!isElement(node) || node.name !== "style" || !screens.test(node.attribs.media ?? "")) return undefined
    for (const child of node.children) {
      if (child.type !== "text") continue
      const css = child.data.slice(0, maxStyleLength).replace(/\/\*[\s\S]*?(?:\*\/|$)|<!--|-->/g, " ")
      for (const { selectors, declarations } of rulesIn(css))
        rules.add(selectors, settingsIn(declarations, sheetMargin))
    }
    return false
  })
  return { rules, known: new Map() }
}

/** By property, of those that have an effect here. */
function settingsIn(declarations: string, margin: RegExp): ReadonlyMap<string, Setting> {
  const isCentred = centred.test(declarations)
  const settings = new Map<string, Setting>()
  for (const declaration of declarations.split(";")) {
    const [name = "", ...rest] = declaration.split(":")
    const property = name.trim().toLowerCase()
    const { effect, values } = properties.get(property) ?? {}
    if (values === undefined) continue
    const [value = "", priority] = rest.join(":").split("!")
    const isImportant = priority?.trim().toLowerCase() === "important"
    if (settings.get(property)?.isImportant === true && !isImportant) continue
    const isMargin = property.startsWith("margin")
    const pattern = effect === "offScreen" ? margin : values
    const isOn = !(isMargin && isCentred) && pattern.test(value.trim())
    settings.set(property, { isOn, isImportant })
  }
  return settings
}

function appearanceOf(element: MarkupElement, { rules, known }: HidingStyles): Appearance {
  const old = known.get(element)
  if (old !== undefined) return old
  const own = settingsIn(element.attribs.style ?? "", away.values)
  const rulings = rules.rulingsFor(element)
  const effects = new Set<Effect>()
  for (const [property, { effect }] of own.size + rulings.size === 0 ? [] : properties) {
    const ruling = rulings.get(property)
    const isOverruled = own.has(property) && ruling?.isImportant !== true
    if (own.get(property)?.isOn === true || (ruling?.isOn === true && !isOverruled)) effects.add(effect)
  }
  const { isOn, weight = 0 } = rulings.get("display") ?? {}
  const isDisplayed = own.get("display")?.isOn === false || (isOn === false && weight >= classWeight)
  const appearance = { effects, isDisplayed }
  known.set(element, appearance)
  return appearance
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
  const { effects, isDisplayed } = appearanceOf(element, styles)
  if (effects.has("hidden") || isInClosedDetails(element)) return true
  const names = classNames(attribs).map(name => name.toLowerCase())
  if (names.some(name => hidingClasses.has(name))) return true
  if (isDisplayed || names.some(name => openingClasses.has(name))) return false
  return names.some(name => closedClasses.has(name))
}

function isInClosedDetails({ name, parent }: MarkupElement): boolean {
  if (parent === null || !isElement(parent) || parent.name !== "details") return false
  return parent.attribs.open === undefined && name !== "summary"
}

/** Whether the field is moved off the screen: a trap for robots, or a copy for screen readers. */
export function isOffScreen(element: MarkupElement, styles: HidingStyles): boolean {
  if (withParent(element).some(place => appearanceOf(place, styles).effects.has("offScreen"))) return true
  return classNames(element.attribs).some(name => offScreenClasses.has(name.toLowerCase()))
}

/** Whether the field cannot be seen, although it is there: a trap for robots, or one that is drawn by other elements. */
export function isFaint(element: MarkupElement, styles: HidingStyles): boolean {
  if (appearanceOf(element, styles).effects.has("smallType")) return true
  return withParent(element).some(place => appearanceOf(place, styles).effects.has("faint"))
}

function withParent(element: MarkupElement): readonly MarkupElement[] {
  const { parent } = element
  return parent !== null && isElement(parent) ? [element, parent] : [element]
}
