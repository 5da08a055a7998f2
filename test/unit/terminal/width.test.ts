import { describe, expect, it } from "vitest"
import { cut, displayWidth, pieces, wrapLine } from "../../../src/terminal/width.ts"

describe("cut", () => {
  it.each([
    ["abcdef", 6, "…", "abcdef"],
    ["abcdef", 5, "…", "abcd…"],
    ["abcdef", 5, "..", "abc.."],
    ["abcdef", 1, "..", "."],
    ["abcdef", 0, "…", ""],
    ["東京都", 5, "…", "東京…"],
    ["東京都", 4, "…", "東…"],
    ["שלום-עולם", 4, "…", "שלו…"],
    ["שלום-עולם", 8, "…", "שלום-עו…"],
    ["e\u0301e\u0301e\u0301", 2, "…", "e\u0301…"],
    ["🇳🇴🇸🇪🇩🇰", 4, "…", "🇳🇴…"],
    ["한국어", 5, "..", "한.."],
  ])("%s in %i columns with %s: %s", (text, width, ellipsis, expected) => {
    expect(cut(text, width, ellipsis)).toBe(expected)
    expect(displayWidth(expected)).toBeLessThanOrEqual(width)
  })
})

it.each([
  ["abcdef", 4, ["abcd", "ef"]],
  ["abcd", 4, ["abcd"]],
  ["", 4, [""]],
  ["東京都", 4, ["東京", "都"]],
  ["東京", 1, ["東京"]],
  ["שלום-עולם", 4, ["שלום", "-עול", "ם"]],
])("%s in pieces of %i columns", (text, width, expected) => {
  expect(pieces(text, width)).toEqual(expected)
})

it.each([
  ["what fits", "warning: short", 20, ["warning: short"]],
  ["words", "pum-aws: ADFS refused the user name", 20, ["pum-aws: ADFS", "  refused the user", "  name"]],
  ["to the last column", "aaaa bbbb cccc", 9, ["aaaa bbbb", "  cccc"]],
  [
    "what is indented",
    "  arn:aws:iam::585848786654:role/Admin, valid until 15:46",
    40,
    ["  arn:aws:iam::585848786654:role/Admin,", "    valid until 15:46"],
  ],
  [
    "no word in two: it may be copied",
    "hint: see https://example.com/a/long/address now",
    20,
    ["hint: see", "  https://example.com/a/long/address", "  now"],
  ],
  ["a long first word", "https://example.com/a/long/address", 20, ["https://example.com/a/long/address"]],
  [
    "a table's line",
    "✔ prod   Prod   Admin   valid until 15:46",
    30,
    ["✔ prod   Prod   Admin   valid", "  until 15:46"],
  ],
  ["nothing", "", 5, [""]],
  ["blanks", "          ", 5, ["          "]],
])("breaks between words: %s", (_, line, width, expected) => {
  expect(wrapLine(line, width)).toEqual(expected)
})
