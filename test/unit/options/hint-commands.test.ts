import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { commandInTerminal, quoteWord } from "../../../src/options/hint-commands.ts"
import { sample } from "../../support/property.ts"

/** Of the characters that mean something to a shell. */
const anyWord = fc.string({ unit: fc.constantFrom(..." \t\n'\"\\\\$`!*?[]{}()<>|&;#~=%^-aZ9ü") })

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
    const command = `printf '%s\\0' ${words.map(quoteWord).join(" ")}`
    const output = execFileSync("sh", ["-c", command], { encoding: "utf8" })
    expect(output.split("\0").slice(0, -1)).toEqual(words)
  })

  it.each(["adm-x", "a.b/c:d=e,f@g%h+i"])("leaves %s as it is", word => {
    expect(quoteWord(word)).toBe(word)
  })
})
