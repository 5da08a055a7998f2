import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { commandInTerminal } from "../../../src/options/hint-commands.ts"

describe("commandInTerminal", () => {
  it("gets the very same session", () => {
    const given = [
      ["--profile", "p", "-u", "adm\\dev_aly", "-a", "5858", "--role", "Admin", "-d", "90m", "--retry"],
      ["--idp-url", "https://login.example.com/adfs?a=b&c=d", "--no-op", "--ca-bundle", "/it's.pem"],
    ].flat()
    const commandLine = readCommandLine([...given, "--credential-process", "--force"])
    if (commandLine.wants !== "run") throw new Error(commandLine.wants)
    expect(commandInTerminal(commandLine.given)).toBe(
      "pum-aws --username 'adm\\dev_aly' --profile p --account 5858 --role Admin --duration 90m --retry --no-op --idp-url 'https://login.example.com/adfs?a=b&c=d' --ca-bundle '/it'\\''s.pem' -- aws sts get-caller-identity",
    )
  })

  it("keeps the file of --env-file, and no switch of this one call", () => {
    const given = { envFile: "a b.env", credentialProcess: true, verbose: true, force: true } as const
    expect(commandInTerminal(given)).toBe("pum-aws --env-file 'a b.env' -- aws sts get-caller-identity")
  })
})
