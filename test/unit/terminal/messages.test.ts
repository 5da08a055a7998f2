import { describe, expect, it } from "vitest"
import { openMessages } from "../../../src/terminal/messages.ts"
import { Secrets } from "../../../src/terminal/secrets.ts"
import { styleFor } from "../../../src/terminal/style.ts"

function open({ columns = 40, isTTY = true, coloured = false, env = {} as Record<string, string> } = {}) {
  const secrets = new Secrets()
  secrets.add("hunter2-secret")
  let written = ""
  const output = { columns, isTTY, write: (text: string) => (written += text) }
  const style = styleFor(coloured, false, env)
  const messages = openMessages({
    output,
    style,
    stderr: output,
    stderrStyle: style,
    spinner: undefined,
    verbose: true,
    redact: text => secrets.redact(text),
  })
  return { messages, written: () => written }
}

describe("messages", () => {
  it("are broken between words on a terminal", () => {
    const { messages, written } = open()
    messages.tell("Type the password of adm\\x again, or press Enter alone.")
    messages.succeed("Stored in profile [default] of ~/.aws/credentials")
    messages.warn("ADFS refused the user name or password")
    messages.trace("GET https://federation.visma.com/adfs/ls/ 200 12 ms")
    messages.fail(["pum-aws: the roles that fit are too many to be listed", "hint: choose one"])
    expect(written().split("\n")).toEqual([
      "Type the password of adm\\x again, or",
      "  press Enter alone.",
      "✔ Stored in profile [default] of",
      "  ~/.aws/credentials",
      "warning: ADFS refused the user name or",
      "  password",
      "· GET",
      "  https://federation.visma.com/adfs/ls/",
      "  200 12 ms",
      "pum-aws: the roles that fit are too many",
      "  to be listed",
      "hint: choose one",
      "",
    ])
  })

  it.each([
    ["a pipe", { isTTY: false }],
    ["a terminal that does not know its width", { columns: 0 }],
  ])("are one line on %s", (_, settings) => {
    const { messages, written } = open(settings)
    messages.warn("ADFS refused the user name or password: ".repeat(5))
    expect(written().match(/\n/g)).toHaveLength(1)
  })

  it("are coloured at their first word only, however they are broken", () => {
    const { messages, written } = open({ coloured: true, columns: 20 })
    messages.warn("a warning: of many words")
    messages.succeed("done")
    expect(written()).toBe("\x1b[31mwarning:\x1b[39m a warning:\n  of many words\n\x1b[1m✔\x1b[22m done\n")
  })

  it("hold no secret and nothing that acts on a terminal, also where a line is broken within the secret", () => {
    const { messages, written } = open({ columns: 20 })
    messages.tell("aaaaaaaaaaaa hunter2-secret \x1b[31mred")
    messages.fail(["pum-aws: hunter2-secret"])
    expect(written()).toBe("aaaaaaaaaaaa\n  [redacted]  red\npum-aws: [redacted]\n")
  })

  it("have marks of ASCII on consoles without others", () => {
    const { messages, written } = open({ env: { LC_ALL: "C" } })
    messages.succeed("done")
    messages.trace("step")
    expect(written()).toBe("OK done\n- step\n")
  })

  it("of a failed run also go to the terminal that was asked on: some AWS tools hide stderr", () => {
    const written = { stderr: "", tty: "" }
    const outputOf = (name: keyof typeof written) => ({
      write: (text: string) => {
        written[name] += text
      },
    })
    const [stderr, tty] = [outputOf("stderr"), outputOf("tty")]
    const style = styleFor(false, false, {})
    const rest = { output: tty, style, stderrStyle: style, spinner: undefined, verbose: false }
    for (const other of [tty, undefined, stderr]) {
      openMessages({ ...rest, stderr, redact: text => text, alsoFailOn: () => other }).fail(["pum-aws: no"])
    }
    expect(written).toEqual({ stderr: "pum-aws: no\n".repeat(3), tty: "pum-aws: no\n" })
  })
})
