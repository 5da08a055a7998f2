import type tty from "node:tty"
import { expect, it } from "vitest"
import { readNoLines } from "../../../src/terminal/keyboard.ts"

it("stops reading before the terminal gives lines again, so that no key is taken for a line", () => {
  const steps: string[] = []
  const input = {
    _handle: { reading: true, readStop: () => steps.push("stop") },
    _readableState: { reading: true },
    setRawMode: (raw: boolean) => steps.push(`raw ${raw}`),
  }
  readNoLines(input as unknown as tty.ReadStream)
  for (const raw of [true, false, false]) input.setRawMode(raw)
  expect(steps).toEqual(["raw true", "stop", "raw false", "raw false"])
  expect([input._handle.reading, input._readableState.reading]).toEqual([false, false])
})
