import { lstatSync, mkdirSync, readdirSync, renameSync } from "node:fs"
import { dirname, join } from "node:path"
import { codeOf } from "../files/file-error.ts"
import { newTemporaryOf, removeQuietly, writeTemporary } from "../files/temporary-files.ts"
import { isOwnFolder, keptContent } from "./kept-code.ts"
import type { CompiledFile } from "./load.ts"

/**
 * Keeps what V8 compiled of these files in this run. Their functions that did not run are compiled when they do, in a
 * later run.
 * @param folder is made, but not the one that it lies in
 * @throws the system's error
 */
export function keepCode(folder: string, files: readonly CompiledFile[]): void {
  if (!isOwnFolder(dirname(folder))) return
  makePrivateFolder(folder)
  if (!isOwnFolder(folder)) return
  removeUnused(folder)
  for (const { name, origin, script } of files)
    replaceFile(join(folder, name), keptContent(script.createCachedData(), origin))
}

function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, 0o700)
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  }
}

/** Not made to survive a power cut: a damaged file is found by its reader. */
function replaceFile(path: string, content: Buffer): void {
  const temporary = newTemporaryOf(path)
  try {
    writeTemporary(temporary, path, content, false)
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

/** Milliseconds. If code that is still in use was removed, its next run keeps it anew. */
const longUnused = 30 * 24 * 3600_000

/** Removes the code of other versions, and what a killed process left. Another process can be faster. */
function removeUnused(folder: string): void {
  const oldest = Date.now() - longUnused
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats !== undefined && stats.mtimeMs < oldest) removeQuietly(path)
  }
}
