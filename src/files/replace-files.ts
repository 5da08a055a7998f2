import { chmodSync, chownSync, mkdirSync, renameSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { atExit } from "./at-exit.ts"
import { codeOf, fileTrouble } from "./file-error.ts"
import { isUnchanged, type ResolvedFile, type Snapshot } from "./read-file.ts"
import {
  newTemporaryOf,
  type OpenFileWait,
  remove,
  removeQuietly,
  renameWhenFree,
  syncFolder,
  writeTemporary,
} from "./temporary-files.ts"

/** A file and its new text. */
export interface Replacement {
  readonly before: Snapshot
  readonly text: string
}

/**
 * Makes the folder of the file, for its owner only. Under sudo it belongs to the owner of the folder above.
 * @throws PumError `file`
 */
export function makeFolder({ file, target }: ResolvedFile): void {
  try {
    const missing: string[] = []
    let folder = dirname(target)
    let above = statSync(folder, { throwIfNoEntry: false })
    while (above === undefined && dirname(folder) !== folder) {
      missing.unshift(folder)
      folder = dirname(folder)
      above = statSync(folder, { throwIfNoEntry: false })
    }
    for (const one of missing) {
      makeOneFolder(one)
      if (above !== undefined && process.getuid?.() === 0) chownSync(one, above.uid, above.gid)
    }
  } catch (error) {
    throw fileTrouble("cannot write", file, error)
  }
}

/** One by one: with `recursive`, Node.js reports a read-only file system as ENOENT. */
function makeOneFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it.
    if (codeOf(error) === "EEXIST" && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
    throw error
  }
  // A umask may have taken rights of the owner.
  if ((statSync(path).mode & 0o700) !== 0o700) chmodSync(path, 0o700)
}

/**
 * Replaces all of these files or none. The caller holds their locks. Readers see the old or the new bytes, never a
 * part: temporary file, fsync, rename. No signal is handled between two renames, unless a program has a file open
 * (Windows); if the process exits while it waits for that, the files that were replaced get their old bytes back.
 *
 * A process that stood still does not know that another took over its locks. So the new holder removes all temporary
 * files before it reads (`updateFiles`), and here the locks are checked after each temporary file is made: one from
 * before is not there any more to be renamed, one from after is not renamed.
 * @param intact whether the locks are still ours
 * @returns false if a file was changed since it was read, or a lock was lost: then the caller starts again
 * @throws PumError `file`, with nothing changed
 */
export async function replaceFiles(
  replacements: readonly Replacement[],
  intact: () => boolean,
  wait: OpenFileWait = {},
): Promise<boolean> {
  const work = new Replacing(intact, wait)
  let current: Replacement | undefined
  try {
    for (current of replacements) work.write(current)
    if (!intact() || !replacements.every(({ before }) => isUnchanged(before))) return false
    for (current of replacements) {
      if (await work.rename(current.before)) continue
      await work.restore()
      return false
    }
    work.syncFolders()
    return true
  } catch (error) {
    if (!intact()) return false
    await work.restore()
    throw current === undefined ? error : fileTrouble("cannot write", current.before.file, error)
  } finally {
    work.end()
  }
}

/** What `replaceFiles` has done so far. */
class Replacing {
  private readonly intact: () => boolean
  private readonly wait: OpenFileWait
  /** Of this process, by target. */
  private readonly temporaries = new Map<string, string>()
  private readonly replaced: Snapshot[] = []
  private readonly takeBackAtExit: () => void

  constructor(intact: () => boolean, wait: OpenFileWait) {
    this.intact = intact
    this.wait = wait
    this.takeBackAtExit = atExit(() => this.restoreAtExit())
  }

  /** Writes the temporary file. */
  write({ before: { target }, text }: Replacement): void {
    const temporary = newTemporaryOf(target)
    this.temporaries.set(target, temporary)
    writeTemporary(temporary, target, text)
  }

  /** @returns false if the file was changed, or the locks were lost */
  async rename(before: Snapshot): Promise<boolean> {
    const mayRename = () => this.intact() && isUnchanged(before)
    const isReplaced = await renameWhenFree(this.temporaryOf(before), before, mayRename, this.wait)
    if (isReplaced) this.replaced.push(before)
    return isReplaced
  }

  /** Gives replaced files their old bytes back. A failure must not hide the error that led here. */
  async restore(): Promise<void> {
    for (const before of this.replaced.splice(0)) {
      try {
        if (this.writeOldText(before))
          await renameWhenFree(this.temporaryOf(before), before, this.intact, this.wait)
      } catch {}
    }
  }

  /** Makes the renames survive a power cut. */
  syncFolders(): void {
    for (const folder of new Set(this.replaced.map(({ target }) => dirname(target)))) syncFolder(folder)
  }

  end(): void {
    this.takeBackAtExit()
    for (const temporary of this.temporaries.values()) removeQuietly(temporary)
  }

  private restoreAtExit(): void {
    for (const before of this.replaced.splice(0)) {
      try {
        if (this.writeOldText(before) && this.intact()) renameSync(this.temporaryOf(before), before.target)
      } catch {}
    }
    this.end()
  }

  /** @returns whether its temporary file now holds the old text; if there was no file, there is none again */
  private writeOldText(before: Snapshot): boolean {
    if (!this.intact()) return false
    if (before.text === undefined) remove(before.target)
    else this.write({ before, text: before.text })
    return before.text !== undefined
  }

  private temporaryOf({ target }: Snapshot): string {
    return this.temporaries.get(target) ?? ""
  }
}
