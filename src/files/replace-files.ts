import { isUtf8 } from "node:buffer"
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { PumError } from "../errors.ts"
import { codeOf, fileTrouble, type UserFile } from "./file-error.ts"

/** A file as it was read. */
export interface Snapshot {
  readonly file: UserFile
  /** Where its bytes are, or would be: symbolic links followed. */
  readonly target: string
  /** Nothing where there is no file. */
  readonly text: string | undefined
  /** Differs when the file has been replaced, written, or given to somebody else. */
  readonly stamp: string
}

/** A file and what it is to hold. */
export interface Replacement {
  readonly before: Snapshot
  readonly text: string
}

/**
 * Reads a whole file.
 * @throws PumError `file`: unreadable, no regular file, or not UTF-8 (with the line number)
 */
export function readUserFile(file: UserFile): Snapshot {
  try {
    const target = targetOf(file.path)
    const stats = statSync(target, { bigint: true, throwIfNoEntry: false })
    if (stats === undefined) return { file, target, text: undefined, stamp: "" }
    if (stats.isDirectory()) throw notAFile(file, "is a folder")
    if (!stats.isFile()) throw notAFile(file, "is no regular file")
    const bytes = readFileSync(target)
    if (!isUtf8(bytes)) {
      throw new PumError("file", `cannot use ${file.shown}: line ${brokenLine(bytes)} is not valid UTF-8`, {
        hint: "AWS tools refuse the whole file: save it as UTF-8",
      })
    }
    return { file, target, text: bytes.toString("utf8"), stamp: stampOf(stats) }
  } catch (error) {
    throw fileTrouble("cannot read", file, error)
  }
}

function notAFile(file: UserFile, reason: string): PumError {
  return new PumError("file", `cannot use ${file.shown}: ${reason}`)
}

/** Number of the first line, counted from 1, that is not UTF-8: no character spans a line end. */
function brokenLine(bytes: Buffer): number {
  const lines = bytes.toString("latin1").split(/\r\n|\n|\r/)
  return lines.findIndex(line => !isUtf8(Buffer.from(line, "latin1"))) + 1
}

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) =>
  [dev, ino, size, mtimeNs, ctimeNs].join()

/** Whether nobody has changed the file since it was read. */
function isUnchanged({ target, stamp }: Snapshot): boolean {
  const now = statSync(target, { bigint: true, throwIfNoEntry: false })
  return stamp === (now === undefined ? "" : stampOf(now))
}

/**
 * Whether both lead to one file, through links or not.
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

/** The file at the end of the symbolic links, which need not be there (dotfiles: a link to what is still to come). */
function targetOf(path: string, links = 0): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
  const folder = realFolder(dirname(path))
  const here = join(folder, basename(path))
  if (lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return here
  if (links === 40) throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" })
  return targetOf(resolve(folder, readlinkSync(here)), links + 1)
}

/** The same for a folder: links are followed in the part of the path that is there. */
function realFolder(folder: string): string {
  const parent = dirname(folder)
  return parent === folder ? folder : targetOf(folder)
}

/**
 * Checks that the file could be replaced, without touching anything.
 * @throws PumError `file`
 */
export function checkReplaceable({ file, target, text }: Snapshot): void {
  try {
    if (text !== undefined) accessSync(target, constants.W_OK)
    let folder = dirname(target)
    while (statSync(folder, { throwIfNoEntry: false }) === undefined && dirname(folder) !== folder) {
      folder = dirname(folder)
    }
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw fileTrouble("cannot write", file, error)
  }
}

/** Makes the folder the file belongs into, for its owner only. */
export function makeFolder({ file, target }: Pick<Snapshot, "file" | "target">): void {
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw fileTrouble("cannot write", file, error)
  }
}

/** A fixed name, so that what a killed process left is found and removed by the next one. */
export function temporaryOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.pum-aws.tmp`)
}

/**
 * Replaces all of these files or none. Synchronous, so that no signal falls between two of them; the caller
 * holds their locks. Readers see the old or the new bytes, never a part: temporary file, fsync, rename.
 * @param stillAllowed asked right before the first rename
 * @returns false, with nothing changed, where one of them was changed since it was read
 * @throws PumError `file`
 */
export function replaceFiles(replacements: readonly Replacement[], stillAllowed: () => boolean): boolean {
  const done: Replacement[] = []
  let current: Replacement | undefined
  try {
    for (current of replacements) writeTemporary(current)
    if (!stillAllowed() || !replacements.every(({ before }) => isUnchanged(before))) return false
    for (current of replacements) {
      renamePatiently(temporaryOf(current.before.target), current.before.target)
      done.push(current)
    }
  } catch (error) {
    for (const { before } of done) restore(before)
    throw current === undefined ? error : fileTrouble("cannot write", current.before.file, error)
  } finally {
    // Where the locks are lost, the temporary files are those of the new owner.
    if (stillAllowed()) for (const { before } of replacements) removeTemporary(before.target)
  }
  for (const folder of new Set(done.map(({ before }) => dirname(before.target)))) syncFolder(folder)
  return true
}

interface TemporaryText {
  readonly before: Pick<Snapshot, "target">
  readonly text: string
}

/** Created with mode 0600, never opened up and closed later; `wx` follows no link somebody put in its place. */
export function writeTemporary({ before, text }: TemporaryText): void {
  const temporary = temporaryOf(before.target)
  remove(temporary)
  const handle = openSync(temporary, "wx", 0o600)
  try {
    keepOwner(handle, before.target)
    writeFileSync(handle, text, "utf8")
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A root shell (sudo) must not take the user's file away. Best effort: only root may give files to others. */
function keepOwner(handle: number, target: string): void {
  try {
    const owner = statSync(target, { throwIfNoEntry: false })
    if (owner !== undefined && process.platform !== "win32") fchownSync(handle, owner.uid, owner.gid)
  } catch {}
}

/** Gives an already replaced file its old bytes back. */
function restore(before: Snapshot): void {
  const { text, target } = before
  if (text === undefined) {
    remove(target)
    return
  }
  writeTemporary({ before, text })
  renamePatiently(temporaryOf(target), target)
}

/** Windows refuses to replace a file while a virus scanner or another reader has it open: up to a second. */
export function renamePatiently(from: string, to: string): void {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to)
      return
    } catch (error) {
      const busy = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error) ?? "")
      if (!busy || tries === 20) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}

/** After a rename there is none. A failure must not hide the error that led here. */
export function removeTemporary(target: string): void {
  try {
    remove(temporaryOf(target))
  } catch {}
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
}

/** Makes the rename itself last through a power cut, where the system can (Windows and some network folders cannot). */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return
  try {
    const handle = openSync(folder, "r")
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {}
}
