import { classNames, isElement, type MarkupElement } from "./markup.ts"

/** `tag#id.class[attribute=value]`, without what is not known here. */
interface Compound {
  readonly tag: string | undefined
  readonly ids: readonly string[]
  readonly classes: readonly string[]
  readonly attributes: readonly (readonly [name: string, value: string | undefined])[]
}

/** Compounds from the right; each with whether it is the parent of the one before, or any ancestor. */
type Selector = readonly { readonly compound: Compound; readonly isParent: boolean }[]

interface Rule {
  readonly selector: Selector
  readonly isOn: boolean
  /** Its specificity (CSS cascading): of two rules the heavier one holds, else the later one. */
  readonly weight: number
}

/** More rules than any sign-in page has for one effect. */
const maxRules = 1_000
/** How many compounds are compared in all, so that a hostile page costs no more. */
const maxComparisons = 2_000_000
const maxSelectorLength = 300
const importance = 1_000_000

/**
 * Rules of style sheets that switch one effect on or off, such as hiding. Selectors with pseudo-classes and siblings are
 * left out.
 */
export class StyleRules {
  private readonly rules: Rule[] = []
  private comparisons = 0
  private readonly known = new Map<MarkupElement, Rule | undefined>()

  /** @param isOn whether the rule has the effect, or ends it */
  add(selectors: string, isOn: boolean, isImportant: boolean): void {
    for (const text of selectors.split(",")) {
      if (this.rules.length >= maxRules || text.length > maxSelectorLength) continue
      const selector = readSelector(text)
      if (selector === undefined) continue
      const weight = weightOf(selector) + (isImportant ? importance : 0)
      this.rules.push({ selector, isOn, weight })
    }
  }

  /** @param isOverruled whether the element's own style says otherwise */
  hold(element: MarkupElement, isOverruled = false): boolean {
    if (this.rules.length === 0) return false
    const rule = this.ruleFor(element)
    return rule?.isOn === true && (!isOverruled || rule.weight >= importance)
  }

  private ruleFor(element: MarkupElement): Rule | undefined {
    if (this.known.has(element)) return this.known.get(element)
    let holding: Rule | undefined
    for (const rule of this.rules)
      if (rule.weight >= (holding?.weight ?? 0) && this.matches(element, rule.selector)) holding = rule
    this.known.set(element, holding)
    return holding
  }

  private matches(element: MarkupElement, selector: Selector): boolean {
    const [own, ...outer] = selector
    if (own === undefined || !this.fits(element, own.compound)) return false
    let place = parentOf(element)
    for (const { compound, isParent } of outer) {
      while (place !== undefined && !isParent && !this.fits(place, compound)) place = parentOf(place)
      if (place === undefined || !this.fits(place, compound)) return false
      place = parentOf(place)
    }
    return true
  }

  private fits({ name, attribs }: MarkupElement, compound: Compound): boolean {
    if (++this.comparisons > maxComparisons) return false
    const { tag, ids, classes, attributes } = compound
    if (tag !== undefined && tag !== name) return false
    if (!ids.every(id => attribs.id === id)) return false
    if (classes.length > 0) {
      const own = classNames(attribs)
      if (!classes.every(wanted => own.includes(wanted))) return false
    }
    return attributes.every(([key, value]) => {
      const own = attribs[key]
      return own !== undefined && (value === undefined || own === value)
    })
  }
}

function parentOf({ parent }: MarkupElement): MarkupElement | undefined {
  return parent !== null && isElement(parent) ? parent : undefined
}

function weightOf(selector: Selector): number {
  const counts = selector.map(({ compound: { tag, ids, classes, attributes } }) => {
    const types = tag === undefined ? 0 : 1
    return ids.length * 10_000 + (classes.length + attributes.length) * 100 + types
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

function readSelector(text: string): Selector | undefined {
  const parts = text
    .trim()
    .replace(/\s*>\s*/g, " >")
    .split(/\s+/)
    .reverse()
  const selector: { compound: Compound; isParent: boolean }[] = []
  let isParent = false
  for (const part of parts) {
    const compound = readCompound(part.replace(/^>/, ""))
    if (compound === undefined) return undefined
    selector.push({ compound, isParent })
    isParent = part.startsWith(">")
  }
  return selector
}

const simple =
  /([a-z][\w-]*|\*)|#([\w-]+)|\.([\w-]+)|\[\s*([\w-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*)?\]/giy

function readCompound(text: string): Compound | undefined {
  const ids: string[] = []
  const classes: string[] = []
  const attributes: [string, string | undefined][] = []
  let tag: string | undefined
  simple.lastIndex = 0
  for (let at = 0; at < text.length; at = simple.lastIndex) {
    simple.lastIndex = at
    const found = simple.exec(text)
    if (found === null) return undefined
    const [, name, id, className, attribute, ...values] = found
    if (name !== undefined && at > 0) return undefined
    if (name !== undefined && name !== "*") tag = name.toLowerCase()
    if (id !== undefined) ids.push(id)
    if (className !== undefined) classes.push(className)
    if (attribute !== undefined)
      attributes.push([attribute.toLowerCase(), values.find(value => value !== undefined)])
  }
  return text === "" ? undefined : { tag, ids, classes, attributes }
}
