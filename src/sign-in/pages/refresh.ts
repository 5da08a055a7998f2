import { resolved } from "./form/form.ts"
import { isElement, walk } from "./outline/markup.ts"
import { isRefresh, type Outline } from "./outline/outline.ts"

/** A page that loads another one later than this does so for a time-out. */
const maxRefreshSeconds = 60

/** `3`, `3; url=/adfs/ls/`, `0 url=/adfs/ls/` (HTML, "shared declarative refresh steps"). */
export function readRefresh({ refresh = "", base }: Pick<Outline, "refresh" | "base">) {
  const [, seconds, address] =
    /^\s*(\d+|(?=\.))[\d.]*(?:[\s;,]\s*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*))?/i.exec(refresh) ?? []
  if (seconds === undefined || Number(seconds) > maxRefreshSeconds) return undefined
  const target = address?.trim() ? resolved(address.trim(), base) : undefined
  if (address?.trim() && !/^https?:/.test(target ?? "")) return undefined
  return { delay: Number(seconds) * 1000, address: target }
}

/** The same for browsers that run no scripts: it stands in `<noscript>`. */
export function readScriptlessRefresh({ page, base }: Outline) {
  let refresh: string | undefined
  let depth = 0
  walk(
    page,
    node => {
      if (!isElement(node)) return undefined
      if (node.name === "noscript") depth++
      if (depth > 0 && isRefresh(node)) refresh ??= node.attribs.content
      return node.name !== "template"
    },
    node => {
      if (isElement(node) && node.name === "noscript") depth--
    },
  )
  return readRefresh({ refresh: refresh ?? "", base })
}
