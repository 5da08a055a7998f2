import { isUtf8 } from "node:buffer"
import {
  type BigIntStats,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { PumError } from "../errors.ts"
import { isDeviceName, isWindows, ownPlatform } from "../platform/platform.ts"
import { codeOf, fileTrouble, type UserFile, unusable, whenFree } from "./file-error.ts"

/** A file, and where its bytes are, or would be: symbolic links followed. */
export interface ResolvedFile {
  readonly file: UserFile
  readonly target: string
}

/** A file as it was read. */
export interface Snapshot extends ResolvedFile {
  /** `undefined` if the file does not exist. */
  readonly text: string | undefined
  /** Changes when the file is replaced or written, or gets another owner or mode. */
  readonly stamp: string
  /** Whether a later change gives another stamp for sure: times of files are too coarse to tell two quick ones apart. */
  readonly isSettled: boolean
  /** Whether the file has other names, which keep the old text when it is replaced. */
  readonly hasHardLinks: boolean
}

/** How old a change must be so that the next one has another time, in milliseconds. */
const settledAfter = 100

/**
 * Reads a whole file.
 * @param known an earlier snapshot of it, which is given back if the file is still the same
 * @throws PumError `file`: unreadable, no regular file, or not UTF-8 (with the line number)
 */
export function readUserFile(
  file: UserFile,
  known?: Snapshot,
  platform: NodeJS.Platform = ownPlatform,
): Snapshot {
  try {
    if (file.path.endsWith("/") || (isWindows(platform) && file.path.endsWith("\\")))
      throw unusable(file, "is a folder")
    if (isDeviceName(file.path, platform)) throw unusable(file, "is no regular file")
    return whenFree(() => readOnce(file, known), platform)
  } catch (error) {
    throw fileTrouble("cannot read", file, error)
  }
}

/** @throws PumError `file`, or the system's error */
function readOnce(file: UserFile, known: Snapshot | undefined): Snapshot {
  const target = targetOf(file.path)
  const stats = statSync(target, { bigint: true, throwIfNoEntry: false })
  if (stats === undefined) {
    // A pipe or a deleted file, in /dev/fd: it can be opened, but no path leads to it.
    if (existsSync(file.path)) throw unusable(file, "is no regular file")
    return { file, target, text: undefined, stamp: "", isSettled: false, hasHardLinks: false }
  }
  const stamp = stampOf(stats)
  if (known?.isSettled === true && known.target === target && known.stamp === stamp) return known
  const isSettled = Date.now() - Number(stats.mtimeNs / 1_000_000n) > settledAfter
  if (stats.isDirectory()) throw unusable(file, "is a folder")
  if (!stats.isFile()) throw unusable(file, "is no regular file")
  const bytes = readFileSync(target)
  if (!isUtf8(bytes)) {
    throw new PumError("file", `cannot use ${file.shown}: line ${brokenLine(bytes)} is not valid UTF-8`, {
      hint: "AWS tools refuse the whole file: save it as UTF-8",
    })
  }
  return { file, target, text: bytes.toString("utf8"), stamp, isSettled, hasHardLinks: stats.nlink > 1n }
}

/** Number of the first line, counted from 1, that is not UTF-8. No UTF-8 character contains the byte of a line end. */
function brokenLine(bytes: Buffer): number {
  const lines = bytes.toString("latin1").split(/\r\n|\n|\r/)
  return lines.findIndex(line => !isUtf8(Buffer.from(line, "latin1"))) + 1
}

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) =>
  [dev, ino, size, mtimeNs, ctimeNs].join()

/** Whether the file is still as it was read. */
export function isUnchanged({ target, stamp }: Snapshot): boolean {
  const stats = statSync(target, { bigint: true, throwIfNoEntry: false })
  return stamp === (stats === undefined ? "" : stampOf(stats))
}

const smallFile = 1_000_000

/**
 * The text of a file, for a shell that waits.
 * @returns `undefined` if it cannot be read, is no regular file, or is larger than 1 MB
 */
export function readSmallFile(path: string): string | undefined {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= smallFile ? readFileSync(path, "utf8") : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether both paths lead to the same file, through symbolic links or not.
 * @throws PumError `file`
 */
export function isSameFile(one: UserFile, other: UserFile): boolean {
  const targets = [one, other].map(file => {
    try {
      return targetOf(file.path)
    } catch (error) {
      throw fileTrouble("cannot read", file, error)
    }
  })
  return targets[0] === targets[1]
}

/** The path at the end of the symbolic links. The file itself need not exist: a link may lead to a file to come. */
function targetOf(given: string, links = 0): string {
  // `C:name` on Windows is relative to the current folder of drive C; its folder name alone would mean the root.
  const path = resolve(given)
  try {
    return realPathOf(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
  const folder = realFolder(dirname(path))
  const here = join(folder, basename(path))
  if (lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return here
  if (links === 40) throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" })
  return targetOf(resolve(folder, readlinkSync(here)), links + 1)
}

/**
 * The path without links, and on Windows with whole names in place of short ones (`FIRSTN~1`).
 * @throws the system's error
 */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw error
    // Some drives of Windows (RAM disks, encrypted ones) do not tell the path of an open file: EISDIR, UNKNOWN.
    return realpathSync(path)
  }
}

/** The same for a folder: links are followed in the part of the path that exists. */
function realFolder(folder: string): string {
  const parent = dirname(folder)
  return parent === folder ? folder : targetOf(folder)
}
