import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseEnv } from "node:util"
import fc from "fast-check"
import { describe, expect, it, onTestFinished } from "vitest"
import type { Shell } from "../../../src/options/modes.ts"
import { exportFor } from "../../../src/outputs/export.ts"
import { checkProperty } from "../../support/property.ts"

const hostile = [
  "IQoJb3JpZ2luX2Vj/+abc==",
  "it's",
  `"quoted" 'twice'`,
  "back\\slash\\",
  "\\'",
  "$(touch /tmp/pum-aws-was-here) `id` $HOME",
  "a; exit 9 && b | c > d &",
  "two\nlines\n\n",
  "\ttabs and   blanks ",
  "* ? [a-z] {a,b} ~",
  "-n",
  "!! %PATH% ^ #",
  "’‘‚‛ “typographic” ü 日本",
  "\u0001\u001b[31m\r",
  "",
]
const set = Object.fromEntries(hostile.map((value, index) => [`HOSTILE_${index}`, value]))
const lines = (shell: Shell) => exportFor(shell, { set, unset: ["AWS_PROFILE", "NEVER_SET"] })

/** What the shell's child processes see. */
function environmentAfter(command: string, args: readonly string[], input: string): Record<string, string> {
  const output = execFileSync(command, [...args], {
    input,
    env: { PATH: process.env.PATH ?? "", HOME: "/nowhere", AWS_PROFILE: "old", LANG: "C.UTF-8" },
    encoding: "utf8",
    timeout: 20_000,
  })
  const entries = output.split("\0").map(entry => [entry.replace(/=.*$/s, ""), entry.replace(/^.*?=/s, "")])
  return Object.fromEntries(entries.filter(([name = ""]) => /^(HOSTILE|AWS)_/.test(name)))
}

const inPosix = 'set -eu; eval "$(cat)"; env -0'

describe("--export", () => {
  it.each([
    ["bash", "bash", ["--norc", "-c", inPosix]],
    ["zsh", "zsh", ["-f", "-c", inPosix]],
    ["sh", "dash", ["-c", inPosix]],
    ["fish", "fish", ["--no-config", "-c", "cat | source; env -0"]],
    ["fish", "fish", ["--no-config", "-c", "eval (cat); env -0"]],
  ] as const)("for %s says the same in %s %j, whatever the values hold", (shell, command, args) => {
    expect(environmentAfter(command, args, lines(shell))).toEqual(set)
  })

  it("needs no quotes around $(…) for what AWS gives out", () => {
    const plain = exportFor("bash", { set: { AWS_SESSION_TOKEN: "a/+b==" }, unset: ["AWS_PROFILE"] })
    expect(environmentAfter("bash", ["-c", "eval $(cat); env -0"], plain)).toEqual({
      AWS_SESSION_TOKEN: "a/+b==",
    })
  })

  it("for fish ends well, and leaves alone what was set for all shells and all time", () => {
    const home = mkdtempSync(join(tmpdir(), "pum-aws-fish-"))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const shell: Shell = "fish"
    const fish = (script: string, input = "") =>
      execFileSync(shell, ["-c", script], {
        input,
        env: { PATH: process.env.PATH, HOME: home },
        encoding: "utf8",
      })
    fish("set -Ux AWS_PROFILE everywhere")
    const text = exportFor(shell, { set: { A: "1" }, unset: ["AWS_PROFILE", "NEVER_SET"] })
    expect(fish("set -gx AWS_PROFILE here; cat | source; echo $status $A $AWS_PROFILE", text)).toBe(
      "0 1 everywhere\n",
    )
    expect(fish("echo $AWS_PROFILE")).toBe("everywhere\n")
  })

  it("for powershell is lines that Invoke-Expression takes one by one", () => {
    const unset = ["AWS_PROFILE"]
    expect(exportFor("powershell", { set: { A: "it's\n’$x`n", B: "b" }, unset })).toBe(
      "$Env:AWS_PROFILE = $null\n$Env:A = 'it' + [char]39 + 's' + [char]10 + '' + [char]8217 + '$x`n'\n$Env:B = 'b'\n",
    )
  })

  it("for powershell gives back any text, by the rules of its literal strings", async () => {
    await checkProperty(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), value => {
        const [line = "", rest] = exportFor("powershell", { set: { A: value }, unset: [] }).split("\n")
        expect(rest).toBe("")
        expect(readPowershell(line.replace("$Env:A = ", ""))).toBe(value)
      }),
    )
  })

  it("for cmd is what FOR /F and a batch file take alike", () => {
    expect(
      exportFor("cmd", { set: { A: "a/+b==", B: "a b & c | d < e > (f) ^ '" }, unset: ["AWS_PROFILE"] }),
    ).toBe(`set "AWS_PROFILE="\nset "A=a/+b=="\nset "B=a b & c | d < e > (f) ^ '"\n`)
  })

  it("for dotenv is what Node.js reads, and any shell", () => {
    const values = hostile.filter(value => !/['\x00-\x1f]/.test(value))
    const wanted = Object.fromEntries(values.map((value, index) => [`HOSTILE_${index}`, value]))
    const text = exportFor("dotenv", { set: wanted, unset: ["AWS_PROFILE"] })
    expect(parseEnv(text)).toEqual(wanted)
    expect(environmentAfter("dash", ["-c", 'set -a; eval "$(cat)"; env -0'], text)).toEqual({
      ...wanted,
      AWS_PROFILE: "old",
    })
    expect(exportFor("dotenv", { set: { AWS_SESSION_TOKEN: "a/+b==" }, unset: [] })).toBe(
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
    expect(() => exportFor(shell, { set: { AWS_REGION: value }, unset: [] })).toThrow(
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
