import { lstatSync } from "node:fs"
import { PumError } from "../errors.ts"
import type { UserFile } from "./file-error.ts"
import { lockAll, lockOf } from "./lock.ts"
import {
  makeFolder,
  type Replacement,
  readUserFile,
  removeTemporary,
  replaceFiles,
  type Snapshot,
  temporaryOf,
} from "./replace-files.ts"

/** How long to wait for other processes, in milliseconds. */
const usualPatience = 30_000

/**
 * Changes several files in one step, all or none, safe against other processes that do the same.
 * @param newTexts the files' texts in the same order (nothing where there is no file) to the new ones; nothing
 *   leaves a file untouched. Pure: it is called again whenever a file has changed meanwhile. What it throws ends
 *   the update with nothing changed.
 * @throws PumError `file`
 */
export async function updateFiles(
  files: readonly UserFile[],
  newTexts: (texts: readonly (string | undefined)[]) => readonly (string | undefined)[],
  { patience = usualPatience }: { patience?: number } = {},
): Promise<void> {
  const read = () => {
    const snapshots = files.map(readUserFile)
    const texts = newTexts(snapshots.map(({ text }) => text))
    const replacements: Replacement[] = []
    for (const [index, before] of snapshots.entries()) {
      const text = texts[index]
      if (text !== undefined && text !== before.text) replacements.push({ before, text })
    }
    return { snapshots, replacements }
  }
  for (let tries = 1; tries <= 20; tries++) {
    const { snapshots, replacements } = read()
    // A file that stays as it is needs no lock, and so no right to write into its folder.
    const toLock = snapshots.filter(one => isChanged(one, replacements) || hasLeftovers(one))
    toLock.forEach(makeFolder)
    const locks = await lockAll(toLock, patience)
    try {
      // Nothing is awaited from here to the last rename.
      const now = read()
      for (const { target } of toLock) removeTemporary(target)
      const isLocked = ({ before }: Replacement) => toLock.some(({ target }) => target === before.target)
      if (now.replacements.every(isLocked) && replaceFiles(now.replacements, locks.intact)) return
    } finally {
      await locks.release()
    }
  }
  const names = files.map(({ shown }) => shown).join(" and ")
  throw new PumError("file", `cannot write ${names}: another program keeps changing it`)
}

const isChanged = (one: Snapshot, replacements: readonly Replacement[]) =>
  replacements.some(({ before }) => before.target === one.target)

/** What a killed process left behind. */
function hasLeftovers({ target }: Snapshot): boolean {
  return [temporaryOf(target), lockOf(target)].some(
    path => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  )
}
