import { describe, expect, it } from "vitest"
import { Menu } from "../../../src/terminal/menu.ts"
import type { Row } from "../../../src/terminal/rows.ts"
import { styleFor } from "../../../src/terminal/style.ts"
import { displayWidth } from "../../../src/terminal/width.ts"

const style = styleFor(false, false, { LANG: "C.UTF-8" })
const message = "Please choose the AWS account and role you would like to assume:"
const long = "R".repeat(64)
const rows = Array.from({ length: 500 }, (_, index) => {
  const role = index === 7 ? long : `Role${index}`
  const account = index % 2 === 0 ? `Account-${index}` : String(100_000_000_000 + index)
  return [account, role, `arn:aws:iam::${100_000_000_000 + index}:role/${role}`]
})
const menuOf = (some: readonly Row[], question = message, presentRows: Redact = all => all) =>
  new Menu({ message: question, rows: some, presentRows, style })
type Redact = (rows: readonly Row[]) => readonly Row[]
const textOf = (menu: Menu, size: { columns: number; lines: number }) => {
  const { above, below } = menu.frame(size)
  return [...above, ...below]
}

describe("at every size", () => {
  const columns = [1, 2, 5, 8, 10, 20, 37, 40, 60, 80, 100, 140, 200]
  const heights = [1, 2, 3, 5, 8, 12, 24, 60]
  const sizes = columns.flatMap(width => heights.map(height => [width, height] as const))

  it.each(sizes)(
    "the row that is marked can be seen, and nothing is wider or higher: %i x %i",
    (width, height) => {
      const menu = menuOf(rows)
      for (const steps of [0, 6, 1, 1, 100, Number.POSITIVE_INFINITY, -3, Number.NEGATIVE_INFINITY]) {
        menu.move(steps)
        const size = { columns: width, lines: height }
        const lines = textOf(menu, size)
        expect(lines.filter(line => line.startsWith("  ❯"))).toHaveLength(1)
        expect(lines.length).toBeLessThanOrEqual(Math.max(2, height - 1))
        if (width >= 20) for (const line of lines) expect(displayWidth(line)).toBeLessThan(width)
      }
    },
  )

  it.each(columns.filter(width => width >= 37))(
    "account and role of each row are shown: %i columns",
    width => {
      const menu = menuOf(rows)
      for (let index = 0; index < 20; index++) {
        const lines = textOf(menu, { columns: width, lines: 40 })
        const marked = lines.find(line => line.startsWith("  ❯")) ?? ""
        const [account = "", role = ""] = rows[index] ?? []
        expect(marked).toContain(account)
        expect(marked).toContain(role.slice(0, 12))
        // What the line has no room for stands in full below the list.
        expect(lines.map(line => line.trim()).join("")).toContain(role)
        menu.move(1)
      }
    },
  )
})

describe("the footer", () => {
  it.each([
    [140, "1/500 · type to filter, ↑↓ to move, Enter to choose, Esc to leave"],
    [60, "1/500 · type to filter, ↑↓ to move, Enter to choose"],
    [40, "1/500 · type to filter"],
    [20, "1/500"],
  ])("says where in the list one is, and what fits of the keys: %i columns", (width, text) => {
    const menu = menuOf(rows)
    expect(textOf(menu, { columns: width, lines: 24 }).at(-1)).toBe(`    ${text}`)
  })

  it("counts what matches, and says if nothing does", () => {
    const menu = menuOf(rows)
    menu.setFilter("role1")
    menu.move(4)
    expect(textOf(menu, { columns: 40, lines: 24 }).at(-1)).toBe("    5/111 of 500 · type to filter")
    menu.setFilter("xyz")
    expect(textOf(menu, { columns: 40, lines: 24 }).slice(-2)).toEqual([
      "  > xyz",
      "    0/0 of 500 · nothing matches",
    ])
    expect(menu.marked).toBeUndefined()
    expect(textOf(menu, { columns: 20, lines: 24 }).at(-1)).toBe("    0/0 of 500")
  })
})

it("what is typed stays in view at its end", () => {
  const menu = menuOf(rows, "Choose:")
  menu.setFilter("a\tlong filter that has more letters than the screen")
  expect(menu.frame({ columns: 30, lines: 10 }).above.at(-1)).toBe("  > e letters than the screen")
})

it("a line of the last column is not filled: some terminals would put an empty line behind it", () => {
  const menu = menuOf([["A".repeat(35), ""]], "M".repeat(39))
  for (const line of textOf(menu, { columns: 40, lines: 10 })) expect(line.length).toBeLessThan(40)
})

it("what is on the screen is redacted, and nothing else has to be", () => {
  let searched = 0
  const menu = menuOf(rows, message, some => {
    searched += some.length
    return some.map(row => row.map(cell => cell.replace(/Role3\b|R{64}/, "[redacted]")))
  })
  const size = { columns: 80, lines: 24 }
  expect(textOf(menu, size).join("\n")).toMatch(/\[redacted\][\s\S]*Role4/)
  expect(textOf(menu, size).join("\n")).not.toMatch(/Role3\b|RRRR/)
  expect(searched).toBeLessThan(100)
  menu.move(3)
  expect(textOf(menu, size).join("\n")).not.toMatch(/Role3\b/)
  expect(menu.chosen(size).join("\n")).toContain("[redacted]")
})
