import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { definitions, isSetting, type OptionName } from "../../../src/options/given.ts"
import type { OptionDefinition } from "../../../src/options/option-definition.ts"
import { optionTable } from "../../../src/options/option-table.ts"
import { readQuickly } from "../../../src/options/quick.ts"
import { checkProperty } from "../../support/property.ts"

const given = (argv: readonly string[]) => {
  const commandLine = readCommandLine(argv)
  return commandLine.wants === "run" && commandLine.command === undefined ? commandLine.given : undefined
}

describe("readQuickly", () => {
  it.each([
    [["--credential-process"]],
    [["--credential-process", "-p", "x", "--role=A", "-o", "--account", "-1", "-u", "adm\\x"]],
    [["-d", "2", "--credential-process", "--idp-url", "https://adfs.example.com/", "-R", "--role", ""]],
    [["-p", "a", "--credential-process", "--profile", "b"]],
  ])("reads %j as the whole program does", argv => {
    expect(readQuickly(argv)).toEqual(given(argv))
  })

  it.each([
    [[]],
    [["-p", "x"]],
    [["--credential-process", "--force"]],
    [["--credential-process", "-v"]],
    [["--credential-process", "-px"]],
    [["--credential-process", "--json"]],
    [["--credential-process", "--", "ls"]],
    [["--credential-process", "-p", "--", "ls"]],
    [["--credential-process", "-p"]],
    [["--credential-process", "--retry=yes"]],
    [["--credential-process", "--if-needed"]],
    [["--credential-process", "--password-stdin"]],
    [["--credential-process", "excess"]],
    [["--credential-process", "--prof", "x"]],
  ])("leaves %j to the whole program", argv => {
    expect(readQuickly(argv)).toBeUndefined()
  })

  it("never reads anything otherwise than the whole program", async () => {
    const word = fc.oneof(
      fc.constantFrom(
        "--credential-process",
        "-p",
        "--profile=x",
        "-u",
        "-o",
        "--no-op",
        "-R",
        "--role",
        "--",
        "-d",
      ),
      fc.constantFrom("x", "", "-", "--retry", "--export", "--account=", "-a=1", "--force", "--if-needed"),
    )
    await checkProperty(
      fc.property(fc.array(word, { maxLength: 6 }), words => {
        const argv = ["--credential-process", ...words]
        const quick = readQuickly(argv)
        if (quick !== undefined) expect(quick).toEqual(given(argv))
      }),
      { runs: 2000 },
    )
  })

  const value = fc.oneof(fc.constantFrom("x", "", "-", "-1", "--role", "a=b"), fc.string({ maxLength: 5 }))
  /** An option as a command line may give it, well formed. */
  const written = (name: OptionName) => {
    const { short, long = "--", value: shown }: OptionDefinition = optionTable[name]
    const form = fc.constantFrom(...(short === undefined ? [long] : [short, long]))
    if (shown === undefined) return form.map(word => [word])
    const joined = value.map(text => [`${long}=${text}`])
    const apart = fc.tuple(form, value).map(words => words)
    return shown.startsWith("[")
      ? fc.oneof(
          form.map(word => [word]),
          joined,
          apart,
        )
      : fc.oneof(joined, apart)
  }
  const names = definitions.filter(([, { long }]) => long !== undefined).map(([name]) => name)
  const linesOf = (some: readonly OptionName[]) =>
    fc
      .tuple(fc.array(fc.constantFrom(...some).chain(written), { maxLength: 6 }), fc.nat(6))
      .map(([parts, at]) => parts.toSpliced(at, 0, ["--credential-process"]).flat())

  it("agrees with the whole program on every line of the options of the table", async () => {
    await checkProperty(
      fc.property(linesOf(names), argv => {
        const quick = readQuickly(argv)
        if (quick !== undefined) expect(quick).toEqual(given(argv))
      }),
      { runs: 2000 },
    )
  })

  it("leaves no line of settings alone to the whole program", async () => {
    const settings = names.filter(name => isSetting(optionTable[name]) && name !== "ifNeeded")
    await checkProperty(
      fc.property(linesOf(settings), argv => {
        fc.pre(!argv.includes("--"))
        expect(readQuickly(argv)).toEqual(given(argv))
      }),
      { runs: 1000 },
    )
  })
})
