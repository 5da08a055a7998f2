import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Spinner } from "../../../src/terminal/spinner.ts"
import { styleFor } from "../../../src/terminal/style.ts"
import { displayWidth } from "../../../src/terminal/width.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open(columns: number, env: Record<string, string> = {}) {
  const written: string[] = []
  const output = { columns, write: (text: string) => written.push(text) }
  return { spinner: new Spinner(output, styleFor(false, false, env)), written }
}

it.each([
  [80, {}, "⠋ Asking AWS for the names of your accounts"],
  [24, {}, "⠋ Asking AWS for the n…"],
  [24, { LC_ALL: "C" }, "| Asking AWS for the .."],
  [5, {}, "⠋ A…"],
  [0, {}, "⠋ Asking AWS for the names of your accounts"],
])("is narrower than the screen: %i columns, %j", (columns, env, shown) => {
  const { spinner, written } = open(columns, env)
  spinner.start(() => "Asking AWS for the names of your accounts")
  vi.advanceTimersByTime(80)
  expect(written).toEqual([`\r\x1b[K${shown}`])
  if (columns > 0) expect(displayWidth(shown)).toBeLessThan(columns)
})

it("is wiped away, and drawn no more; one that replaced it goes on", () => {
  const { spinner, written } = open(80)
  const stopFirst = spinner.start(() => "first")
  vi.advanceTimersByTime(80)
  const stopSecond = spinner.start(() => "second")
  stopFirst()
  vi.advanceTimersByTime(80)
  stopSecond()
  vi.advanceTimersByTime(800)
  expect(written).toEqual(["\r\x1b[K⠋ first", "\r\x1b[K", "\r\x1b[K⠋ second", "\r\x1b[K"])
})

it("shows nothing for what takes no time", () => {
  const { spinner, written } = open(80)
  const label = vi.fn(() => "short")
  spinner.start(label)()
  vi.advanceTimersByTime(800)
  expect(written).toEqual([])
  expect(label).not.toHaveBeenCalled()
})
