import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { endOfOptions, quoteWord } from "../../../src/platform/quoting.ts"
import { sample } from "../../support/property.ts"

/** Of the characters that mean something to a shell. */
const anyWord = fc.string({ unit: fc.constantFrom(..." \t\n'\"\\\\$`!*?[]{}()<>|&;#~=%^-aZ9ü") })

describe("quoteWord", () => {
  it("gives every word back from a shell", () => {
    const words = [
      "",
      "it's",
      "''",
      "a b",
      "$(id)",
      "adm\\x",
      "~",
      "*",
      "#a",
      "-n",
      "ü",
      ...sample(anyWord, 200),
    ]
    const command = `printf '%s\\0' ${words.map(word => quoteWord(word)).join(" ")}`
    const output = execFileSync("sh", ["-c", command], { encoding: "utf8" })
    expect(output.split("\0").slice(0, -1)).toEqual(words)
  })

  it.each(["adm-x", "a.b/c:d=e,f@g%h+i"])("leaves %s as it is", word => {
    expect(quoteWord(word)).toBe(word)
  })

  it.each([
    ["adm\\dev_aly", "adm\\dev_aly"],
    ["C:\\my files\\x.env", '"C:\\my files\\x.env"'],
    ["a&b", '"a&b"'],
    ["x@y", '"x@y"'],
    ["", '""'],
  ])("writes %j so that cmd and PowerShell understand it", (word, quoted) => {
    expect(quoteWord(word, "win32")).toBe(quoted)
  })
})

describe("endOfOptions", () => {
  it("is in quotes on Windows, because PowerShell drops a bare -- before the script that npm installs", () => {
    expect(endOfOptions("win32")).toBe('"--"')
    expect(endOfOptions("linux")).toBe("--")
  })
})
