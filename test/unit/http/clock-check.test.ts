import { describe, expect, it } from "vitest"
import { ClockCheck } from "../../../src/http/clock-check.ts"

const now = Date.parse("2026-11-23T12:00:00Z")

function warnings(...dates: (string | undefined)[]): string[] {
  const said: string[] = []
  const clock = new ClockCheck({ now: () => now, warn: line => said.push(line) })
  for (const date of dates) clock.compare("adfs.example.com", date)
  return said
}

const wrong = (difference: string) =>
  `this machine's clock is ${difference} adfs.example.com's: codes, sign-ins and times of expiry can be wrong until it is set`

describe("the clock of this machine", () => {
  it.each([
    ["Mon, 23 Nov 2026 12:05:01 GMT", "5 min behind"],
    ["Mon, 23 Nov 2026 13:00:00 GMT", "1 h behind"],
    ["Mon, 23 Nov 2026 10:28:00 GMT", "1 h 32 min ahead of"],
  ])("is wrong where a server says %s at noon", (date, difference) => {
    expect(warnings(date)).toEqual([wrong(difference)])
  })

  it.each(["Mon, 23 Nov 2026 12:05:00 GMT", "Mon, 23 Nov 2026 11:55:00 GMT", undefined, "", "soon"])(
    "is not called wrong where a server says %j at noon",
    date => {
      expect(warnings(date)).toEqual([])
    },
  )

  it("is called wrong once", () => {
    const date = "Mon, 23 Nov 2026 13:00:00 GMT"
    expect(warnings(date, date)).toHaveLength(1)
  })
})
