import { lstatSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { PumError } from "../errors.ts"
import { checkReplaceable, refuseSticky } from "./check-replaceable.ts"
import { fileTrouble, type UserFile } from "./file-error.ts"
import { lockAll } from "./lock.ts"
import { checkLockable, isLocked, lockOf } from "./lock-folder.ts"
import { type ResolvedFile, readUserFile, type Snapshot } from "./read-file.ts"
import { makeFolder, type Replacement, replaceFiles } from "./replace-files.ts"
import { type OpenFileWait, remove, temporariesOf } from "./temporary-files.ts"

export interface UpdateWait extends OpenFileWait {
  /** How long to wait for the locks of other processes, in milliseconds; default: 30 s. */
  readonly patience?: number | undefined
  /** Reads a file; default: `readUserFile`. */
  readonly read?: ((file: UserFile) => Snapshot) | undefined
}

/**
 * Checks that `updateFiles` could change the file, without touching anything.
 * @throws PumError `file`
 */
export function checkUpdatable(snapshot: Snapshot): void {
  checkReplaceable(snapshot)
  checkLockable(snapshot)
  refuseForeignLock(snapshot)
}

/** A lock that another user left in a sticky folder can be neither taken over nor removed. */
function refuseForeignLock({ file, target }: Snapshot): void {
  const path = lockOf(target)
  const lock = lstatSync(path, { throwIfNoEntry: false })
  if (lock === undefined) return
  const shown = target === file.path ? file.shown + path.slice(target.length) : path
  refuseSticky({ path, shown }, lock, statSync(dirname(path)))
}

/**
 * Changes several files in one step, all or none, safe against other processes that do the same.
 * @param newTexts turns the files, as they were read, into their new texts, in the same order
 *   (`undefined`: the file stays as it is). Pure: it is called again if a file has changed meanwhile. If it throws,
 *   the update ends with nothing changed.
 * @throws PumError `file`
 */
export async function updateFiles(
  files: readonly UserFile[],
  newTexts: (snapshots: readonly Snapshot[]) => readonly (string | undefined)[],
  wait: UpdateWait = {},
): Promise<void> {
  const { patience = 30_000, platform, read: readFile = readUserFile } = wait
  const read = () => {
    const snapshots = files.map(file => readFile(file))
    const texts = newTexts(snapshots)
    return { snapshots, replacements: replacementsOf(snapshots, texts) }
  }
  for (let tries = 1; tries <= 20; tries++) {
    const { snapshots, replacements } = read()
    // A file that stays as it is needs no lock, and so no permission to write into its folder.
    const toLock = snapshots.filter(one => isChanged(one, replacements) || hasLeftovers(one))
    toLock.forEach(makeFolder)
    const locks = await lockAll(toLock, patience, platform)
    try {
      // From here to the last rename no other event is handled, unless a program has a file open (Windows).
      if (!locks.intact()) continue
      toLock.forEach(removeTemporaries)
      const now = read()
      const isOurs = ({ before }: Replacement) => toLock.some(({ target }) => target === before.target)
      if (now.replacements.every(isOurs) && (await replaceFiles(now.replacements, locks.intact, wait))) return
    } finally {
      await locks.release()
    }
  }
  const names = files.map(({ shown }) => shown).join(" and ")
  throw new PumError("file", `cannot write ${names}: another program keeps changing it`)
}

/** The files whose text changes. */
function replacementsOf(
  snapshots: readonly Snapshot[],
  texts: readonly (string | undefined)[],
): readonly Replacement[] {
  return snapshots.flatMap((before, index) => {
    const text = texts[index]
    return text === undefined || text === before.text ? [] : [{ before, text }]
  })
}

const isChanged = (one: Snapshot, replacements: readonly Replacement[]) =>
  replacements.some(({ before }) => before.target === one.target)

/** Whether a process that was killed left a lock or a temporary file behind. */
function hasLeftovers({ target }: ResolvedFile): boolean {
  return temporariesOf(target).length > 0 || isLocked(target)
}

/** Removes the temporary files of processes that were killed, or that lost their lock while they stood still. */
function removeTemporaries({ file, target }: ResolvedFile): void {
  try {
    for (const temporary of temporariesOf(target)) remove(temporary)
  } catch (error) {
    throw fileTrouble("cannot write", file, error)
  }
}
