import { describe, expect, it, vi } from "vitest"
import { PumError } from "../../../src/errors.ts"
import { editIni } from "../../../src/ini/edit-ini.ts"
import { effectiveValue, ownValue, readIni } from "../../../src/ini/read-ini.ts"

const messageOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(PumError)
    if (error instanceof PumError) {
      expect(error.code).toBe("file")
      return error.message
    }
  }
  return "accepted"
}

describe("what botocore refuses is refused with line and reason", () => {
  it.each([
    ["a section twice", "[a]\n[b]\n[a]\n", "line 3 opens [a] again, which line 1 did"],
    ["a key twice", "[a]\nx = 1\n\nx = 2\n", "line 4 has the same key as line 2 of its section"],
    [
      "a key twice in different case",
      "[a]\nx = 1\nX: 2\n",
      "line 3 has the same key as line 2 of its section",
    ],
    [
      "a key twice over two [DEFAULT]",
      "[DEFAULT]\nx=1\n[a]\n[DEFAULT]\nx=2",
      "line 5 has the same key as line 2 of its section",
    ],
    ["a key before any section", "\n# c\nx = 1\n", "line 3 comes before any [section]"],
    [
      "a header without its end, before all others",
      "[default\nx = 1\n",
      "line 1 begins a [section] and has no ]",
    ],
    ["a header without its end", "[a]\n[prof b\nx = 1\n", "line 2 begins a [section] and has no ]"],
    ["a line without delimiter", "[a]\nnonsense\nx = 1\n", "line 2 is neither 'key = value' nor a [section]"],
    ["a line that begins with its delimiter", "[a]\n = 1\n", "line 2 has no key before its delimiter"],
    ["a byte order mark", "\ufeff[a]\n", "line 1 begins with a byte order mark"],
    [
      "a header that is cut off",
      "[a]\nx = 1\n[prof",
      "line 3 begins a [section] and has no ]; the file seems to be cut off there",
    ],
    [
      "a key that is cut off",
      "[a]\naws_sess",
      "line 2 is neither 'key = value' nor a [section]; the file seems to be cut off there",
    ],
    [
      "an only line that is cut off",
      "[prof",
      "line 1 begins a [section] and has no ]; the file seems to be cut off there",
    ],
    ["an empty header", "[]\n", "line 1 comes before any [section]"],
    [
      "an indented block without pairs",
      "[a]\ns3 =\n  a = 1\n\n  nonsense\n",
      "line 5 is in an indented block, where every line must be 'key = value'",
    ],
    [
      "an indented block with colons",
      "[a]\ns3 =\n  a: 1\n",
      "line 3 is in an indented block, where every line must be 'key = value'",
    ],
    [
      "a bad block in [DEFAULT] that a section gets",
      "[DEFAULT]\ns3 =\n  a\n[a]\n",
      "line 3 is in an indented block, where every line must be 'key = value'",
    ],
    ["with old Macintosh line ends", "[a]\rx = 1\r[a]\r", "line 3 opens [a] again, which line 1 did"],
    [
      "with Windows line ends",
      "[a]\r\nx = 1\r\n\r\nx = 2",
      "line 4 has the same key as line 2 of its section",
    ],
  ])("%s", (_, text, reason) => {
    expect(messageOf(() => readIni(text, "~/.aws/config"))).toBe(`cannot use ~/.aws/config: ${reason}`)
  })

  it("without showing what stands there: it can be a part of a secret", () => {
    expect(messageOf(() => readIni("[a]\naws_secret_access_key = 1\nwJalrXUtnFEMI\n", "f"))).not.toContain(
      "wJalr",
    )
    expect(messageOf(() => readIni("[a]\nwJalrXUtnFEMI/=1\nwJalrXUtnFEMI/=1\n", "f"))).not.toContain("wJalr")
  })
})

describe("what botocore reads is read alike", () => {
  it.each([
    ["spaces around the delimiter do not matter", "[a]\nx   =\t1  \n", "1"],
    ["a colon is a delimiter", "[a]\nx: 1\n", "1"],
    ["the first delimiter counts", "[a]\nx = a=b:c==\n", "a=b:c=="],
    ["keys are lower-cased", "[a]\nX = Y\n", "Y"],
    ["# and ; belong to the value", "[a]\nx = a#b ; c # d\n", "a#b ; c # d"],
    ["quotes belong to the value", '[a]\nx = "1"\n', '"1"'],
    ["a key may be indented below a header", "  [a]\n\t\tx = 1\n", "1"],
    ["further indented lines go on with the value", "[a]\nx = 1\n  y = 2\n # no\n\n  3\n", "1\ny = 2\n\n3"],
    ["a block is the value as it stands", "[a]\nx =\n  a = 1\n  b = 2\n", "\na = 1\nb = 2"],
    ["text behind the header is ignored", "[a] ; comment\nx = 1\n", "1"],
    ["no last line end", "[a]\nx = 1", "1"],
    ["an empty value", "[a]\nx =\n", ""],
    ["[DEFAULT] is in every section", "[DEFAULT]\nx = 1\n[a]\n", "1"],
    ["[DEFAULT] gives way to the section's own", "[a]\nx = 2\n[DEFAULT]\nx = 1\n", "2"],
  ])("%s", (_, text, value) => {
    expect(effectiveValue(readIni(text, "f"), "a", "x")).toBe(value)
  })

  it("the last bracket of a line ends the name", () => {
    expect([...readIni("[a]b] c\n[ d ]\n[[e]]\n", "f").sections.keys()]).toEqual(["a]b", " d ", "[e]"])
  })

  it("the section's own value is told from what [DEFAULT] adds", () => {
    const document = readIni("[DEFAULT]\nx = 1\n[a]\ny = 2\n", "f")
    expect([ownValue(document, "a", "x"), effectiveValue(document, "a", "x")]).toEqual([undefined, "1"])
    expect([ownValue(document, "b", "x"), effectiveValue(document, "b", "x")]).toEqual([undefined, undefined])
  })

  it("names like those of JavaScript's own properties are names", () => {
    const document = readIni("[__proto__]\nconstructor = 1\n[toString]\n", "f")
    expect(ownValue(document, "__proto__", "constructor")).toBe("1")
    expect(ownValue(document, "toString", "length")).toBeUndefined()
  })

  it("comments in an indented block are noted, others are not", () => {
    const text = "# a\n[p]\n # b\ns3 =\n  x = 1\n  # c\n# d\nregion = a\n  # e\n"
    expect(readIni(text, "f").nestedComments).toEqual([5])
  })

  it("a block without pairs is fine in ~/.pum-aws", () => {
    const text =
      "[default]\nusername = adm\\dev_aly\n[account-mapping]\n095344953043 = Prod\nnotes =\n  free text\n[profile prod]   ; comment\nrole = Admin\n"
    const document = readIni(text, "~/.pum-aws", "plain")
    expect([...document.sections.keys()]).toEqual(["default", "account-mapping", "profile prod"])
    expect(ownValue(document, "account-mapping", "notes")).toBe("\nfree text")
    expect(messageOf(() => readIni("[default]\nx", "~/.pum-aws", "plain"))).toContain(
      "cannot use ~/.pum-aws: line 2",
    )
  })
})

it("50,000 lines are read in a moment, long lines too", () => {
  const text = `${Array.from({ length: 10_000 }, (_, at) => `[p${at}]\na = 1\nb = 2\n\n# c\n`).join("")}[z]\nx = ${" ".repeat(200_000)}1\n`
  expect(readIni(text, "f").sections.size).toBe(10_001)
})

const fileOf = (profiles: number, lineEnd: string) =>
  Array.from({ length: profiles }, (_, index) =>
    [`[p${index}]`, "aws_access_key_id = A", "aws_session_token = T", "", ""].join(lineEnd),
  ).join("")

/** How many characters are searched for line ends. */
function searched(text: string): number {
  const { indexOf } = String.prototype
  let characters = 0
  const spy = vi.spyOn(String.prototype, "indexOf").mockImplementation(function (
    this: string,
    what,
    from = 0,
  ) {
    const found = indexOf.call(this, what, from)
    characters += (found < 0 ? this.length : found + 1) - from
    return found
  })
  readIni(text, "f")
  spy.mockRestore()
  return characters
}

/** How many lines are looked at to set a key of one section. */
function lookedAt(text: string, section: string): number {
  const document = readIni(text, "f")
  let lines = 0
  const lineStarts = new Proxy(document.lineStarts, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) lines++
      return Reflect.get(target, key, receiver)
    },
  })
  editIni({ ...document, lineStarts }, new Map([[section, { set: { aws_access_key_id: "B" } }]]))
  return lines
}

describe.each([
  ["\\n", "\n"],
  ["\\r\\n", "\r\n"],
  ["\\r", "\r"],
])("a file with many profiles and %s", (_, lineEnd) => {
  it("is read in a time that grows with its length, and no faster", () => {
    const [small, large] = [fileOf(100, lineEnd), fileOf(3_000, lineEnd)]
    expect(searched(large) / large.length).toBeLessThan(1.1 * (searched(small) / small.length))
  })

  it.each(["p1", "new"])("is edited by looking at as many lines as in a small one: [%s]", section => {
    expect(lookedAt(fileOf(3_000, lineEnd), section)).toBe(lookedAt(fileOf(100, lineEnd), section))
  })
})

it("blank lines within a value count once each, as in Python", () => {
  const document = readIni("[p]\nx = a\n\n b\n c\n\n\n d\n\n[q]\n", "file", "plain")
  expect(ownValue(document, "p", "x")).toBe("a\n\nb\nc\n\n\nd")
})
