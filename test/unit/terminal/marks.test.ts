import { expect, it } from "vitest"
import { marksFor } from "../../../src/terminal/marks.ts"

it.each([
  ["✔", "linux", { LANG: "en_US.UTF-8" }],
  ["✔", "linux", { LANG: "C.utf8" }],
  ["✔", "linux", {}],
  ["✔", "darwin", { TERM: "xterm-256color" }],
  ["✔", "linux", { LC_ALL: "", LC_CTYPE: "UTF-8", LANG: "C" }],
  ["OK", "linux", { LC_ALL: "C", LANG: "en_US.UTF-8" }],
  ["OK", "linux", { LC_ALL: "POSIX" }],
  ["OK", "linux", { LC_CTYPE: "C", LANG: "en_US.UTF-8" }],
  ["OK", "linux", { LANG: "de_DE.ISO-8859-1" }],
  ["OK", "linux", { LANG: "en_US.UTF-8", TERM: "linux" }],
  ["OK", "win32", {}],
  ["OK", "win32", { TERM: "cygwin" }],
  ["✔", "win32", { WT_SESSION: "5b0c" }],
  ["✔", "win32", { TERM_PROGRAM: "vscode" }],
  ["✔", "win32", { TERM: "xterm-256color" }],
  ["✔", "win32", { ConEmuTask: "{cmd::Cmder}" }],
  ["✔", "win32", { TERMINAL_EMULATOR: "JetBrains-JediTerm" }],
] as const)("a thing that worked is marked with %s on %s with %j", (mark, platform, env) => {
  expect(marksFor(env, platform).success).toBe(mark)
})

it("in a pipe of Windows the marks are ASCII: PowerShell and clip read it in a code page", () => {
  const success = (platform: NodeJS.Platform) => marksFor({ WT_SESSION: "5b0c" }, platform, false).success
  expect(success("win32")).toBe("OK")
  expect(success("linux")).toBe("✔")
})

it("all marks of a console without them are ASCII", () => {
  expect(Object.values(marksFor({ LC_ALL: "C" }, "linux")).join("")).toMatch(/^[ -~]*$/)
})
