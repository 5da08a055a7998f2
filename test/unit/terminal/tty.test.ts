import { describe, expect, it } from "vitest"
import { findTty, ttyInPs, ttyInStat } from "../../../src/terminal/tty.ts"

describe("the controlling terminal", () => {
  it("is on Windows the window that Windows Terminal names, or one for all other consoles", () => {
    const named = findTty({ WT_SESSION: "5b0c-1" }, "win32")
    expect(named).toEqual({ name: "console 5b0c-1", inForeground: true })
    expect(findTty({ WT_SESSION: "5b0c-2" }, "win32")).not.toEqual(named)
    expect(findTty({}, "win32")).toEqual({ name: "console", inForeground: true })
  })

  it.each([
    [
      "in the foreground",
      "4711 (node) S 4700 4711 4700 34816 4711 4194304",
      { name: "34816", inForeground: true },
    ],
    [
      "in the background",
      "4711 (node) S 4700 4711 4700 34816 4700 0",
      { name: "34816", inForeground: false },
    ],
    [
      "behind a name that looks like more",
      "1 (a) S 9 9 (b) S 1 2 3 34817 2 0",
      { name: "34817", inForeground: true },
    ],
    ["not there", "4711 (node) S 1 4711 4711 0 -1 4194304", undefined],
  ])("is read from /proc: %s", (_, stat, expected) => {
    expect(ttyInStat(stat)).toEqual(expected)
  })

  it.each([
    ["in the foreground", "ttys003    501   501\n", { name: "ttys003", inForeground: true }],
    ["in the background", " ttys003   501   400\n", { name: "ttys003", inForeground: false }],
    ["not there", "??         501     0\n", undefined],
    ["of a process that is gone", "", undefined],
  ])("is read from ps: %s", (_, line, expected) => {
    expect(ttyInPs(line)).toEqual(expected)
  })
})
