import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { definitions, type OptionName } from "../../../src/options/given.ts"
import type { OptionDefinition } from "../../../src/options/option-definition.ts"
import { optionTable } from "../../../src/options/option-table.ts"
import { onlyPrints, readQuickly } from "../../../src/options/quick.ts"
import { checkProperty } from "../../support/property.ts"

describe("readQuickly", () => {
  it.each([
    [["--credential-process"]],
    [["--credential-process", "-p", "x", "--role=A", "-o", "--account", "-1", "-u", "adm\\x"]],
    [["-d", "2", "--credential-process", "--idp-url", "https://adfs.example.com/", "-R", "--role", ""]],
    [["-p", "a", "--credential-process", "--profile", "b"]],
    [[]],
    [["-p", "x", "--force", "-v", "--password-stdin"]],
    [["--credential-process", "--json"]],
    [["-p", "x", "--", "ls", "--", "-l"]],
    [["--policy", "arn:aws:iam::aws:policy/A", "--policy=b"]],
  ])("reads %j as the whole program does", argv => {
    expect(readQuickly(argv)).toEqual(readCommandLine(argv))
  })

  it.each([
    [["--credential-process", "-px"]],
    [["--credential-process", "-p", "--", "ls"]],
    [["--credential-process", "-p"]],
    [["--credential-process", "--retry=yes"]],
    [["--credential-process", "--if-needed"]],
    [["--credential-process", "excess"]],
    [["--credential-process", "--prof", "x"]],
    [["--help"]],
    [["-V"]],
    [["--console", "s3"]],
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
        if (quick !== undefined) expect(quick).toEqual(readCommandLine(argv))
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
        if (quick !== undefined) expect(quick).toEqual(readCommandLine(argv))
      }),
      { runs: 2000 },
    )
  })

  it("leaves no line of options with or without a value to the whole program", async () => {
    const plain = names.filter(name => {
      const { value }: OptionDefinition = optionTable[name]
      return !value?.startsWith("[")
    })
    await checkProperty(
      fc.property(linesOf(plain), argv => {
        fc.pre(!argv.includes("--"))
        expect(readQuickly(argv)).toEqual(readCommandLine(argv))
      }),
      { runs: 1000 },
    )
  })
})

describe("onlyPrints", () => {
  it.each([
    [["--credential-process"], true],
    [["--json", "-p", "x", "--role=A", "-o", "-R", "--read-only"], true],
    [["--export", "sh", "-u", "x", "--policy", "p"], true],
    [["--json", "--force"], false],
    [["--json", "-v"], false],
    [["--json", "--password-stdin"], false],
    [["--json", "--save"], false],
    [["--json", "--list"], false],
    [["--json", "--", "ls"], false],
    [["-p", "x"], false],
    [[], false],
  ])("%j: %s", (argv, expected) => {
    const line = readQuickly(argv)
    expect(line && onlyPrints(line)).toBe(expected)
  })
})
