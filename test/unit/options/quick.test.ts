import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
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
})
