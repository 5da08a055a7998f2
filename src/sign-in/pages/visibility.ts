import { isElement, type Markup, type MarkupElement, walk } from "./markup.ts"

/** Ids and classes that the page's own style sheets hide. */
export interface HidingStyles {
  readonly ids: ReadonlySet<string>
  readonly classes: ReadonlySet<string>
}

/** Classes that hide in ADFS' own style sheet and in the usual frameworks. */
const hidingClasses = new Set(
  "hidden hide is-hidden d-none display-none displaynone invisible ng-hide".split(" "),
)
/** Classes of things that are there for screen readers only. */
const offScreenClasses = new Set(
  "sr-only visually-hidden visuallyhidden screen-reader-only screen-reader-text".split(" "),
)
const hides = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b/i
/** So far to the left or above that no screen shows it. */
const movesOffScreen = /(?:^|;)\s*(?:left|top|margin-left|margin-top)\s*:\s*-\d{3,}/i
const maxStyleLength = 200_000

export function readHidingStyles(page: Markup): HidingStyles {
  const ids = new Set<string>()
  const classes = new Set<string>()
  walk(page, node => {
    if (!isElement(node) || node.name !== "style") return undefined
    for (const child of node.children) {
      if (child.type !== "text") continue
      for (const { selectors, declarations } of topLevelRules(child.data.slice(0, maxStyleLength))) {
        if (!hides.test(declarations)) continue
        for (const selector of selectors.split(",")) {
          const [, id, name] =
            /^\s*(?:(?:html|body|form)[\s>]+)*(?:[a-z]+)?(?:#([\w-]+)|\.([\w-]+))\s*$/i.exec(selector) ?? []
          if (id !== undefined) ids.add(id)
          if (name !== undefined) classes.add(name)
        }
      }
    }
    return false
  })
  return { ids, classes }
}

/** Rules that hold whatever the medium: those in `@media` and the like are left out. */
function* topLevelRules(css: string): Generator<{ selectors: string; declarations: string }> {
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
      const selectors = css.slice(start, open)
      if (!selectors.includes("@")) yield { selectors, declarations: css.slice(open + 1, at) }
      start = at + 1
    }
  }
}

/** Whether the element hides itself and what is in it. Its parents are not looked at. */
export function isHiding({ name: tag, attribs }: MarkupElement, { ids, classes }: HidingStyles): boolean {
  // A page that must not be put into a frame shows itself by script.
  if (tag === "html" || tag === "body") return false
  if (attribs.inert !== undefined || (tag === "dialog" && attribs.open === undefined)) return true
  if (attribs.hidden !== undefined || attribs["aria-hidden"]?.toLowerCase() === "true") return true
  if (hides.test(attribs.style ?? "") || ids.has(attribs.id ?? "")) return true
  return classNames(attribs).some(name => hidingClasses.has(name.toLowerCase()) || classes.has(name))
}

/** Whether the field is moved off the screen: a trap for robots, or a copy for screen readers. */
export function isOffScreen({ attribs, parent }: MarkupElement): boolean {
  const styles = [attribs.style, parent !== null && isElement(parent) ? parent.attribs.style : undefined]
  if (styles.some(style => movesOffScreen.test(style ?? ""))) return true
  return classNames(attribs).some(name => offScreenClasses.has(name.toLowerCase()))
}

const fades =
  /(?:^|;)\s*(?:opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\((?:50|100)%|transform\s*:\s*scale\(\s*0\s*\)|(?:width|height|font-size)\s*:\s*0(?:px)?\s*(?:;|$))/i

/** Whether the field cannot be seen, although it is there: a trap for robots, or one that is drawn by other elements. */
export function isFaint({ attribs, parent }: MarkupElement): boolean {
  const styles = [attribs.style, parent !== null && isElement(parent) ? parent.attribs.style : undefined]
  return styles.some(style => fades.test(style ?? ""))
}

export function classNames(attribs: MarkupElement["attribs"]): string[] {
  return (attribs.class ?? "").split(/\s+/).filter(name => name !== "")
}

const errorWords = new Set("err alert danger failure failed invalid fel felmeddelande".split(" "))
/** `errors`, `errortext`, and the same in other languages: `fehlermeldung`. */
const errorRoots = /^(?:error|fehler|feil|fejl|virhe|foutmelding)/
/** `alert alert-info`: what is said of something that went well. */
const goodWords = new Set(["info", "success"])

/** Whether the page marks the element as an error, or has it read out at once. */
export function isErrorMarked({ attribs }: MarkupElement): boolean {
  const names = [attribs.id ?? "", ...classNames(attribs)]
  const words = names.flatMap(name =>
    name
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^a-z]+/),
  )
  if (words.some(word => errorRoots.test(word))) return true
  if (words.some(word => goodWords.has(word))) return false
  const { role = "", "aria-live": live = "" } = attribs
  if (role.toLowerCase() === "alert" || live.toLowerCase() === "assertive") return true
  return words.some(word => errorWords.has(word))
}
