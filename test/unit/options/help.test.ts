import { describe, expect, it } from "vitest"
import { manPage } from "../../../scripts/man-page.ts"
import { kindOf } from "../../../src/errors.ts"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { definitions } from "../../../src/options/given.ts"
import { briefHelp, fullHelp } from "../../../src/options/help.ts"
import { exitCodes, helpGroups } from "../../../src/options/help-topics.ts"

const options = definitions.filter(([, { long }]) => long !== undefined)

describe("--help", () => {
  it("fits a screen of 80 columns and 48 lines", () => {
    const lines = briefHelp().trimEnd().split("\n")
    expect(lines.filter(line => line.length > 80)).toEqual([])
    expect(lines.length).toBeLessThanOrEqual(48)
  })

  it("shows the options of a working day, with blanks before their words", () => {
    const help = briefHelp()
    const brief = helpGroups.flatMap(group => group.options.filter(([, briefly]) => briefly !== undefined))
    expect(brief.length).toBeGreaterThan(18)
    for (const [, briefly = ""] of brief) expect(help).toMatch(new RegExp(`\\S +${escaped(briefly)}\n`))
    expect(help).not.toContain("--op-account")
    expect(help).toContain("pum-aws --help all\n")
  })

  it("is asked for by -h beside other options, and not by a value", () => {
    expect(readCommandLine(["-p", "prod", "--help"])).toEqual({ wants: "help", everything: false })
    for (const form of ["-h", "--help"])
      expect(readCommandLine([form, "all"])).toEqual({ wants: "help", everything: true })
    expect(readCommandLine(["-p", "-h"])).toMatchObject({ wants: "run" })
  })
})

describe("--help all", () => {
  it("says of every option its forms, its words, its variables and its key", () => {
    const help = fullHelp(1000)
    for (const [, { short, long = "", value, help: words = "", env = [], key }] of options) {
      const forms = [short ?? "   ", long].join(short === undefined ? " " : ", ")
      const sources = [...env, ...(key === undefined ? [] : [key])]
      const end = sources.length === 0 ? "" : ` [${sources.join(", ")}]`
      expect(words).not.toBe("")
      expect(help).toMatch(
        new RegExp(
          `  ${escaped(forms)}${value === undefined ? "" : ` ${escaped(value)}`}\\s+${escaped(words + end)}\n`,
        ),
      )
    }
  })

  it("says each option once", () => {
    const said = fullHelp(1000).match(/(?<=^ {2}(?:-\w, | {4}))--[a-z-]+/gm) ?? []
    expect([...said].sort()).toEqual([...options.map(([, { long }]) => long), "--help", "--version"].sort())
  })

  it("names what no option stands for", () => {
    const help = fullHelp(1000)
    for (const [, { env = [], key }] of definitions)
      for (const name of [...env, ...(key === undefined ? [] : [key])])
        expect(help).toMatch(new RegExp(`(  |[[] ?|, )${name}(  |[,\\]])`))
  })

  it.each([80, 100, 40])("fits a screen of %i columns", width => {
    const long = fullHelp(width)
      .split("\n")
      .filter(line => line.length > Math.max(width, 60))
    expect(long).toEqual([])
  })

  it("lists the exit codes that there are", () => {
    const codes = [
      "usage",
      "signInRefused",
      "idpPage",
      "noRole",
      "awsRefused",
      "file",
      "partial",
      "cancelled",
    ] as const
    const known = codes.map(code => String(kindOf(code).exitCode))
    expect(exitCodes.map(([code]) => code)).toEqual(["0", "1", ...known, "others"])
  })
})

describe("the man page", () => {
  it("has the words of --help all, and nothing that troff would take for a request", () => {
    const page = manPage("1.2.3")
    expect(page).toContain('"pum\\-aws 1.2.3"')
    for (const [, { long = "", help = "" }] of options) {
      expect(page).toContain(long.replaceAll("-", "\\-"))
      expect(page).toContain(
        help
          .replaceAll("\\", "\\e")
          .replaceAll("-", "\\-")
          .replace(/^(?=[.'])/, "\\&"),
      )
    }
    expect(page.split("\n").filter(line => /^[.'](?!(TH|SH|SS|TP|PP)\b)/.test(line))).toEqual([])
  })
})

function escaped(text = ""): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
}
