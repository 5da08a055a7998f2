import { readFileSync, readlinkSync } from "node:fs"
import { isObject } from "../domain/json.ts"

/** The wall clock and the monotonic clock. */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock, which may be set forward or back at any time. */
  readonly now: () => number
  /** Milliseconds by the monotonic clock, which is never set. */
  readonly monotonicNow: () => number
  /** Processes with the same `boot` read the same monotonic clock. `undefined` if the system does not tell. */
  readonly boot: string | undefined
}

/** A point in time that other processes read. */
export interface Moment {
  readonly wall: number
  readonly monotonic: number
  readonly boot: string | undefined
}

/** Milliseconds since 1970 by the wall clock. */
export const now = () => Date.now()

export function systemClock(): Clock {
  return { now, monotonicNow, boot: readBoot() }
}

/** Node.js reads CLOCK_MONOTONIC and its like, which begin with the machine and not with the process. */
export const monotonicNow = () => Number(process.hrtime.bigint()) / 1e6

/** Linux only: the other systems need a child process for it. */
function readBoot(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    // A time namespace shifts the monotonic clock (time_namespaces(7)).
    return `${boot} ${readlinkSync("/proc/self/ns/time")}`
  } catch {
    return undefined
  }
}

export function momentNow({ now, monotonicNow, boot }: Clock): Moment {
  return { wall: now(), monotonic: monotonicNow(), boot }
}

export function parseMoment(value: unknown): Moment | undefined {
  if (!isObject(value)) return undefined
  const { wall, monotonic, boot } = value
  if (typeof wall !== "number" || typeof monotonic !== "number") return undefined
  return { wall, monotonic, boot: typeof boot === "string" ? boot : undefined }
}

/** Milliseconds since a moment by the monotonic clock; `undefined` if it is another machine's or an earlier boot's. */
export function monotonicAge(moment: Moment, { monotonicNow, boot }: Clock): number | undefined {
  return boot !== undefined && moment.boot === boot ? monotonicNow() - moment.monotonic : undefined
}

/** Milliseconds since a moment by the wall clock; negative if that was set back. */
export const wallAge = (moment: Moment, { now }: Clock) => now() - moment.wall
