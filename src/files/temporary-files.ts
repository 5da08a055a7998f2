import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { PumError } from "../errors.ts"
import { pause } from "../platform/event-loop.ts"
import { ownPlatform } from "../platform/platform.ts"
import { codeOf, isBusyOnWindows, whenFree } from "./file-error.ts"
import type { ResolvedFile } from "./read-file.ts"

const end = ".tmp"

/** How the names of a file's temporary files begin. */
const beginOf = (target: string) => `.${basename(target)}.pum-aws`

/** The one temporary file of a file that only the holder of its lock writes: always the same name. */
export function temporaryOf(target: string): string {
  return join(dirname(target), beginOf(target) + end)
}

/** A temporary file of this process: a name that no other process uses. */
export function newTemporaryOf(target: string): string {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2)}`
  return join(dirname(target), `${beginOf(target)}-${unique}${end}`)
}

/** Every temporary file of this file, of any process. */
export function temporariesOf(target: string): string[] {
  let names: string[]
  try {
    names = readdirSync(dirname(target))
  } catch {
    // No folder, or one that may not be listed.
    return []
  }
  return names
    .filter(name => name.startsWith(beginOf(target)) && name.endsWith(end))
    .map(name => join(dirname(target), name))
}

/**
 * Created with mode 0600 from the start. `wx` does not follow a link that was put in its place.
 * @param lasts whether the content is to survive a power cut, which takes 3 ms; else the file may be empty after one
 */
export function writeTemporary(
  temporary: string,
  target: string,
  content: string | Uint8Array,
  lasts = true,
): void {
  const handle = openSync(temporary, "wx", 0o600)
  try {
    keepOwner(handle, target)
    keepReadable(handle)
    writeFileSync(handle, content)
    if (lasts) fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * A root shell (sudo) must not take the user's file away; a new one belongs to the owner of its folder. Only root may
 * give files to others; Windows has no owners.
 */
function keepOwner(handle: number, target: string): void {
  try {
    const own = statSync(target, { throwIfNoEntry: false })
    const owner = own ?? (process.getuid?.() === 0 ? statSync(dirname(target)) : undefined)
    if (owner !== undefined) fchownSync(handle, owner.uid, owner.gid)
  } catch {}
}

/** A umask may have taken rights of the owner. Some file systems have no modes to change. */
function keepReadable(handle: number): void {
  try {
    if ((fstatSync(handle).mode & 0o600) !== 0o600) fchmodSync(handle, 0o600)
  } catch {}
}

/** How to wait for a program that has a file open, which Windows does not let us replace then. */
export interface OpenFileWait {
  readonly platform?: NodeJS.Platform | undefined
  /** Milliseconds; default: 10 s. */
  readonly openPatience?: number | undefined
}

const betweenTries = 100

/**
 * Puts the temporary file in the file's place. Windows refuses that while a virus scanner or another reader has the file
 * open: then it tries again, and the event loop runs meanwhile.
 * @param mayRename asked before each try
 * @returns false if it may not, or if another process has removed the temporary file
 * @throws PumError `file` if a program holds the file open for too long; else the error of the system
 */
export async function renameWhenFree(
  temporary: string,
  { file, target }: ResolvedFile,
  mayRename: () => boolean,
  { platform = ownPlatform, openPatience = 10_000 }: OpenFileWait,
): Promise<boolean> {
  const deadline = performance.now() + openPatience
  while (mayRename()) {
    try {
      renameSync(temporary, target)
      return true
    } catch (cause) {
      if (codeOf(cause) === "ENOENT" && !existsSync(temporary)) return false
      if (!isBusyOnWindows(cause, platform)) throw cause
      if (performance.now() > deadline) {
        const message = `cannot write ${file.shown}: another program holds it open`
        throw new PumError("file", message, { hint: "close that program, then run this again", cause })
      }
    }
    await pause(betweenTries)
  }
  return false
}

/** Removes a file that may be gone already. */
export function remove(path: string, platform: NodeJS.Platform = ownPlatform): void {
  try {
    whenFree(() => unlinkSync(path), platform)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
}

/** Removes a temporary file; after a rename it is gone already. A failure must not hide the error that led here. */
export function removeQuietly(temporary: string): void {
  try {
    remove(temporary)
  } catch {}
}

/** Makes the renames in a folder survive a power cut, if the system can (Windows and some network folders cannot). */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r")
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {}
}
