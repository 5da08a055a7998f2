import { plain } from "../../../errors.ts"
import { isElement, type Markup, type MarkupElement, type MarkupNode, walk } from "./markup.ts"
import { isInline, isSilent, type Outline } from "./outline.ts"
import { isHiding } from "./visibility.ts"

/** Longest text of a page that is shown. */
export const maxWords = 500

/** Visible text, one entry a block; a link is followed by its address. */
export function visibleBlocks(
  { styles, base }: Outline,
  root: Markup | MarkupElement,
  isLeftOut: (element: MarkupElement) => boolean = () => false,
): string[] {
  const blocks: string[] = []
  let block = ""
  const end = () => {
    const text = plain(block, maxWords)
    if (text !== "") blocks.push(text)
    block = ""
  }
  const isSkipped = (element: MarkupElement) =>
    isSilent(element) || isHiding(element, styles) || isLeftOut(element)
  const enter = (node: MarkupNode) => {
    if (node.type === "text" && block.length < 10 * maxWords) block += node.data
    if (!isElement(node)) return undefined
    // Text behind a box or radio is a name of its own.
    if (!isInline(node) || node.name === "input") end()
    return !isSkipped(node)
  }
  walk(root, enter, node => {
    if (!isElement(node)) return
    if (!isInline(node)) end()
    else if (node.name === "a" && !isSkipped(node)) block += linkAddress(node, base, block)
  })
  end()
  return blocks
}

function linkAddress({ attribs }: MarkupElement, base: string, text: string): string {
  const { href = "" } = attribs
  if (href.startsWith("#") || !URL.canParse(href, base)) return ""
  const address = new URL(href, base)
  if (!["http:", "https:"].includes(address.protocol)) return ""
  const shown = /^https?:/i.test(href) ? href : address.href
  return text.includes(shown) ? "" : ` (${shown})`
}

/** The text of an element, hidden or not; blocks stand apart. */
export function allText(
  element: MarkupElement,
  isLeftOut: (inner: MarkupElement) => boolean = () => false,
): string {
  const texts: string[] = []
  walk(element, node => {
    if (node.type === "text") texts.push(node.data)
    if (!isElement(node)) return undefined
    if (!isInline(node)) texts.push(" ")
    return !(["script", "style", "select", "textarea", "svg"].includes(node.name) || isLeftOut(node))
  })
  return texts.join("")
}

/** The text of a label. It may be hidden as a whole; parts that are hidden in it are not its name, such as a help text. */
export function labelText({ styles }: Outline, element: MarkupElement): string {
  return allText(element, inner => inner !== element && isHiding(inner, styles))
}

/** Blocks in one line, each with a full stop unless it ends with a mark of its own. */
export function joined(blocks: readonly string[]): string | undefined {
  if (blocks.length === 0) return undefined
  const sentences = blocks.map((block, at) =>
    at === blocks.length - 1 || /[\p{P}\p{S}]$/u.test(block) ? block : `${block}.`,
  )
  return plain(sentences.join(" "), maxWords)
}
