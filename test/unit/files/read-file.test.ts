import { describe, expect, it } from "vitest"
import { newHome, readIn } from "../../support/aws-home.ts"

describe("reading", () => {
  it.each(["", "\n", "a\r\nb\rc", "\ufeffæ😀\u0000", "\ufffd"])(
    "gives the text whose bytes are the file's: %j",
    text => {
      const home = newHome({ f: text })
      expect(Buffer.from(readIn(home, "f").text ?? "?")).toEqual(Buffer.from(text))
    },
  )

  it.each([
    ["\xff", 1],
    ["a\nb\n\xc3", 3],
    ["a\r\nb\r\n\xe6\r\nc", 3],
    ["a\rb\r\xed\xa0\x80", 3],
    ["a\n\xc3\n\xa6", 2],
  ])("says which line is not UTF-8: %j", (bytes, line) => {
    const home = newHome()
    home.write("f", Buffer.from(bytes, "latin1"))
    expect(() => readIn(home, "f")).toThrow(`cannot use ~/f: line ${line} is not valid UTF-8`)
  })
})
