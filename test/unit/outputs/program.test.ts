import { describe, expect, it } from "vitest"
import { resolveOnWindows } from "../../../src/outputs/program.ts"

const env = {
  Path: "C:\\tools;C:\\npm",
  PATHEXT: ".COM;.EXE;.BAT;.CMD",
  ComSpec: "C:\\Windows\\system32\\cmd.exe",
}
const installed = new Set(["C:\\tools\\aws.EXE", "C:\\npm\\cdk.CMD", "C:\\npm\\cdk", "C:\\my tools\\x.bat"])
const isThere = (path: string) => installed.has(path)

describe("resolveOnWindows", () => {
  it("starts a program by itself, its arguments as they are", () => {
    expect(resolveOnWindows("aws", ["s3", 'a "b"', "%PATH%"], env, isThere)).toEqual({
      file: "C:\\tools\\aws.EXE",
      args: ["s3", 'a "b"', "%PATH%"],
      verbatim: false,
    })
  })

  it.each([
    ["deploy", "deploy"],
    ["C:\\x\\", "C:\\x\\"],
    ["a,b", '^^^"a^^^,b^^^"'],
    ["", '^^^"^^^"'],
    ["a b", '^^^"a^^^ b^^^"'],
    ['say "hi"', '^^^"say^^^ \\^^^"hi\\^^^"^^^"'],
    ["the end\\", '^^^"the^^^ end\\\\^^^"'],
    ['\\"', '^^^"\\\\\\^^^"^^^"'],
    [
      "%PATH% & calc | more > x ^ !y!",
      '^^^"^^^%PATH^^^%^^^ ^^^&^^^ calc^^^ ^^^|^^^ more^^^ ^^^>^^^ x^^^ ^^^^^^^ ^^^!y^^^!^^^"',
    ],
  ])("has cmd.exe run a .cmd file with the argument %j kept from it", (argument, quoted) => {
    expect(resolveOnWindows("cdk", [argument], env, isThere)).toEqual({
      file: "C:\\Windows\\system32\\cmd.exe",
      args: ["/d", "/s", "/c", `"C:\\npm\\cdk.CMD ${quoted}"`],
      verbatim: true,
    })
  })

  it("finds a batch file by a path with blanks", () => {
    expect(resolveOnWindows("C:\\my tools\\x.bat", [], env, isThere).args[3]).toBe('"C:\\my^ tools\\x.bat"')
  })

  it.each([["line\nend"], ["line\rend"]])("refuses to pass %j to a batch file", argument => {
    expect(() => resolveOnWindows("cdk", [argument], env, isThere)).toThrow(
      "an argument for cdk holds a line end, which Windows cannot pass on",
    )
  })

  it("says what is not there", () => {
    expect(() => resolveOnWindows("nope", [], env, isThere)).toThrow(
      "cannot run 'nope': there is no such program",
    )
  })
})
