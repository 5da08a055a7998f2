import { parseEnv } from "node:util"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { exportLines } from "../../../src/outputs/export.ts"
import { environmentAfter, hostile, hostileSet } from "../../support/export.ts"
import { checkProperty } from "../../support/property.ts"

describe("--export", () => {
  it("for sh says the same in it, whatever the values hold", () => {
    const lines = exportLines("sh", { set: hostileSet, unset: ["AWS_PROFILE", "NEVER_SET"] })
    expect(environmentAfter("sh", ["-c", 'set -eu; eval "$(cat)"; env -0'], lines)).toEqual(hostileSet)
  })

  it("needs no quotes around $(…) for what AWS gives out", () => {
    const plain = exportLines("bash", { set: { AWS_SESSION_TOKEN: "a/+b==" }, unset: ["AWS_PROFILE"] })
    expect(environmentAfter("sh", ["-c", "eval $(cat); env -0"], plain)).toEqual({
      AWS_SESSION_TOKEN: "a/+b==",
    })
  })

  it("for powershell is lines that Invoke-Expression takes one by one", () => {
    const unset = ["AWS_PROFILE"]
    expect(exportLines("powershell", { set: { A: "it's\n’$x`n", B: "b" }, unset })).toBe(
      "$Env:AWS_PROFILE = $null\n$Env:A = 'it' + [char]39 + 's' + [char]10 + '' + [char]8217 + '$x`n'\n$Env:B = 'b'\n",
    )
  })

  it("for powershell gives back any text, by the rules of its literal strings", async () => {
    await checkProperty(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), value => {
        const [line = "", rest] = exportLines("powershell", { set: { A: value }, unset: [] }).split("\n")
        expect(rest).toBe("")
        expect(readPowershell(line.replace("$Env:A = ", ""))).toBe(value)
      }),
    )
  })

  it("for cmd is what FOR /F and a batch file take alike", () => {
    expect(
      exportLines("cmd", { set: { A: "a/+b==", B: "a b & c | d < e > (f) ^ '" }, unset: ["AWS_PROFILE"] }),
    ).toBe(`set "AWS_PROFILE="\nset "A=a/+b=="\nset "B=a b & c | d < e > (f) ^ '"\n`)
  })

  it("for dotenv is what Node.js reads, and any shell", () => {
    const values = hostile.filter(value => !/['\x00-\x1f]/.test(value))
    const wanted = Object.fromEntries(values.map((value, index) => [`HOSTILE_${index}`, value]))
    const text = exportLines("dotenv", { set: wanted, unset: ["AWS_PROFILE"] })
    expect(parseEnv(text)).toEqual(wanted)
    expect(environmentAfter("sh", ["-c", 'set -a; eval "$(cat)"; env -0'], text)).toEqual({
      ...wanted,
      AWS_PROFILE: "old",
    })
    expect(exportLines("dotenv", { set: { AWS_SESSION_TOKEN: "a/+b==" }, unset: [] })).toBe(
      "AWS_SESSION_TOKEN=a/+b==\n",
    )
  })

  it.each([
    ["cmd", "%PATH%"],
    ["cmd", 'a" & calc & "'],
    ["cmd", "!PATH!"],
    ["cmd", "two\nlines"],
    ["dotenv", "it's"],
    ["dotenv", "two\nlines"],
  ] as const)("for %s refuses %j, and does not show it", (shell, value) => {
    expect(() => exportLines(shell, { set: { AWS_REGION: value }, unset: [] })).toThrow(
      new RegExp(`^AWS_REGION holds a character that cannot be written for ${shell}$`),
    )
  })
})

/** Literal strings and `[char]n`, joined by `+` (about_Quoting_Rules; all of these end a literal string). */
function readPowershell(expression: string): string {
  let value = ""
  for (const part of expression
    .split(" + ' + ")
    .join(" + ")
    .match(/'[^'‘’‚‛]*'|\[char\]\d+/g) ?? []) {
    value += part.startsWith("[") ? String.fromCharCode(Number(part.slice(6))) : part.slice(1, -1)
  }
  return value
}
