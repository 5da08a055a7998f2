import { describe, expect, it } from "vitest"
import { formatDuration, formatTimeOfDay, formatUtc, parseDuration } from "../../../src/domain/time.ts"

describe("parseDuration", () => {
  it.each([
    ["1", 3600],
    ["12", 43_200],
    ["5", 18_000],
    ["1h", 3600],
    ["90m", 5400],
    ["15m", 900],
    ["1h30m", 5400],
    ["1H30M", 5400],
    [" 2h ", 7200],
    ["720m", 43_200],
  ])("%j is %d seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each(["", "h", "1.5", "-1", "1x", "m30", "1m30h", "1h 30m", "99999"])("%j is no duration", text => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: "usage", message: `'${text}' is not a duration` }),
    )
  })

  it.each([
    ["1.5", "did you mean 1h30m? "],
    ["1,25h", "did you mean 1h15m? "],
    ["90 min", "did you mean 1h30m? "],
    ["45minutes", "did you mean 45m? "],
    ["2 hours", "did you mean 2h? "],
    ["1 hr 30 mins", "did you mean 1h30m? "],
    ["PT1H", "did you mean 1h? "],
    ["1h 30m", "did you mean 1h30m? "],
    ["0.1h", ""],
    ["13.5", ""],
    ["", ""],
    ["m30", ""],
    ["1h30s", ""],
  ])("%j, written in another way, is told in ours", (text, meant) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: "usage", hint: `${meant}hours like 1, or 90m, or 1h30m` }),
    )
  })

  it.each(["0", "14m", "13", "12h1m", "721m", "0m"])("%j is out of range", text => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `a duration of ${text} is out of range`,
        hint: "AWS allows 15m to 12h",
      }),
    )
  })

  it("43200 means seconds", () => {
    const hint = "hours like 1, or 90m, or 1h30m; a number alone is hours: for 43200 seconds write 720m"
    expect(() => parseDuration("43200")).toThrow(expect.objectContaining({ hint }))
  })

  it("16.5 is no duration in any unit", () => {
    const hint = "hours like 1, or 90m, or 1h30m"
    expect(() => parseDuration("16.5")).toThrow(expect.objectContaining({ hint }))
  })

  it.each([
    ["3600", "3600 seconds write 60m"],
    ["7200", "7200 seconds write 120m"],
    ["60", "60 minutes write 60m"],
    ["90", "90 minutes write 90m"],
  ])("%j is out of range, and means another unit", (text, words) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ hint: `AWS allows 15m to 12h; a number alone is hours: for ${words}` }),
    )
  })
})

describe("formatDuration", () => {
  it.each([
    [3600, "1 h"],
    [5400, "1 h 30 min"],
    [900, "15 min"],
    [0, "0 min"],
    [43_200, "12 h"],
  ])("%d seconds: %s", (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words)
  })
})

describe("formatTimeOfDay and formatUtc", () => {
  it("drop seconds and fractions of a second", () => {
    const date = new Date(2026, 10, 3, 5, 6, 7, 89)
    expect(formatTimeOfDay(date)).toBe("05:06")
    expect(formatUtc(new Date("2026-11-03T05:06:07.089Z"))).toBe("2026-11-03T05:06:07Z")
  })
})
