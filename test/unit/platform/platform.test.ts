import { expect, it } from "vitest"
import { isDeviceName } from "../../../src/platform/platform.ts"

it.each([
  ["NUL", true],
  ["nul", true],
  ["C:\\x\\con", true],
  ["C:/x/aux.txt", true],
  ["\\\\.\\COM1", true],
  ["LPT\u00b2", true],
  ["CONIN$", true],
  ["nul .lock", true],
  ["null", false],
  ["console", false],
  ["C:\\con\\config", false],
  ["com10", false],
])("Windows takes %s for a device: %s", (path, expected) => {
  expect(isDeviceName(path, "win32")).toBe(expected)
  expect(isDeviceName(path, "linux")).toBe(false)
})
