import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { resolveOnWindows } from "../../../src/outputs/program.ts"
import { foldersOnPath, windowsFiles } from "../../../src/platform/windows-programs.ts"

const env = {
  Path: "C:\\tools;C:\\npm",
  PATHEXT: ".COM;.EXE;.BAT;.CMD",
  ComSpec: "C:\\Windows\\system32\\cmd.exe",
}
const installed = new Set([
  "C:\\tools\\aws.EXE",
  "C:\\tools\\python3.11.EXE",
  "C:\\tools\\deploy.py",
  "C:\\tools\\notes.EXE",
  "C:\\npm\\cdk.CMD",
  "C:\\npm\\cdk",
  "C:\\my tools\\x.bat",
  ".\\tool",
])
const files = {
  isFile: (path: string) => installed.has(path),
  isProgram: (path: string) => !path.includes("notes"),
}
const resolve = (file: string, args: readonly string[] = [], more = {}) =>
  resolveOnWindows(file, args, { ...env, ...more }, files)

it("a folder of the PATH of Windows may be in quotes, with a semicolon in it", () => {
  const Path = 'C:\\a;"C:\\my; tools";;C:\\"Program Files"\\op;"C:\\open'
  const folders = ["C:\\a", "C:\\my; tools", "C:\\Program Files\\op", "C:\\open"]
  expect(foldersOnPath({ Path }, "win32")).toEqual(folders)
  expect(foldersOnPath({ PATH: '/a:"b":' }, "linux")).toEqual(["/a", '"b"', ""])
})

describe("resolveOnWindows", () => {
  it.each([
    ["aws", "C:\\tools\\aws.EXE"],
    ["python3.11", "C:\\tools\\python3.11.EXE"],
  ])("starts the program %s by itself, its arguments as they are", (name, file) => {
    const args = ["s3", 'a "b"', "%PATH%"]
    expect(resolve(name, args)).toEqual({ file, args, verbatim: false })
  })

  it.each([
    ["deploy", "deploy"],
    ["a,b", '"a,b"'],
    ["", '""'],
    ["a b", '"a b"'],
    ["C:\\x\\", '"C:\\x\\\\"'],
    ['say "hi"', '"say ""hi"""'],
    ['a "b & calc" c', '"a ""b & calc"" c"'],
    ["the end\\", '"the end\\\\"'],
    ['\\"', '"\\\\"""'],
    ["%PATH%", '"%%cd:~,%PATH%%cd:~,%"'],
    ["& calc | more > x ^ !y!", '"& calc | more > x ^ !y!"'],
  ])("has cmd.exe run a .cmd file with the argument %j kept from it", (argument, quoted) => {
    expect(resolve("cdk", [argument])).toEqual({
      file: "C:\\Windows\\system32\\cmd.exe",
      args: ["/d", "/e:on", "/v:off", "/s", "/c", `""C:\\npm\\cdk.CMD" ${quoted}"`],
      verbatim: true,
    })
  })

  it("starts a batch file by cmd.exe, whatever shell COMSPEC names", () => {
    const file = (ComSpec: string) => resolve("cdk", [], { ComSpec, SystemRoot: "D:\\Win" }).file
    expect(file("C:\\Program Files\\PowerShell\\pwsh.exe")).toBe("D:\\Win\\System32\\cmd.exe")
    expect(file("")).toBe("D:\\Win\\System32\\cmd.exe")
    expect(file("E:\\CMD.EXE")).toBe("E:\\CMD.EXE")
  })

  it("does not look into the current folder if NoDefaultCurrentDirectoryInExePath says so", () => {
    const here = { isFile: (path: string) => path === "x.EXE", isProgram: () => true }
    expect(resolveOnWindows("x", [], env, here)).toMatchObject({ file: "x.EXE" })
    const without = { ...env, NoDefaultCurrentDirectoryInExePath: "1" }
    expect(() => resolveOnWindows("x", [], without, here)).toThrow("there is no such program")
  })

  it("leaves no character of an argument outside quotes, where cmd.exe would obey it", () => {
    for (const argument of ['"', '""', 'a"&b', '"&calc&"', '\\"|x', 'x" > y "z']) {
      const line = resolve("cdk", [argument]).args.at(-1)?.replace('""C:\\npm\\cdk.CMD" ', "") ?? ""
      const outside = line
        .slice(0, -1)
        .split('"')
        .filter((_, index) => index % 2 === 0)
      expect(outside.join("")).toBe("")
    }
  })

  it("finds a batch file by a path with blanks", () => {
    expect(resolve("C:\\my tools\\x.bat").args.at(-1)).toBe('""C:\\my tools\\x.bat""')
  })

  it.each([["line\nend"], ["line\rend"], ["nul\0"]])("refuses to pass %j to a batch file", argument => {
    expect(() => resolve("cdk", [argument])).toThrow("holds a line end, which Windows cannot pass on")
  })

  it("says what is not there", () => {
    expect(() => resolve("nope")).toThrow(
      expect.objectContaining({
        code: "commandNotFound",
        message: "cannot run 'nope': there is no such program",
        hint: 'what only a shell knows (built-in commands, aliases, pipes) is run by one: pum-aws "--" cmd /c "..."',
      }),
    )
  })

  it.each([
    ["deploy.py", {}, "C:\\tools\\deploy.py", 'pum-aws "--" py C:\\tools\\deploy.py'],
    ["deploy", { PATHEXT: ".EXE;.CMD;.PY" }, "C:\\tools\\deploy.py", 'pum-aws "--" py'],
    ["C:\\tools\\deploy.py", {}, "C:\\tools\\deploy.py", 'pum-aws "--" py'],
    [".\\tool", {}, ".\\tool", "Windows starts .exe, .com, .cmd and .bat files"],
    ["notes", {}, "C:\\tools\\notes.EXE", "Windows starts .exe"],
  ])("says before the password that Windows does not start %s by itself, and what does", (...row) => {
    const [name, more, path, hint] = row
    // PATHEXT is in capitals, and Windows ignores case.
    const isFile = (candidate: string) =>
      [...installed].some(one => one.toLowerCase() === candidate.toLowerCase())
    expect(() => resolveOnWindows(name, [], { ...env, ...more }, { ...files, isFile })).toThrow(
      expect.objectContaining({ code: "commandNotExecutable", hint: expect.stringContaining(hint) }),
    )
    expect(() => resolveOnWindows(name, [], { ...env, ...more }, { ...files, isFile })).toThrow(
      /cannot run .* is no program of Windows/i,
    )
    expect(path).toBeTruthy()
  })
})

it.each([
  ["py", "py"],
  ["pyw", "py"],
  ["ps1", "powershell -File"],
  ["js", "node"],
  ["mjs", "node"],
  ["cjs", "node"],
  ["ts", "node"],
  ["vbs", "cscript"],
  ["wsf", "cscript"],
  ["sh", "bash"],
  ["rb", "ruby"],
  ["pl", "perl"],
  ["jar", "java -jar"],
])("names the program that runs a file of Windows with the extension %s", (extension, program) => {
  const file = `C:\\x.${extension}`
  const there = { isFile: (path: string) => path === file, isProgram: () => false }
  expect(() => resolveOnWindows(file, [], env, there)).toThrow(
    expect.objectContaining({
      hint: `name the program that runs it: pum-aws "--" ${program} ${file}`,
    }),
  )
})

describe("windowsFiles", () => {
  it("finds an alias of the Microsoft Store, a link that cannot be followed", () => {
    const folder = mkdtempSync(join(tmpdir(), "pum-aws-alias-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const alias = join(folder, "pwsh.exe")
    // It leads to itself: stat fails, as it does with EACCES at an alias.
    symlinkSync(alias, alias)
    expect(windowsFiles.isFile(alias)).toBe(true)
    expect(windowsFiles.isProgram(alias)).toBe(true)
  })

  it("does not call this file a program, nor a folder a file", () => {
    expect(windowsFiles.isFile(import.meta.filename)).toBe(true)
    expect(windowsFiles.isProgram(import.meta.filename)).toBe(false)
    expect(windowsFiles.isFile(import.meta.dirname)).toBe(false)
    expect(windowsFiles.isFile("/no/such/file")).toBe(false)
    expect(windowsFiles.isProgram("/no/such/file")).toBe(true)
  })
})
