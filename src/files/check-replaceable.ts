import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  type StatsFs,
  statfsSync,
  statSync,
} from "node:fs"
import { dirname } from "node:path"
import { PumError } from "../errors.ts"
import { isWindows } from "../platform/platform.ts"
import { isAppendOnly } from "./append-only.ts"
import { codeOf, fileTrouble, type UserFile } from "./file-error.ts"
import type { Snapshot } from "./read-file.ts"
import { newTemporaryOf } from "./temporary-files.ts"

/**
 * Checks that the file could be replaced, without touching anything.
 * @throws PumError `file`
 */
export function checkReplaceable(snapshot: Snapshot): void {
  const { file, target, text } = snapshot
  let folder = dirname(target)
  try {
    while (statSync(folder, { throwIfNoEntry: false }) === undefined && dirname(folder) !== folder) {
      folder = dirname(folder)
    }
    accessSync(folder, constants.W_OK | constants.X_OK)
    // The names of temporary files are longer than the file's own.
    lstatSync(newTemporaryOf(target), { throwIfNoEntry: false })
    checkRoom(folder, text)
    if (folder === dirname(target)) refuseAppendOnly(file, folder, text === undefined ? undefined : target)
    if (text === undefined) return
    // Windows tells by the file's attribute; to open the file there would fail while another program has it open.
    if (isWindows()) accessSync(target, constants.W_OK)
    // Opened as for writing: only so an append-only file shows.
    else closeSync(openSync(target, "r+"))
    refuseMounted(file, target)
    refuseSticky(file, statSync(target), statSync(folder))
  } catch (error) {
    throw replaceError(snapshot, folder, error)
  }
}

/** What keeps the file from being replaced, and the link or the owner that it may be due to. */
function replaceError({ file, target }: Snapshot, folder: string, error: unknown): PumError {
  if (error instanceof PumError) return error
  const code = codeOf(error)
  // Windows says so of a file with the attribute read-only.
  const { message } =
    code === "EPERM" && !isWindows()
      ? { message: `cannot write ${file.shown}: it, or its folder, is marked immutable or append-only` }
      : fileTrouble("cannot write", file, error)
  const owned = [target, folder].find(path => isOfAnother(path))
  const hint =
    target === file.path
      ? code === "EACCES" && owned !== undefined
        ? `${owned === target ? file.shown : owned} belongs to another user`
        : undefined
      : `it is a link to ${target}`
  return new PumError("file", message, { hint, cause: error })
}

function isOfAnother(path: string): boolean {
  const self = process.geteuid?.()
  try {
    return self !== undefined && statSync(path).uid !== self
  } catch {
    return false
  }
}

/** How much longer than the old text the new one may be, in bytes: the keys of a profile, and the file system's own. */
const growth = 8192

/** @throws the system's error if the file system has no room for one more file, of this text, or the process may not */
function checkRoom(folder: string, text = ""): void {
  if (text.length + growth > fileSizeLimit(readSystemFile("/proc/self/limits")))
    throw Object.assign(new Error("the file would be too large"), { code: "EFBIG" })
  const room = statisticsOf(folder)
  if (room === undefined) return
  const { bavail, bfree, blocks, bsize, ffree, files } = room
  const free = (process.geteuid?.() === 0 ? bfree : bavail) * bsize
  // Some file systems do not count (0).
  if ((blocks > 0 && free < text.length + growth) || (files > 0 && ffree === 0))
    throw Object.assign(new Error("the file system is full"), { code: "ENOSPC" })
}

/**
 * How large a file this process may write, in bytes (`ulimit -f`). Only Linux tells at no cost.
 * @param limits lines of proc_pid_limits(5)
 */
function fileSizeLimit(limits: string): number {
  const [, soft] = /^Max file size +(\d+)/m.exec(limits) ?? []
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

/** @returns `undefined` if the system does not tell, as for some network and RAM drives of Windows */
function statisticsOf(folder: string): StatsFs | undefined {
  try {
    return statfsSync(folder)
  } catch {
    return undefined
  }
}

/** Why the file could not be replaced; `undefined` if it could. */
export function replaceTrouble(snapshot: Snapshot): PumError | undefined {
  try {
    checkReplaceable(snapshot)
    return undefined
  } catch (error) {
    if (error instanceof PumError) return error
    throw error
  }
}

function refuseAppendOnly({ shown }: UserFile, folder: string, target: string | undefined): void {
  if (!isAppendOnly(folder, target)) return
  throw new PumError("file", `cannot write ${shown}: its folder is append-only, so it cannot be replaced`)
}

/** A file that is mounted by itself, as containers mount single files, can be written but not replaced. */
function refuseMounted({ shown }: UserFile, target: string): void {
  if (!isMountPoint(target, readMounts())) return
  throw new PumError("file", `cannot write ${shown}: it is mounted by itself, so it cannot be replaced`, {
    hint: "mount its folder instead, or use --export or --json, which write no file",
  })
}

/** Only Linux mounts files. */
export const readMounts = () => readSystemFile("/proc/self/mountinfo")

/** @returns an empty text on systems without that file */
function readSystemFile(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

/** @param mounts lines whose fifth field is a mount point, with octal codes for blanks (proc_pid_mountinfo(5)) */
export function isMountPoint(target: string, mounts: string): boolean {
  const escaped = target.replace(/[ \t\n\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`)
  return mounts.split("\n").some(line => line.split(" ")[4] === escaped)
}

const stickyBit = 0o1000

/** In a sticky folder only the owners of file and folder, and root, may replace a file (rename(2), EPERM). */
export function refuseSticky(
  { shown }: UserFile,
  own: Pick<Stats, "uid">,
  folder: Pick<Stats, "uid" | "mode">,
  uid = process.getuid?.() ?? 0,
): void {
  if ((folder.mode & stickyBit) === 0 || [0, folder.uid, own.uid].includes(uid)) return
  throw new PumError("file", `cannot write ${shown}: another user owns it, in a folder where only owners may`)
}
