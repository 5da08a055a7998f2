/** The holder of a lock sets its modification time this often, in milliseconds. */
export const heartbeatInterval = 1_000

/** A lock without a heartbeat for this long (ms) is stale: its holder was killed, or is stopped. */
const staleAfter = 4 * heartbeatInterval

interface Sighting {
  readonly stamp: string
  /** When it was last seen. */
  readonly at: number
  /** For how long it has been watched without a change, in milliseconds. */
  readonly watched: number
}

/**
 * Locks of other processes as they were seen, look by look. For locks that are held while a person is asked: their
 * holder must not lose them because the wall clock was set, or because this process or the whole machine was
 * suspended. So a lock is stale if it was watched for 4 s without a change, and the time between two looks counts as
 * one second at most.
 */
export class Sightings {
  private readonly monotonicNow: () => number
  private readonly seen = new Map<string, Sighting>()

  /** @param monotonicNow milliseconds of a monotonic clock */
  constructor(monotonicNow: () => number) {
    this.monotonicNow = monotonicNow
  }

  isStale(path: string, stamp: string): boolean {
    const at = this.monotonicNow()
    const last = this.seen.get(path)
    const watched = last?.stamp === stamp ? last.watched + Math.min(at - last.at, heartbeatInterval) : 0
    this.seen.set(path, { stamp, at, watched })
    return watched >= staleAfter
  }
}

/** Locks that only the program holds, for milliseconds: the wall clock decides, so that no run has to watch first. */
export const byWallClock = {
  /** A modification time in the future (the clock was set back) counts like one in the past. */
  isStale: (_path: string, _stamp: string, mtimeMs: number) => Math.abs(Date.now() - mtimeMs) >= staleAfter,
}
