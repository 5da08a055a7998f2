import type { Request } from "../server/request.ts"
import { cookieValues, type Session, scope } from "./state.ts"

/** Microsoft's defaults: LoopDetectionMaximumTokensIssuedInterval and LoopDetectionTimeIntervalInSeconds. */
const limit = { tokens: 5, withinMs: 20_000 }

export interface TokenRequests {
  /** Token requests since `since`, this one included. */
  readonly count: number
  /** Milliseconds since 1970. */
  readonly since: number
  readonly tooMany: boolean
}

/**
 * Counts a token request. ADFS counts in a cookie that holds a time and a number: a client that drops the cookie starts
 * anew, and a client that keeps it is counted across sessions.
 */
export function tokenRequests(
  counted: "cookie" | "server",
  request: Request,
  session: Session,
): TokenRequests {
  const now = Date.now()
  const before = counted === "cookie" ? readLoopCookie(request, now) : recent(session, now)
  const count = before.count + 1
  const tooMany = count > limit.tokens
  if (!tooMany) session.tokenTimes.push(now)
  return { count, since: before.since, tooMany }
}

function recent({ tokenTimes }: Session, now: number) {
  const times = tokenTimes.filter(time => now - time < limit.withinMs)
  return { count: times.length, since: times[0] ?? now }
}

function readLoopCookie(request: Request, now: number) {
  const [value = ""] = cookieValues(request, cookieName)
  const [, day, time, count] =
    /^(\d{4}-\d\d-\d\d):(\d\d:\d\d:\d\d)Z\\(\d+)$/.exec(Buffer.from(value, "base64").toString("latin1")) ?? []
  const since = Date.parse(`${day}T${time}Z`)
  return now - since < limit.withinMs ? { count: Number(count), since } : { count: 0, since: now }
}

const cookieName = "MSISLoopDetectionCookie"

/** Base64 of `2026-01-31:12:59:00Z\3`. */
export function loopCookie({ since, count }: TokenRequests): string {
  const time = new Date(since)
    .toISOString()
    .replace("T", ":")
    .replace(/\.\d+Z$/, "Z")
  return `${cookieName}=${Buffer.from(`${time}\\${count}`).toString("base64")}; ${scope}`
}
