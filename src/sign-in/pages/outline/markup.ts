import { DomHandler, Parser, type parseDocument } from "htmlparser2"
import { PumError } from "../../../errors.ts"

export type Markup = ReturnType<typeof parseDocument>
export type MarkupNode = Markup["children"][number]
export type MarkupElement = Extract<MarkupNode, { readonly attribs: unknown }>

/**
 * How much of a page is parsed. Real pages of ADFS have about 5 forms, 30 controls and 200 elements; a hostile page of
 * a few kilobytes could otherwise keep the reader busy for minutes. Pieces are texts, entities in them, and comments.
 */
export const markupLimits = {
  forms: 20,
  controls: 2_000,
  depth: 500,
  elements: 50_000,
  attributes: 100_000,
  pieces: 100_000,
}

type Counted = keyof typeof markupLimits

/** What a page has too much of, in messages. */
const excess: Readonly<Record<Counted, string>> = {
  forms: "more forms",
  controls: "more controls",
  depth: "deeper nesting",
  elements: "more elements",
  attributes: "more attributes",
  pieces: "more pieces of text",
}

/** Elements that are controls of forms. */
export const controlTags = new Set(["input", "select", "textarea", "button"])

/** Builds the tree, and counts while it grows. */
class CountingHandler extends DomHandler {
  private readonly counts: Record<Counted, number> = {
    forms: 0,
    controls: 0,
    depth: 0,
    elements: 0,
    attributes: 0,
    pieces: 0,
  }

  override onopentag(name: string, attributes: { [key: string]: string }): void {
    this.count("elements")
    this.count("depth")
    if (name === "form") this.count("forms")
    if (controlTags.has(name)) this.count("controls")
    super.onopentag(name, attributes)
  }

  override onclosetag(): void {
    this.counts.depth--
    super.onclosetag()
  }

  onattribute(): void {
    this.count("attributes")
  }

  override ontext(data: string): void {
    this.count("pieces")
    super.ontext(data)
  }

  override oncomment(data: string): void {
    this.count("pieces")
    super.oncomment(data)
  }

  override onprocessinginstruction(name: string, data: string): void {
    this.count("pieces")
    super.onprocessinginstruction(name, data)
  }

  private count(what: Counted): void {
    this.counts[what]++
    if (this.counts[what] <= markupLimits[what]) return
    throw new PumError(
      "idpPage",
      `ADFS sent a page with ${excess[what]} than any sign-in page has (limit: ${markupLimits[what]}); it was not read`,
    )
  }
}

/**
 * Parses a page as a browser would, scripts not run.
 * @throws PumError `idpPage` as soon as the page exceeds one of `markupLimits`
 */
export function parseMarkup(html: string): Markup {
  const handler = new CountingHandler()
  new Parser(handler).end(html)
  return handler.root
}

export function isElement(node: MarkupNode): node is MarkupElement {
  return "attribs" in node
}

export function classNames(attribs: MarkupElement["attribs"]): string[] {
  return (attribs.class ?? "").split(/\s+/).filter(name => name !== "")
}

/** The words of a name or id, in lower case: `errorText`, `error-text`. */
export function wordsOfName(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
}

/** The text directly in an element. */
export function childText(element: MarkupElement): string {
  return element.children.map(child => (child.type === "text" ? child.data : "")).join("")
}

/**
 * Goes over a node and everything in it once, in document order. Every look at a whole page is a call of this function,
 * so that the cost of reading a page can be counted.
 * @param enter returns false to leave out what is inside
 * @param leave is called after what is inside, also where that was left out
 */
export function walk(
  node: Markup | MarkupNode,
  enter: (node: MarkupNode) => boolean | undefined,
  leave?: (node: MarkupNode) => void,
): void {
  if (node.type === "root") {
    for (const child of node.children) walk(child, enter, leave)
    return
  }
  const goesIn = enter(node) !== false
  if (goesIn && "children" in node) for (const child of node.children) walk(child, enter, leave)
  leave?.(node)
}
