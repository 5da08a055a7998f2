import { fileTrouble, type UserFile } from "./file-error.ts"
import { makeFolder } from "./replace-files.ts"
import {
  type OpenFileWait,
  remove,
  removeQuietly,
  renameWhenFree,
  temporaryOf,
  writeTemporary,
} from "./temporary-files.ts"

/**
 * Replaces a file of pum-aws' own in one step, whatever it held: readable by its owner only, in a folder that is, too.
 * Without a lock on it, the last of several writers wins.
 * @param settings `lasts`: whether the text is to survive a power cut; else the file may be empty after one
 * @throws PumError `file`
 */
export async function writePrivately(
  file: UserFile,
  text: string,
  { lasts, ...wait }: OpenFileWait & { readonly lasts: boolean },
): Promise<void> {
  const target = file.path
  const temporary = temporaryOf(target)
  makeFolder({ file, target })
  try {
    // A process that was killed may have left it.
    remove(temporary, wait.platform)
    writeTemporary(temporary, target, text, lasts)
    await renameWhenFree(temporary, { file, target }, () => true, wait)
  } catch (error) {
    removeQuietly(temporary)
    throw fileTrouble("cannot write", file, error)
  }
}
