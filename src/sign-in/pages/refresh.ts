import { resolved } from "./form.ts"
import type { Outline } from "./outline.ts"

/** A page that loads another one later than this does so for a time-out. */
const maxRefreshSeconds = 60

/** `3`, `3; url=/adfs/ls/`, `0 url=/adfs/ls/` (HTML, "shared declarative refresh steps"). */
export function readRefresh({ refresh = "", base }: Outline) {
  const [, seconds, address] =
    /^\s*(\d+|(?=\.))[\d.]*(?:[\s;,]\s*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*))?/i.exec(refresh) ?? []
  if (seconds === undefined || Number(seconds) > maxRefreshSeconds) return undefined
  const target = address?.trim() ? resolved(address.trim(), base) : undefined
  if (address?.trim() && !/^https?:/.test(target ?? "")) return undefined
  return { delay: Number(seconds) * 1000, address: target }
}
