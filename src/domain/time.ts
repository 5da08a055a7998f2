import { PumError } from "../errors.ts"

/* Lengths and points of time, as users and files write them. */

/** The limits of AWS STS for a session, in seconds (AssumeRoleWithSAML, `DurationSeconds`). */
const shortestSession = 900
const longestSession = 43_200

/**
 * Reads the length of a session: `1` (hours), `90m`, `2h`, `1h30m`.
 * @returns seconds, 900 to 43,200
 * @throws PumError `usage`
 */
export function parseDuration(text: string): number {
  const match = /^(?:(\d{1,4})h?|(?:(\d{1,4})h)?(\d{1,4})m)$/i.exec(text.trim())
  if (match === null) {
    throw new PumError("usage", `'${text}' is not a duration`, {
      hint: `${meantDuration(text)}hours like 1, or 90m, or 1h30m${otherUnit(text.trim())}`,
    })
  }
  const seconds = Number(match[1] ?? match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60
  if (seconds < shortestSession || seconds > longestSession) {
    throw new PumError("usage", `a duration of ${text} is out of range`, {
      hint: `AWS allows 15m to 12h${otherUnit(text.trim())}`,
    })
  }
  return seconds
}

/** `did you mean 1h30m? ` for `1.5h`, `90 min`, `PT1H30M`; empty if the text is none of the kind, or out of range. */
function meantDuration(text: string): string {
  const short = text
    .toLowerCase()
    .replace(/^pt/, "")
    .replace(/\s/g, "")
    .replace(/h(?:(?:ou)?rs?)(?=\d|$)/, "h")
    .replace(/m(?:in(?:ute)?s?)$/, "m")
  const [, hours = "0", minutes = "0"] =
    /^(?:(\d{1,2}(?:[.,]\d{1,2})?)(?:h|$))?(?:(\d{1,3})m)?$/.exec(short) ?? []
  const total = Math.round(Number(hours.replace(",", ".")) * 60) + Number(minutes)
  if (total * 60 < shortestSession || total * 60 > longestSession) return ""
  const parts = [total >= 60 ? `${Math.floor(total / 60)}h` : "", total % 60 > 0 ? `${total % 60}m` : ""]
  return `did you mean ${parts.join("")}? `
}

/** What a number of hours that is out of range means in minutes or seconds, as AWS tools write it. */
function otherUnit(text: string): string {
  if (!/^\d+$/.test(text)) return ""
  const number = Number(text)
  const isIn = (unit: number) => number * unit >= shortestSession && number * unit <= longestSession
  if (number % 60 === 0 && isIn(1))
    return `; a number alone is hours: for ${number} seconds write ${number / 60}m`
  return isIn(60) ? `; a number alone is hours: for ${number} minutes write ${number}m` : ""
}

/** `1 h`, `1 h 30 min`, `45 min`: rounded to minutes. */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const parts = []
  if (minutes >= 60) parts.push(`${Math.floor(minutes / 60)} h`)
  if (minutes % 60 > 0 || minutes < 60) parts.push(`${minutes % 60} min`)
  return parts.join(" ")
}

/** The time of day in the user's time zone: `15:46`. */
export const formatTimeOfDay = (date: Date) => date.toTimeString().slice(0, 5)

/** RFC 3339 in UTC, without fractions of a second, which some readers refuse: `2026-11-23T15:46:00Z`. */
export function formatUtc(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z")
}
