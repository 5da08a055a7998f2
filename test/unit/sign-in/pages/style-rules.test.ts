import { expect, it } from "vitest"
import { isElement, type MarkupElement, parseMarkup, walk } from "../../../../src/sign-in/pages/markup.ts"
import { isHiding, readHidingStyles } from "../../../../src/sign-in/pages/visibility.ts"

it.each([
  ["other places", (n: number) => `#a${n} .b{display:none}`],
  ["the same place", (n: number) => `.b.b.b.b.b.b.b.b.b.b.b.b[id=a${n}]{display:none}`],
])("1,000 rules for %s cost 40,000 elements little", (_, rule) => {
  const rules = Array.from({ length: 1_000 }, (_, n) => rule(n)).join("")
  const page = parseMarkup(`<style>${rules}</style>${"<p class=b>".repeat(40_000)}`)
  const elements: MarkupElement[] = []
  walk(page, node => {
    if (isElement(node)) elements.push(node)
    return undefined
  })
  const before = process.cpuUsage()
  const styles = readHidingStyles(page)
  expect(elements.filter(element => isHiding(element, styles))).toEqual([])
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
})
