import { resolved } from "./form/form.ts"
import { isElement, type MarkupElement, walk } from "./outline/markup.ts"
import { isSameOrigin, type Outline } from "./outline/outline.ts"
import { isHiding } from "./outline/visibility.ts"

/**
 * The address of the page that a page shows in a frame, if the page's own server sends it. Of several frames, the only
 * one below ADFS' own path.
 */
export function framedAddress(outline: Outline): string | undefined {
  const { page, styles, base, url } = outline
  const addresses = new Set<string>()
  walk(page, node => {
    if (!isElement(node)) return undefined
    if (unseenTags.has(node.name) || isHiding(node, styles) || isTiny(node)) return false
    if (node.name !== "frame" && node.name !== "iframe") return undefined
    const address = resolved(node.attribs.src?.trim() ?? "", base)
    if (address !== undefined && isSameOrigin(address, outline)) addresses.add(address)
    return false
  })
  addresses.delete(url)
  const own = [...addresses].filter(address => /^\/adfs\//i.test(new URL(address).pathname))
  const shown = addresses.size > 1 ? own : [...addresses]
  return shown.length === 1 ? shown[0] : undefined
}

const unseenTags = new Set(["noscript", "noframes", "template", "script"])

/** Frames without a size are there for their scripts. */
const isTiny = ({ name, attribs: { width, height } }: MarkupElement) =>
  name === "iframe" && [width, height].some(size => /^[01](?:px)?$/.test(size?.trim() ?? ""))
