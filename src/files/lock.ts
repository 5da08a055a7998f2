import { rmdirSync, statSync, utimesSync } from "node:fs"
import { PumError } from "../errors.ts"
import { pause } from "../platform/event-loop.ts"
import { ownPlatform } from "../platform/platform.ts"
import { atExit } from "./at-exit.ts"
import { fileTrouble, isBusyOnWindows } from "./file-error.ts"
import { isLocked, lockOf, lockStamp, makeLock, meansHeld, removeEmptyFolder } from "./lock-folder.ts"
import type { ResolvedFile } from "./read-file.ts"
import { heartbeatInterval, type Sightings } from "./sightings.ts"

/*
 * A lock on a file is an empty folder beside it, `<file>.lock`, which `mkdir` makes for one process only.
 *
 * The holder sets the folder's modification time every second (heartbeat), to a time that no other process sets:
 * so it also tells the holder whether the lock is still its own. Without a heartbeat the lock gets stale, and another
 * process takes it over. A holder that was only stopped (Ctrl-Z, a machine that slept) finds that out before it writes
 * (`intact`), and at its next heartbeat (`lost`). If the process exits, its locks are removed.
 */

export interface Lock {
  /** Whether the lock is still ours. */
  readonly intact: () => boolean
  /** Aborted when a heartbeat finds that the lock is not ours any more. */
  readonly lost: AbortSignal
  /** Removes the lock if it is still ours. Never fails: a lock that stays gets stale. */
  readonly release: () => Promise<void>
}

/**
 * Locks a file once, without waiting.
 * @param sightings tells which locks are stale if a person may hold them for long; default: the wall clock
 * @returns `undefined` if another process holds the lock
 * @throws PumError `file`
 */
export async function tryToLock(
  resolved: ResolvedFile,
  sightings?: Sightings,
  platform: NodeJS.Platform = ownPlatform,
): Promise<Lock | undefined> {
  const result = attemptLock(resolved, sightings, platform)
  return "heldBecause" in result ? undefined : result
}

/** @returns the lock; or the error, if there is one, that means that another process holds it */
function attemptLock(
  resolved: ResolvedFile,
  sightings: Sightings | undefined,
  platform: NodeJS.Platform,
): Lock | { readonly heldBecause: unknown } {
  try {
    return makeLock(resolved, sightings) ? hold(lockOf(resolved.target)) : { heldBecause: undefined }
  } catch (error) {
    if (meansHeld(error, platform)) return { heldBecause: error }
    throw fileTrouble("cannot lock", resolved.file, error)
  }
}

/** @param path of the folder that we just made */
function hold(path: string): Lock {
  try {
    return new HeldLock(path, touch(path))
  } catch (error) {
    removeEmptyFolder(path)
    throw error
  }
}

class HeldLock implements Lock {
  private readonly path: string
  private readonly losing = new AbortController()
  private readonly heartbeat: NodeJS.Timeout
  private readonly removeAtExit: () => void
  /** As we touched it last. */
  private stamp: string

  constructor(path: string, stamp: string) {
    this.path = path
    this.stamp = stamp
    this.heartbeat = setInterval(() => this.beat(), heartbeatInterval).unref()
    this.removeAtExit = atExit(() => this.remove())
  }

  get lost(): AbortSignal {
    return this.losing.signal
  }

  readonly intact = (): boolean => {
    try {
      return stampAt(this.path) === this.stamp
    } catch {
      return false
    }
  }

  async release(): Promise<void> {
    this.remove()
    this.end()
  }

  private beat(): void {
    try {
      if (stampAt(this.path) === this.stamp) {
        this.stamp = touch(this.path)
        return
      }
    } catch {
      // The next heartbeat tells.
      return
    }
    this.end()
    this.losing.abort()
  }

  private remove(): void {
    try {
      if (this.intact()) rmdirSync(this.path)
    } catch {}
  }

  private end(): void {
    clearInterval(this.heartbeat)
    this.removeAtExit()
  }
}

function stampAt(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats && lockStamp(stats)
}

/**
 * Sets a time that no other process sets: the part below a millisecond is random.
 * @throws if the lock was taken over at this moment, an error that `meansHeld`
 */
function touch(path: string): string {
  const milliseconds = Date.now() + Math.random()
  utimesSync(path, milliseconds / 1000, milliseconds / 1000)
  const stats = statSync(path, { bigint: true })
  if (isTime(stats.mtimeNs, milliseconds)) return lockStamp(stats)
  throw Object.assign(new Error("taken over"), { code: "ENOENT" })
}

/** Whether a file system that was given this time shows it so. Some keep whole milliseconds, or seconds, only. */
function isTime(nanoseconds: bigint, milliseconds: number): boolean {
  return nanoseconds % 1_000_000n === 0n || Math.abs(Number(nanoseconds) / 1e6 - milliseconds) < 0.01
}

/** Locks on several files. */
export type Locks = Pick<Lock, "intact" | "release">

/**
 * Locks these files, always in the same order, so that no two processes wait for each other.
 * @param patience how long to wait for other processes, in milliseconds
 * @throws PumError `file`
 */
export async function lockAll(
  files: readonly ResolvedFile[],
  patience: number,
  platform: NodeJS.Platform = ownPlatform,
): Promise<Locks> {
  const deadline = performance.now() + patience
  const held: Lock[] = []
  const release = async () => {
    for (const lock of held.toReversed()) await lock.release()
  }
  try {
    for (const one of files.toSorted((a, b) => (a.target < b.target ? -1 : 1))) {
      held.push(await lockBefore(deadline, one, platform))
    }
  } catch (error) {
    await release()
    throw error
  }
  return { intact: () => held.every(lock => lock.intact()), release }
}

async function lockBefore(
  deadline: number,
  resolved: ResolvedFile,
  platform: NodeJS.Platform,
): Promise<Lock> {
  for (let tries = 1; ; tries++) {
    const result = attemptLock(resolved, undefined, platform)
    if (!("heldBecause" in result)) return result
    if (performance.now() > deadline) throw cannotLock(resolved, result.heldBecause, platform)
    await pause(5 + Math.random() * Math.min(10 * tries, 200))
  }
}

/** @param error the last one of the system, which is the reason if no lock is there */
function cannotLock({ file, target }: ResolvedFile, error: unknown, platform: NodeJS.Platform): PumError {
  if (isBusyOnWindows(error, platform) && !isLocked(target)) return fileTrouble("cannot lock", file, error)
  return new PumError("file", `cannot write ${file.shown}: another process holds its lock`, {
    hint: `wait for the other pum-aws to end; if none is running, remove the folder ${lockOf(target)}`,
  })
}
