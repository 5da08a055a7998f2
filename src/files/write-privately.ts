import { fileTrouble, type UserFile } from "./file-error.ts"
import { makeFolder, removeTemporary, renamePatiently, temporaryOf, writeTemporary } from "./replace-files.ts"

/**
 * Replaces a file of our own in one step, whatever it held: readable by its owner alone, in a folder that is, too.
 * The caller holds its lock.
 * @throws PumError `file`
 */
export function writePrivately(file: UserFile, text: string): void {
  const target = file.path
  makeFolder({ file, target })
  try {
    writeTemporary({ before: { target }, text })
    renamePatiently(temporaryOf(target), target)
  } catch (error) {
    removeTemporary(target)
    throw fileTrouble("cannot write", file, error)
  }
}
