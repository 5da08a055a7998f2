import { describe, expect, it } from "vitest"
import { intendedCommand, readCommandLine } from "../../../src/options/command-line.ts"

describe("the hint for a command without --", () => {
  it("can be typed on Windows: PowerShell drops a bare --, and cmd knows no single quotes", () => {
    const own = ["-p", "prod", "aws", "s3", "cp", "a b"]
    expect(intendedCommand(["aws", "s3", "cp", "a b"], own, "win32")).toBe(
      'to run a command: pum-aws -p prod "--" aws s3 cp "a b"',
    )
    expect(intendedCommand(["it's"], ["it's"], "win32")).toBe(
      'to store in a profile of that name: pum-aws --profile "it\'s"',
    )
  })
})

describe("a word too many beside a mode", () => {
  it.each([
    ["--logout x", "to name a profile: pum-aws --logout --profile x"],
    ["--console s3 x", "to name a profile: pum-aws --console s3 --profile x"],
    ["--export=bash x", "to name a profile: pum-aws --export=bash --profile x"],
    ["--status x", "to name a profile: pum-aws --status --profile x"],
    ["--status -p x y", "pum-aws --help lists the options"],
    ["--json --profile=x y", "pum-aws --help lists the options"],
    ["--logout --all y", "pum-aws --help lists the options"],
    ["--json terraform plan", "pum-aws --help lists the options"],
    ["-p x y", "to run a command: pum-aws -p x -- y"],
  ])("%s is not told to run a command that the mode would not", (line, hint) => {
    expect(() => readCommandLine(line.split(" "))).toThrow(expect.objectContaining({ code: "usage", hint }))
  })
})

describe("an option that is not as the user thinks", () => {
  it.each([
    ["--status=short", "--status takes no value", "write --status alone"],
    ["--json=true", "--json takes no value", "write --json alone"],
    ["-P x", "unknown option '-P' (Did you mean -p, --profile?)", "pum-aws --help lists the options"],
    ["-profile x", "unknown option '-profile' (Did you mean --profile?)", "pum-aws --help lists the options"],
    ["-all", "unknown option '-all' (Did you mean --all?)", "pum-aws --help lists the options"],
    ["--p x", "unknown option '--p' (Did you mean -p?)", "pum-aws --help lists the options"],
    [
      "\u2014profile x",
      "unknown option '\u2014profile' (Did you mean --profile?)",
      "it begins with a typographic dash; type - or --",
    ],
    [
      "\u2013h",
      "unknown option '\u2013h' (Did you mean -h?)",
      "it begins with a typographic dash; type - or --",
    ],
    ["-A x", "unknown option '-A' (Did you mean -a, --account?)", "pum-aws --help lists the options"],
    ["-x", "unknown option '-x'", "pum-aws --help lists the options"],
    ["--nosuch=1", "unknown option '--nosuch=1'", "pum-aws --help lists the options"],
    ["--remember", "option '--remember <what>' argument missing", "it takes off, sign-in, password, all"],
    [
      "--completion",
      "option '--completion <shell>' argument missing",
      "it takes bash, zsh, fish, powershell",
    ],
    ["--region", "option '-r, --region <region>' argument missing", "pum-aws --help lists the options"],
  ])("%s", (line, message, hint) => {
    expect(() => readCommandLine(line.split(" "))).toThrow(
      expect.objectContaining({ code: "usage", message, hint }),
    )
  })
})
