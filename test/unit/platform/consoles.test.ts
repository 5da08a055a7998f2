import { describe, expect, it } from "vitest"
import { mayBeUnseen, terminalPaths } from "../../../src/platform/consoles.ts"

describe("the console of a process on Windows", () => {
  const [tty, pipe] = [{ isTTY: true }, {}]
  it.each([
    ["win32", pipe, pipe, pipe, true],
    ["win32", tty, pipe, pipe, false],
    ["win32", pipe, tty, pipe, false],
    ["win32", pipe, pipe, tty, false],
    ["linux", pipe, pipe, pipe, false],
  ] as const)("on %s may be one that nobody sees only if no stream leads to it: %j %j %j", (...row) => {
    const [platform, stdin, stdout, stderr, expected] = row
    expect(mayBeUnseen({ stdin, stdout, stderr }, platform)).toBe(expected)
  })

  it("has names of its own", () => {
    expect(terminalPaths("win32")).toEqual({ input: "\\\\.\\CONIN$", output: "\\\\.\\CONOUT$" })
    expect(terminalPaths("darwin")).toEqual({ input: "/dev/tty", output: "/dev/tty" })
  })
})
