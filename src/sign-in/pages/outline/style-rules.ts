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

/** What a rule says of one property. */
export interface Setting {
  /** Whether the property has the effect that is looked for, such as hiding. */
  readonly isOn: boolean
  readonly isImportant: boolean
}

/** What holds of all that the rules say of one property of one element. */
export interface Ruling extends Setting {
  /** The specificity of the rule (CSS cascading): a class counts 100. */
  readonly weight: number
}

interface Rule {
  readonly selector: Selector
  readonly settings: ReadonlyMap<string, Setting>
  readonly weight: number
  /** Of two rules of the same weight the later one holds. */
  readonly order: number
}

/** More rules than any sign-in page has for these effects. */
const maxRules = 5_000
/** How many simple selectors are compared in all, so that a hostile page costs no more. */
const maxComparisons = 500_000
const maxSelectorLength = 300
const noRulings: ReadonlyMap<string, Ruling> = new Map()

/** Rules of style sheets. Selectors with pseudo-classes and siblings are left out. */
export class StyleRules {
  /** By the id, class or tag that the element itself must have: `#id`, `.class`, `tag`, `*`. */
  private readonly rules = new Map<string, Rule[]>()
  private count = 0
  private comparisons = 0
  private readonly classes = new Map<MarkupElement, ReadonlySet<string>>()

  /** @param settings by property */
  add(selectors: string, settings: ReadonlyMap<string, Setting>): void {
    if (settings.size === 0) return
    for (const text of selectors.split(",")) {
      if (this.count >= maxRules || text.length > maxSelectorLength) continue
      const selector = readSelector(text)
      if (selector === undefined) continue
      const rule = { selector, settings, weight: weightOf(selector), order: this.count++ }
      const key = keyOf(selector)
      const sameKey = this.rules.get(key)
      if (sameKey === undefined) this.rules.set(key, [rule])
      else sameKey.push(rule)
    }
  }

  /** By property. */
  rulingsFor(element: MarkupElement): ReadonlyMap<string, Ruling> {
    if (this.count === 0 || this.comparisons >= maxComparisons) return noRulings
    const { name, attribs } = element
    const classKeys = [...this.classesOf(element)].map(own => `.${own}`)
    const keys = [`#${attribs.id ?? ""}`, ...classKeys, name, "*"]
    const matching: Rule[] = []
    for (const key of keys)
      for (const rule of this.rules.get(key) ?? []) {
        if (this.comparisons >= maxComparisons) return noRulings
        if (this.matches(element, rule.selector)) matching.push(rule)
      }
    if (matching.length === 0) return noRulings
    matching.sort((one, other) => one.weight - other.weight || one.order - other.order)
    const rulings = new Map<string, Ruling>()
    for (const { settings, weight } of matching)
      for (const [property, { isOn, isImportant }] of settings)
        if (isImportant || rulings.get(property)?.isImportant !== true)
          rulings.set(property, { isOn, isImportant, weight })
    return rulings
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

  private fits(element: MarkupElement, { tag, ids, classes, attributes }: Compound): boolean {
    this.comparisons += 1 + ids.length + classes.length + attributes.length
    const { name, attribs } = element
    if (tag !== undefined && tag !== name) return false
    // Such as `no-js` and `loading`: scripts take these classes away.
    if (classes.length > 0 && (name === "html" || name === "body")) return false
    if (!ids.every(id => attribs.id === id)) return false
    if (classes.length > 0) {
      const own = this.classesOf(element)
      if (!classes.every(wanted => own.has(wanted))) return false
    }
    return attributes.every(([key, value]) => {
      const own = attribs[key]
      return own !== undefined && (value === undefined || own === value)
    })
  }

  private classesOf(element: MarkupElement): ReadonlySet<string> {
    const known = this.classes.get(element)
    if (known !== undefined) return known
    const names = new Set(classNames(element.attribs))
    this.classes.set(element, names)
    return names
  }
}

function keyOf([own]: Selector): string {
  const { tag, ids: [id] = [], classes: [className] = [] } = own?.compound ?? {}
  if (id !== undefined) return `#${id}`
  return className === undefined ? (tag ?? "*") : `.${className}`
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
