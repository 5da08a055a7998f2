import { closeSync, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs"
import { dirname } from "node:path"
import { codeOf, fileTrouble, type UserFile, unusable, whenFree } from "./file-error.ts"
import { flagsToRead, ownFolderPath } from "./own-folder.ts"

/** The folder of `ownFolderPath`, with its path as messages show it. */
export function ownFolder(home: string): UserFile {
  return { path: ownFolderPath(home), shown: "~/.aws/pum-aws" }
}

/** A file in that folder. */
export function ownFile(home: string, name: string): UserFile {
  const { path, shown } = ownFolder(home)
  return { path: `${path}/${name}`, shown: `${shown}/${name}` }
}

/**
 * The text of a file that this program wrote itself: a regular file of this user that no other user may write to,
 * in such a folder. Links are not followed, and a FIFO is not waited for.
 * @param onRefused told why the file was not read
 * @returns `undefined` if it does not exist or is refused
 * @throws PumError `file`
 */
export function readOwnFile(
  file: UserFile,
  onRefused?: (reason: string) => void,
  platform?: NodeJS.Platform,
): string | undefined {
  let handle: number | undefined
  try {
    const inFolder = folderProblem(dirname(file.path))
    if (inFolder !== undefined) {
      onRefused?.(`its folder ${inFolder}`)
      return undefined
    }
    handle = whenFree(() => openSync(file.path, flagsToRead), platform)
    const stats = fstatSync(handle)
    const problem = contentProblem(stats) ?? ownerProblem(stats, file.path)
    if (problem === undefined) return readFileSync(handle, "utf8")
    onRefused?.(`it ${problem}`)
    return undefined
  } catch (error) {
    const code = codeOf(error)
    if (code === "ENOENT") return undefined
    if (code !== "ELOOP") throw fileTrouble("cannot read", file, error)
    onRefused?.("it is a symbolic link")
    return undefined
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Bytes; files of this program are much smaller. */
const ownFileLimit = 1_000_000

function contentProblem(stats: Stats): string | undefined {
  if (!stats.isFile()) return "is no regular file"
  return stats.size > ownFileLimit ? "is too large" : undefined
}

/**
 * Checks that no other user can put files into a folder of this program. A folder that is not there will be made.
 * @throws PumError `file`
 */
export function checkOwnFolder(folder: UserFile): void {
  let problem: string | undefined
  try {
    problem = folderProblem(folder.path)
  } catch (error) {
    throw fileTrouble("cannot use", folder, error)
  }
  if (problem !== undefined) throw unusable(folder, `it ${problem}`)
}

function folderProblem(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) return "is a symbolic link"
  // What else is in its place is told by the system.
  return stats?.isDirectory() ? ownerProblem(stats, path) : undefined
}

/** Windows has no owners and modes. */
function ownerProblem({ uid, mode }: Stats, path: string): string | undefined {
  const self = process.geteuid?.()
  if (self === undefined) return undefined
  if (uid !== self && uid !== 0 && !(self === 0 && uid === ownerOf(dirname(path))))
    return "belongs to another user"
  return (mode & 0o022) === 0 ? undefined : "can be changed by other users"
}

/** Under sudo with the user's HOME, files belong to the user. */
const ownerOf = (folder: string) => lstatSync(folder).uid
