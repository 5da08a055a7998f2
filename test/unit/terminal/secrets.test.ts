import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { plain } from "../../../src/errors.ts"
import { proxyPasswords, Secrets } from "../../../src/terminal/secrets.ts"
import { encodings } from "../../support/encodings.ts"

const redactorOf = (...secrets: string[]) => {
  const all = new Secrets()
  for (const secret of secrets) all.add(secret)
  return (text: string) => all.redact(text)
}

const password = `C4nary å &"'<>%+;/\\ Pass`

describe("a secret is redacted", () => {
  it.each(Object.keys(encodings))("in %s", name => {
    const quoted = encodings[name]?.(password) ?? ""
    const redacted = redactorOf(password)(`You sent ${quoted}, which is wrong.`)
    // Of base64 some characters before and after belong to other bytes, too.
    expect(redacted).toMatch(/^You sent [\w+/=\r\n]*\[redacted\][\w+/=%]{0,15}, which is wrong\.$/)
    if (!name.includes("base64")) expect(redacted).toBe("You sent [redacted], which is wrong.")
  })

  it.each(Object.keys(encodings))("in %s, if only %s is what the secret looks like", name => {
    const secret = encodings[name]?.(password) ?? ""
    expect(redactorOf(secret)(`You sent ${secret}!`)).toBe("You sent [redacted]!")
  })

  it("wherever it stands, and however often", () => {
    expect(redactorOf("hunter2", "731905")("hunter2hunter2 (731905) hunter2 x731905")).toBe(
      "[redacted][redacted] ([redacted]) [redacted] x[redacted]",
    )
  })

  it("once, if two secrets overlap", () => {
    expect(redactorOf("abcd1234efgh", "1234efghIJKL", "1234")("<abcd1234efghIJKL>")).toBe("<[redacted]>")
  })

  it("with letters beyond ASCII that another character set garbles", () => {
    const redact = redactorOf("smörgås-bord")
    for (const text of ["smÃ¶rgÃ¥s-bord", "sm�rg�s-bord", "sm??rg??s-bord", "sm%F6rg%E5s-bord"])
      expect(redact(`<${text}>`)).toBe("<[redacted]>")
  })

  it("with control characters in it, as `plain` prints them", () => {
    const secret = "tab\there  and\u00a0there"
    expect(redactorOf(secret)(plain(`it is ${secret}.`))).toBe("it is [redacted].")
  })

  it.each([
    ["as it is", (text: string) => text],
    ["percent-encoded", encodeURIComponent],
    ["in HTML", (text: string) => encodings.HTML?.(text) ?? ""],
  ])("%s, also where `plain` cuts it off anywhere", (_, encode) => {
    const text = `refused: ${encode(password)}`
    const redact = redactorOf(password)
    for (let limit = 9 + encode("C4nary").length + 1; limit < text.length; limit++)
      expect(redact(plain(text, limit))).toBe("refused: [redacted]")
  })
})

describe("a long token", () => {
  const token = randomBytes(900).toString("base64url")

  it("is redacted whole", () => {
    expect(redactorOf(token)(`MSISAuth=${token}; path=/`)).toBe("MSISAuth=[redacted]; path=/")
    expect(redactorOf(token)(`MSISAuth=${encodeURIComponent(token)}`)).toBe("MSISAuth=[redacted]")
  })

  it("is redacted in any piece of 31 characters or more", () => {
    for (let start = 0; start + 31 <= token.length; start += 7)
      expect(redactorOf(token)(`<${token.slice(start, start + 31)}>`)).toMatch(
        /^<.{0,15}\[redacted\].{0,15}>$/,
      )
    expect(redactorOf(token)(token.slice(100, 140))).toBe("[redacted]")
  })
})

describe("what is no secret stays", () => {
  it.each([
    ["an ordinary word, which stands in our own messages too", "password", "wrong password"],
    ["fewer than four characters", "abc", "abc"],
    ["nothing", "", "anything"],
    ["blanks", "      ", "a      b"],
    ["digits of a longer number, as a code in the number of an account", "848786", "585848786654"],
    ["a word that begins alike", "Summer2026!", "Summer2025! or Summ… er"],
  ])("%s", (_, secret, text) => {
    const redacted = redactorOf(secret)(text)
    if (secret === "Summer2026!") expect(redacted).toBe("Summer2025! or [redacted] er")
    else expect(redacted).toBe(text)
  })

  it("a text without a secret, whatever escapes it holds", () => {
    const text = `%zz &unknown; &#x110000; \\q %C3 %41 &amp; a+b\tc  "\\u0041"`
    expect(redactorOf(password, "731905")(text)).toBe(text)
  })
})

/** Milliseconds of CPU time: others may use the machine at the same time. */
function cpuTime(act: () => void): number {
  const before = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

describe("the time it takes is bounded", () => {
  it("with 300 secrets and a text of 100,000 characters", () => {
    const redact = redactorOf(...Array.from({ length: 300 }, () => randomBytes(1_500).toString("base64")))
    redact("")
    const text = randomBytes(75_000).toString("base64")
    expect(cpuTime(() => redact(text))).toBeLessThan(2_000)
  })

  it.each([
    ["one character", "A"],
    ["one beginning", "AAAA-"],
    ["percent-encoding upon percent-encoding", "%2525"],
    ["entities", "&amp;"],
    ["backslashes", "\\"],
    ["blanks", " \n"],
    ["ends", "AAAA…"],
  ])("with a text of 20,000 times %s, and secrets like it", (_, piece) => {
    const redact = redactorOf(
      ...["", "1", "2"].flatMap(end => [`${"A".repeat(2_000)}${end}`, `${"A".repeat(40)}${end}`]),
    )
    const text = piece.repeat(20_000)
    expect(cpuTime(() => redact(text))).toBeLessThan(2_000)
  })
})

it("passwords in proxy addresses are secrets, and no others in the environment", () => {
  const env = {
    HTTPS_PROXY: "http://aly:s%40cret@proxy:8080",
    all_proxy: "bob:hunter2@proxy",
    DATABASE: "http://c:d@e",
  }
  expect(proxyPasswords({ ...env, no_proxy: "a,b" })).toEqual(["s%40cret", "hunter2"])
})

it("rows of a table are redacted cell by cell", () => {
  const rows = [
    ["prod", "hunter2"],
    ["dev", "Admin"],
  ]
  expect(new Secrets(["hunter2"]).redactRows(rows)).toEqual([
    ["prod", "[redacted]"],
    ["dev", "Admin"],
  ])
  expect(new Secrets(["731905"]).redactRows(rows)).toBe(rows)
  expect(new Secrets().redactRows(rows)).toBe(rows)
})

it("an assertion that waits while rows are redacted is redacted in the next text", () => {
  // No plus sign, which is a blank in forms.
  const assertion = randomBytes(6_000).toString("hex")
  const secrets = new Secrets([assertion, "hunter2"])
  expect(secrets.redactRows([["hunter2"]])).toEqual([["[redacted]"]])
  expect(secrets.redact(`sent ${assertion.slice(4_000, 4_100)}!`)).toBe("sent [redacted]!")
})
