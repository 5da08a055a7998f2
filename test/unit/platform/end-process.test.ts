import { EventEmitter } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { expect, it, onTestFinished, vi } from "vitest"
import {
  codeAfterSignal,
  dieBySignalAtExit,
  endingSignals,
  mustPassOn,
} from "../../../src/platform/end-process.ts"

const filter = "/proc/self/coredump_filter"

/** Ends a process that only notes what it is sent. */
function end(signal: NodeJS.Signals, hasReachedOthers: boolean, platform: NodeJS.Platform) {
  const kill = vi.fn()
  const noting = Object.assign(new EventEmitter(), { pid: 7, kill }) as unknown as NodeJS.Process
  dieBySignalAtExit(noting, signal, hasReachedOthers, platform)
  noting.emit("exit", 130)
  return kill.mock.calls
}

it("a signal that others have already is for this process only, Ctrl-C as a key for the group; Windows has none", () => {
  expect(end("SIGTERM", true, "linux")).toEqual([[7, "SIGTERM"]])
  expect(end("SIGINT", false, "darwin")).toEqual([[0, "SIGINT"]])
  expect(end("SIGINT", false, "win32")).toEqual([])
})

it("SIGQUIT, which leaves a core file, leaves no secrets in it", () => {
  const before = readFileSync(filter, "utf8")
  onTestFinished(() => writeFileSync(filter, `0x${before.trim()}`))
  end("SIGINT", true, "linux")
  expect(readFileSync(filter, "utf8")).toBe(before)
  end("SIGQUIT", true, "linux")
  expect(Number(readFileSync(filter, "utf8"))).toBe(0)
})

it("Ctrl-Break ends a run on Windows as Ctrl-C does, with 130, and so does a window that is closed", () => {
  expect(endingSignals("win32")).toEqual(["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"])
  expect(endingSignals("linux")).toEqual(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
  expect(
    ["SIGINT", "SIGBREAK", "SIGHUP"].map(one => codeAfterSignal(one as NodeJS.Signals, "win32")),
  ).toEqual([130, 130, 130])
  expect(codeAfterSignal("SIGHUP", "linux")).toBe(129)
})

it.each([
  ["linux", "SIGTERM", true, true],
  ["linux", "SIGINT", true, false],
  ["linux", "SIGINT", false, true],
  ["darwin", "SIGQUIT", true, false],
  ["win32", "SIGINT", true, false],
  ["win32", "SIGBREAK", true, false],
  ["win32", "SIGHUP", true, false],
] as const)("on %s, %s with a command in the foreground (%s) is passed on to it: %s", (...row) => {
  const [platform, signal, inForeground, expected] = row
  expect(mustPassOn(signal, () => inForeground, platform)).toBe(expected)
})
