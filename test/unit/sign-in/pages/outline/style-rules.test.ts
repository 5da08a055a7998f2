import { expect, it } from "vitest"
import {
  isElement,
  type MarkupElement,
  parseMarkup,
  walk,
} from "../../../../../src/sign-in/pages/outline/markup.ts"
import { isHiding, readHidingStyles } from "../../../../../src/sign-in/pages/outline/visibility.ts"

/** What hides the one element that is looked for, behind 1,000 rules that hide none and this many elements. */
function isHiddenBehind(elements: number, rule: (n: number) => string): boolean {
  const rules = Array.from({ length: 1_000 }, (_, n) => rule(n)).join("")
  const page = parseMarkup(
    `<style>${rules}.c{display:none}</style>${"<p class=b>".repeat(elements)}<p class=c>`,
  )
  const found: MarkupElement[] = []
  walk(page, node => {
    if (isElement(node)) found.push(node)
    return undefined
  })
  const styles = readHidingStyles(page)
  return found.filter(element => isHiding(element, styles)).some(({ attribs }) => attribs.class === "c")
}

it.each([
  ["other places", (n: number) => `#a${n} .b{display:none}`],
  ["the same place", (n: number) => `.b.b.b.b.b.b.b.b.b.b.b.b[id=a${n}]{display:none}`],
])("1,000 rules for %s are compared 500,000 times, and no more", (_, rule) => {
  expect(isHiddenBehind(10, rule)).toBe(true)
  expect(isHiddenBehind(40_000, rule)).toBe(false)
})
