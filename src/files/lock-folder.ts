import { type BigIntStats, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from "node:fs"
import { PumError } from "../errors.ts"
import { codeOf, isBusyOnWindows } from "./file-error.ts"
import type { ResolvedFile } from "./read-file.ts"
import { byWallClock, type Sightings } from "./sightings.ts"

/** The lock on a file: an empty folder beside it. */
export const lockOf = (target: string) => `${target}.lock`

/** What a process that takes over a stale lock makes first: only one can. */
const successorOf = (target: string) => `${target}.lock.next`

/** What changes with each heartbeat of a lock, and with each holder. */
export const lockStamp = ({ ino, mtimeNs }: BigIntStats) => [ino, mtimeNs].join()

/**
 * Makes the lock's folder, or takes over a stale one.
 * @param sightings what tells whether a lock is stale; default: the wall clock
 * @returns false if another process holds it
 * @throws PumError `file` if something else is in its place; else the error of the system
 */
export function makeLock(resolved: ResolvedFile, sightings: Sightings | undefined): boolean {
  return makeEmptyFolder(lockOf(resolved.target)) || takeOver(resolved, sightings)
}

/** @returns false if something is there already */
function makeEmptyFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw error
  }
}

/**
 * Whether an error of `makeLock`, or of touching the lock, only means that another process makes or removes the lock
 * at this moment.
 */
export function meansHeld(error: unknown, platform: NodeJS.Platform): boolean {
  if (isBusyOnWindows(error, platform)) return true
  if (codeOf(error) === "ENOENT")
    return !(error instanceof Error && "syscall" in error && error.syscall === "mkdir")
  return codeOf(error) === "ENOTEMPTY"
}

/**
 * Takes over a lock if it is stale. Two processes that find it so must not both succeed, the slower one thereby
 * replacing the new lock of the faster one. So each makes the successor's folder first, which only one can, and looks
 * again; then it moves that folder into the lock's place.
 */
function takeOver(resolved: ResolvedFile, sightings: Sightings | undefined): boolean {
  const lock = lockOf(resolved.target)
  const successor = successorOf(resolved.target)
  if (!isStale(resolved, lock, sightings)) return false
  if (!makeEmptyFolder(successor)) {
    // Its maker was killed in the middle. The next try finds the way free.
    if (isStale(resolved, successor, sightings)) rmdirSync(successor)
    return false
  }
  try {
    if (isStale(resolved, lock, sightings)) {
      replaceEmptyFolder(successor, lock)
      return true
    }
  } catch (error) {
    removeEmptyFolder(successor)
    throw error
  }
  removeEmptyFolder(successor)
  return false
}

/** POSIX replaces an empty folder in one step. Windows, and some network folders, refuse to. */
function replaceEmptyFolder(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!["EPERM", "EACCES", "EEXIST"].includes(codeOf(error) ?? "")) throw error
    rmdirSync(to)
    renameSync(from, to)
  }
}

/** A folder that stays is removed by another process when it is stale. */
export function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path)
  } catch {}
}

/** @throws PumError `file` if it is no lock */
function isStale(resolved: ResolvedFile, path: string, sightings: Sightings | undefined): boolean {
  checkLockable(resolved, path)
  const stats = statSync(path, { bigint: true })
  return (sightings ?? byWallClock).isStale(path, lockStamp(stats), Number(stats.mtimeMs))
}

/**
 * Checks that nothing but a lock is in the place of the file's lock.
 * @throws PumError `file`
 */
export function checkLockable({ file, target }: ResolvedFile, path = lockOf(target)): void {
  const obstacle = obstacleAt(path)
  if (obstacle === undefined) return
  const shown = target === file.path ? file.shown + path.slice(target.length) : path
  throw new PumError("file", `cannot lock ${file.shown}: ${shown} ${obstacle}`, {
    hint: "move it away: in its place pum-aws makes an empty folder, its lock",
  })
}

/** Whether a process holds a lock on this file, or left one behind. */
export function isLocked(target: string): boolean {
  const lock = lockOf(target)
  return lstatSync(lock, { throwIfNoEntry: false }) !== undefined && obstacleAt(lock) === undefined
}

/** What something in the lock's place is; `undefined` if it is a lock, or nothing is there. */
function obstacleAt(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (stats.isSymbolicLink()) return "is a symbolic link"
  if (stats.isFile()) return "is a file"
  if (!stats.isDirectory()) return "is no folder"
  return isEmpty(path) ? undefined : "is a folder that is not empty"
}

/** A folder that cannot be read, or that is gone by now, counts as empty: removing it tells. */
function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch {
    return true
  }
}
