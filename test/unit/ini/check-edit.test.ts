import { describe, expect, it } from "vitest"
import { checkEdit } from "../../../src/ini/check-edit.ts"
import { readIni } from "../../../src/ini/read-ini.ts"

/** Whether a text may be written in place of a whole document, if `k = new` is set in section `a`. */
function check(newText: string): void {
  const document = readIni("[DEFAULT]\nd = 0\n[a]\nk = old\nx = 1\ngone = 1\n[b]\ny = 2\n", "~/.aws/config")
  const all = { first: 0, end: document.lineStarts.length }
  checkEdit(document, all, newText, new Map([["a", { set: { k: "new" }, remove: ["gone"] }]]))
}

describe("what is to be written is read and compared with what it was to become", () => {
  it.each([
    ["all as wanted", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[b]\ny = 2\n"],
    ["other white space and order", "[DEFAULT]\nd=0\n[b]\ny=2\n[a]\nx=1\nk=new"],
  ])("%s: written", (_, text) => {
    expect(() => check(text)).not.toThrow()
  })

  it.each([
    ["our key has another value", "[DEFAULT]\nd = 0\n[a]\nk = old\nx = 1\n[b]\ny = 2\n"],
    ["our key is in another section", "[DEFAULT]\nd = 0\n[a]\nx = 1\n[b]\ny = 2\nk = new\n"],
    ["a key has another value", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[b]\ny = 3\n"],
    ["a key has another name", "[DEFAULT]\nd = 0\n[a]\nk = new\nz = 1\n[b]\ny = 2\n"],
    ["a key is lost", "[DEFAULT]\nd = 0\n[a]\nk = new\n[b]\ny = 2\n"],
    ["a key is added", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[b]\ny = 2\nz = 3\n"],
    ["a value takes in the next line", "[DEFAULT]\nd = 0\n[a]\nk = new\n x = 1\n[b]\ny = 2\n"],
    ["a section is lost", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n"],
    ["a section is added", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[b]\ny = 2\n[c]\n"],
    ["a section has another name", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[c]\ny = 2\n"],
    ["[DEFAULT] has another value", "[DEFAULT]\nd = 1\n[a]\nk = new\nx = 1\n[b]\ny = 2\n"],
    ["a key that was to go is there", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\ngone = 1\n[b]\ny = 2\n"],
    ["it cannot be read", "[DEFAULT]\nd = 0\n[a]\nk = new\nx = 1\n[b]\ny = 2\n[b]\n"],
  ])("%s: refused", (_, text) => {
    expect(() => check(text)).toThrow(
      expect.objectContaining({
        code: "file",
        message: "cannot change ~/.aws/config without changing the meaning of its other lines",
        hint: "bring its indentation and sections into order first",
      }),
    )
  })
})
