import { describe, expect, it } from "vitest"
import { PumError } from "../../../src/errors.ts"
import { editIni } from "../../../src/ini/edit-ini.ts"
import { readIni } from "../../../src/ini/read-ini.ts"

const edit = (text: string, set: Record<string, string>, remove: string[] = [], section = "a") =>
  editIni(readIni(text, "~/.aws/credentials"), new Map([[section, { set, remove }]]))

describe("a key of ours", () => {
  it.each([
    ["is replaced where it is", "[a]\nk = 1\nx = 2\n", "[a]\nk = new\nx = 2\n"],
    ["is written the usual way", "[a]\nK:1   \n", "[a]\nk = new\n"],
    ["keeps its indentation", "[a]\n\t k=1\n\t x=2\n", "[a]\n\t k = new\n\t x=2\n"],
    ["keeps its line end", "[a]\r\nk=1\r\nx=2\n", "[a]\r\nk = new\r\nx=2\n"],
    ["keeps a missing line end", "[a]\nk=1", "[a]\nk = new"],
    ["keeps the comments around it", "# 1\n[a] ; 2\n# 3\nk = 1\n; 4\n", "# 1\n[a] ; 2\n# 3\nk = new\n; 4\n"],
    ["keeps blank lines below it", "[a]\nk = 1\n\n\n[b]\n", "[a]\nk = new\n\n\n[b]\n"],
    [
      "is added after the section's last key",
      "[a]\nx = 1\n\n# of b\n[b]\n",
      "[a]\nx = 1\nk = new\n\n# of b\n[b]\n",
    ],
    [
      "is added after a block",
      "[a]\ns3 =\n  r = 1\n\n  q = 2\n[b]\n",
      "[a]\ns3 =\n  r = 1\n\n  q = 2\nk = new\n[b]\n",
    ],
    ["is added to an empty section", "[a]\n\n[b]\n", "[a]\nk = new\n\n[b]\n"],
    ["is added as far in as the other keys", "[a]\n  x = 1\n[b]\n", "[a]\n  x = 1\n  k = new\n[b]\n"],
    ["does not swallow an indented header", "[a]\n  [b]\n  x = 1\n", "[a]\n  k = new\n  [b]\n  x = 1\n"],
    ["does not swallow an indented [DEFAULT]", "[a]\n  [DEFAULT]\n", "[a]\n  k = new\n  [DEFAULT]\n"],
    [
      "is added with the line end of its neighbour",
      "[a]\r\nx=1\r\n[b]\n[c]\n[d]\n",
      "[a]\r\nx=1\r\nk = new\r\n[b]\n[c]\n[d]\n",
    ],
    ["is added where the last line has no end", "[a]\r\nx=1", "[a]\r\nx=1\r\nk = new"],
    ["is added where only a header has no end", "[a]", "[a]\nk = new"],
    ["is not taken for one within a block", "[a]\ns3 =\n  k = 1\n", "[a]\ns3 =\n  k = 1\nk = new\n"],
    ["is not taken for one in [DEFAULT]", "[DEFAULT]\nk = 1\n[a]\n", "[DEFAULT]\nk = 1\n[a]\nk = new\n"],
    ["comes in a new section at the end", "[b]\nx=1\n", "[b]\nx=1\n\n[a]\nk = new\n"],
    ["comes after one blank line, not two", "[b]\nx=1\n \n", "[b]\nx=1\n \n[a]\nk = new\n"],
    ["comes with the file's line ends", "[b]\r\nx=1\r\n", "[b]\r\nx=1\r\n\r\n[a]\r\nk = new\r\n"],
    [
      "comes with the line ends that most lines have",
      "[b]\nx=1\r\ny=1\r\n",
      "[b]\nx=1\r\ny=1\r\n\r\n[a]\r\nk = new\r\n",
    ],
    ["comes after a last line without end", "[b]\rx=1", "[b]\rx=1\r\r[a]\rk = new"],
    ["comes after a comment", "# only this\n", "# only this\n\n[a]\nk = new\n"],
    ["comes into an empty file", "", "[a]\nk = new\n"],
    [
      "comes after an indented end",
      "[b]\n   x = 1\n      more\n",
      "[b]\n   x = 1\n      more\n\n[a]\nk = new\n",
    ],
    [
      "does not mind a section of nearly that name",
      "[ a ]\n[A]\n[aa]\n",
      "[ a ]\n[A]\n[aa]\n\n[a]\nk = new\n",
    ],
  ])("%s", (_, before, after) => {
    expect(edit(before, { k: "new" })).toBe(after)
  })

  it.each([
    ["is removed with its line", "[a]\nx=1\nk = 1\ny=2\n", "[a]\nx=1\ny=2\n"],
    ["is removed in any case", "[a]\nK: 1\n", "[a]\n"],
    ["is removed only from its section", "[b]\nk=1\n[a]\nk=1\n", "[b]\nk=1\n[a]\n"],
    ["is not missed where it is not", "[a]\nx=1", "[a]\nx=1"],
    ["does not bring a section with it", "[b]\n", "[b]\n"],
    ["is removed from the end", "[a]\nx=1\nk=1", "[a]\nx=1\n"],
  ])("%s", (_, before, after) => {
    expect(edit(before, {}, ["k"])).toBe(after)
  })

  it("can be removed from the place where others are added", () => {
    expect(edit("[a]\nx=1\nold=2", { k: "new", l: "v" }, ["old"])).toBe("[a]\nx=1\nk = new\nl = v")
  })

  it.each([
    ["to be set", "[a]\nk = 1\n  x = 2\n", ["k"], 3, "k"],
    ["to be removed", "[a]\nx = 0\nold = 1\n\n # c\n more\n", [], 6, "old"],
    ["with a block", "[a]\nk =\n  x = 2\n", ["k"], 3, "k"],
  ])("that holds lines of the user is left alone: %s", (_, text, keys, line, key) => {
    const set = Object.fromEntries(keys.map(name => [name, "new"]))
    expect(() => edit(text, set, ["old"])).toThrow(
      new PumError(
        "file",
        `cannot use ~/.aws/credentials: line ${line} is indented, so AWS tools read it as part of ${key}`,
        { hint: `remove the white space at the start of line ${line}, or the line` },
      ),
    )
  })
})

describe("a value", () => {
  it.each(["a=b==", "a#b;c", "x: y", "[x]", '"q"', "æ日😀", "%(x)s"])(
    "%s is read as it was written",
    value => {
      expect(edit("[a]\n", { k: value })).toBe(`[a]\nk = ${value}\n`)
    },
  )

  it.each(["", " a", "a ", "a\nb", "a\rb", "a\u0000b", "a\tb", "a\u001bb", "a\u0085b", "a\u2028b", "\ud800"])(
    "%j is refused, and not repeated in the message",
    value => {
      expect(() => edit("[a]\n", { k: value })).toThrow(
        new PumError("file", "cannot write ~/.aws/credentials: the value for k does not fit into one line"),
      )
    },
  )
})

it("several sections change at once", () => {
  const document = readIni("[a]\nk=1\n[b]\n", "f")
  const change = { set: { k: "new" } }
  const all = new Map(["b", "c", "a", "d"].map(name => [name, change]))
  expect(editIni(document, all)).toBe("[a]\nk = new\n[b]\nk = new\n\n[c]\nk = new\n\n[d]\nk = new\n")
})

it("[DEFAULT] is never written: it is in every profile", () => {
  expect(() => edit("[DEFAULT]\n", { k: "new" }, [], "DEFAULT")).toThrow(PumError)
})

it.each(["x\n[y", "x]\ny=1\n[z", ""])(
  "a section name that would be read otherwise (%j) is not written",
  name => {
    expect(() => edit("[a]\n", { k: "new" }, [], name)).toThrow(/without changing the meaning/)
  },
)
