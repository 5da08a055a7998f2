import { formatDuration } from "../domain/time.ts"

/** Milliseconds. AWS and ADFS accept a clock that differs by up to 5 minutes. */
export const toleratedDifference = 5 * 60_000

export interface ClockSettings {
  /** Milliseconds since 1970, by this machine's clock. */
  readonly now: () => number
  readonly warn: (line: string) => void
}

/**
 * Compares this machine's clock with the `Date` header of servers: a wrong clock makes codes and assertions wrong, and
 * times of expiry. Warns once.
 */
export class ClockCheck {
  private readonly settings: ClockSettings
  private hasWarned = false
  /** How far this machine's clock was ahead of the last server's, in milliseconds. */
  private ahead = 0

  constructor(settings: ClockSettings) {
    this.settings = settings
  }

  /** @param date `Date` header of an answer that has just arrived (RFC 9110, 6.6.1) */
  compare(host: string, date: string | undefined): void {
    const ahead = this.settings.now() - Date.parse(date ?? "")
    // A header that is no date gives NaN.
    if (!Number.isNaN(ahead)) this.ahead = ahead
    if (this.hasWarned || !(Math.abs(ahead) > toleratedDifference)) return
    this.hasWarned = true
    const difference = formatDuration(Math.abs(ahead) / 1000)
    this.settings.warn(
      `this machine's clock is ${difference} ${ahead > 0 ? "ahead of" : "behind"} ${host}'s: codes, sign-ins and times of expiry can be wrong until it is set`,
    )
  }

  /** Milliseconds since 1970, by this machine's clock and by that of the last server that answered. */
  times(): readonly [own: number, servers: number] {
    const now = this.settings.now()
    return [now, now - this.ahead]
  }
}
