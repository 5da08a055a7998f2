import { realpathSync } from "node:fs"
import { describe, expect, it, onTestFinished } from "vitest"
import { readUserFile } from "../../../src/files/read-file.ts"
import { readOwnFile } from "../../../src/files/read-own-file.ts"
import { fileIn, newHome, readIn } from "../../support/aws-home.ts"
import { failFirst, patchFs, systemError } from "../../support/patched-fs.ts"

describe("reading", () => {
  it.each(["", "\n", "a\r\nb\rc", "\ufeffæ😀\u0000", "\ufffd"])(
    "gives the text whose bytes are the file's: %j",
    text => {
      const home = newHome({ f: text })
      expect(Buffer.from(readIn(home, "f").text ?? "?")).toEqual(Buffer.from(text))
    },
  )

  it("takes a path that ends with a slash for a folder, as AWS tools do", () => {
    const home = newHome()
    expect(() => readIn(home, "new/")).toThrow("cannot use ~/new/: is a folder")
  })

  it("needs no drive that tells the path of an open file: a RAM disk of Windows answers EISDIR", () => {
    const { native } = realpathSync
    onTestFinished(() => {
      realpathSync.native = native
    })
    realpathSync.native = (() => {
      throw systemError("EISDIR", "realpath")
    }) as unknown as typeof native
    const home = newHome({ f: "1" })
    expect(readIn(home, "f")).toMatchObject({ text: "1", target: realpathSync(home.path("f")) })
  })

  it.each(["EBUSY", "EPERM", "EACCES"])(
    "waits on Windows for a file that is replaced or scanned: %s",
    code => {
      const home = newHome({ f: "1", own: "{}" })
      for (const name of ["statSync", "openSync"] as const) failFirst(name, 3, { end: "/f", code })
      expect(readUserFile(fileIn(home, "f"), undefined, "win32").text).toBe("1")
      failFirst("openSync", 3, { end: "/own", code })
      expect(readOwnFile(fileIn(home, "own"), undefined, "win32")).toBe("{}")
      failFirst("statSync", 1, { end: "/f", code })
      expect(() => readUserFile(fileIn(home, "f"), undefined, "linux")).toThrow(/^cannot read ~\/f: /)
    },
  )

  it("does not wait for ever", () => {
    const home = newHome({ f: "1" })
    failFirst("statSync", 1_000, { end: "/f", code: "EBUSY" })
    expect(() => readUserFile(fileIn(home, "f"), undefined, "win32")).toThrow("another program holds it")
  })

  it("refuses what can be opened, but has no place in a folder, as a pipe of the shell", () => {
    const home = newHome({ f: "1" })
    patchFs(
      "statSync",
      real =>
        (...args) =>
          String(args[0]).endsWith("/f") ? undefined : real(...args),
    )
    expect(() => readIn(home, "f")).toThrow("cannot use ~/f: is no regular file")
  })

  it.each(["ERR_FS_FILE_TOO_LARGE", "ERR_STRING_TOO_LONG"])("a file that is too large: %s", code => {
    const home = newHome({ f: "1" })
    patchFs("statSync", () => () => {
      throw systemError(code)
    })
    expect(() => readIn(home, "f")).toThrow("cannot read ~/f: the file is too large")
  })

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
