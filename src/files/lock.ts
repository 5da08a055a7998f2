import { mkdirSync, realpathSync, rmdirSync, type Stats, statSync, utimesSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { PumError } from "../errors.ts"
import { codeOf, fileTrouble } from "./file-error.ts"
import type { Snapshot } from "./replace-files.ts"

/** A lock without a heartbeat for this long (ms) belongs to a process that was killed. */
const staleAfter = 4_000

export interface Locks {
  /** Whether all of them are still ours: a machine that slept may find them taken over. */
  readonly intact: () => boolean
  readonly release: () => Promise<void>
}

/** One lock, which may be held for long. */
export interface Lock extends Locks {
  /** Aborted when this process finds out that it is not ours any more: it stood still, and another took over. */
  readonly lost: AbortSignal
}

/**
 * Locks of other processes as they are seen over a while, by a clock that nobody sets and that stands still with the
 * machine: where a person may hold a lock for minutes, none is stale because of its time alone.
 */
export class Sightings {
  private readonly now: () => number
  private readonly seen = new Map<string, { readonly stamp: string | undefined; readonly since: number }>()

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.now = now
  }

  /** Whether it looked the same for as long as no heartbeat takes. */
  isStale(path: string, stamp: string | undefined): boolean {
    const seen = this.seen.get(path)
    if (seen !== undefined && seen.stamp === stamp) return this.now() - seen.since >= staleAfter
    this.seen.set(path, { stamp, since: this.now() })
    return false
  }
}

/** Loads what locking needs (10 ms), so that storing need not wait for it. */
export function loadLocking(): Promise<typeof import("proper-lockfile")> {
  return import("proper-lockfile")
}

export const lockOf = (target: string) => `${target}.lock`

/** Whether somebody has a lock on this, or left one behind. */
export const isLocked = (target: string) => statSync(lockOf(target), { throwIfNoEntry: false }) !== undefined

/**
 * Locks these files against other processes of this program, always in the same order.
 * @param patience how long to wait for others, in milliseconds
 * @throws PumError `file`
 */
export async function lockAll(snapshots: readonly Snapshot[], patience: number): Promise<Locks> {
  const deadline = performance.now() + patience
  const held: Locks[] = []
  const release = async () => {
    for (const lock of held.reverse()) await lock.release()
  }
  try {
    for (const one of snapshots.toSorted((a, b) => (a.target < b.target ? -1 : 1))) {
      held.push(await lockOne(one, deadline))
    }
  } catch (error) {
    await release()
    throw error
  }
  return { intact: () => held.every(lock => lock.intact()), release }
}

async function lockOne(snapshot: Snapshot, deadline: number): Promise<Locks> {
  for (let tries = 1; ; tries++) {
    const locks = await tryToLock(snapshot)
    if (locks !== undefined) return locks
    if (performance.now() > deadline) throw isHeld(snapshot)
    await pause(5 + Math.random() * Math.min(10 * tries, 200))
  }
}

/**
 * Locks a file once, without waiting.
 * @param sightings what tells whether the lock was left behind; default: its time
 * @returns nothing where another process holds its lock
 * @throws PumError `file`
 */
export async function tryToLock(
  { file, target }: Pick<Snapshot, "file" | "target">,
  sightings?: Sightings,
): Promise<Lock | undefined> {
  const { lock } = await loadLocking()
  const fs = watchedFs(lockOf(target), sightings)
  const losing = new AbortController()
  const onCompromised = () => losing.abort()
  try {
    const unlock = await lock(target, { realpath: false, stale: staleAfter, onCompromised, fs })
    // A lock that cannot be removed is taken over by the next process once it is stale: no reason to fail.
    return { intact: fs.intact, lost: losing.signal, release: () => unlock().catch(() => {}) }
  } catch (error) {
    if (codeOf(error) === "ELOCKED") return undefined
    throw fileTrouble("cannot lock", file, error)
  }
}

function isHeld({ file, target }: Snapshot): PumError {
  return new PumError("file", `cannot write ${file.shown}: another process holds its lock`, {
    hint: `wait for the other pum-aws to end; where none is running, remove the folder ${lockOf(target)}`,
  })
}

/** A time to come, of a clock that was set back, is as good as a time long ago. */
const isFresh = ({ mtimeMs }: Stats) => Math.abs(Date.now() - mtimeMs) < staleAfter

type Done<T = void> = (error: unknown, result?: T) => void

/**
 * The file system as proper-lockfile sees it, for one lock. Two processes that find the same stale lock can both
 * remove it, the slower one thereby removing the faster one's new lock. So a stale lock is looked at once more
 * right before it is removed, and what the lock looked like when we last touched it is kept: `intact` compares.
 */
function watchedFs(path: string, sightings: Sightings | undefined) {
  let ours: string | undefined
  const look = () => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stats && [stats.ino, stats.mtimeNs, stats.ctimeNs].join()
  }
  const intact = () => ours !== undefined && look() === ours
  const isStale = () => (sightings === undefined ? !isFresh(statSync(path)) : sightings.isStale(path, look()))
  /** Removes our lock, or a stale one, never one that somebody else has taken over. */
  const remove = () => {
    if (ours !== undefined) {
      const stillOurs = intact()
      ours = undefined
      if (stillOurs) rmdirSync(path)
      return
    }
    if (!isStale()) {
      throw Object.assign(new Error("taken over by another process"), { code: "ELOCKED" })
    }
    rmdirSync(path)
  }
  const answer = <T>(work: () => T, done: Done<T>) => {
    let result: T
    try {
      result = work()
    } catch (error) {
      done(error)
      return
    }
    done(null, result)
  }
  return {
    intact,
    mkdir: (_: string, done: Done) =>
      answer(() => {
        mkdirSync(path)
        ours = look()
      }, done),
    utimes: (_: string, atime: Date, mtime: Date, done: Done) =>
      answer(() => {
        utimesSync(path, atime, mtime)
        ours = look()
      }, done),
    stat: (_: string, done: Done<Pick<Stats, "mtime">>) =>
      answer(() => {
        const { mtime } = statSync(path)
        if (ours !== undefined) return { mtime }
        return { mtime: new Date(isStale() ? 0 : Date.now()) }
      }, done),
    rmdir: (_: string, done: Done) => answer(remove, done),
    rmdirSync: remove,
    realpath: (file: string, done: Done<string>) => answer(() => realpathSync(file), done),
  }
}
