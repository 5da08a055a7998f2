import { execFileSync } from "node:child_process"
import { chmodSync, rmdirSync, statSync } from "node:fs"
import { isWindows } from "../platform/platform.ts"
import { codeOf } from "./file-error.ts"

/**
 * Whether a folder is append-only (`chattr +a`): files can be made in it, but neither replaced nor removed. A trial
 * would leave a file there for ever, so other calls tell.
 * @param file a file in it that may be written; `undefined` if there is none
 */
export function isAppendOnly(folder: string, file: string | undefined): boolean {
  if (isWindows()) return false
  return file === undefined ? refusesItsOwnMode(folder) && hasFlag(folder) : refusesRemoval(file)
}

/** rmdir(2) of a file always fails: with EPERM in an append-only folder, elsewhere with ENOTDIR. */
function refusesRemoval(file: string): boolean {
  try {
    rmdirSync(file)
  } catch (error) {
    return codeOf(error) === "EPERM"
  }
  return false
}

/**
 * Whether the folder's owner may not give it the mode that it has. Some file systems refuse that for every folder.
 * Nothing is changed: the bits that the system may drop on the way are not there.
 */
function refusesItsOwnMode(folder: string): boolean {
  const { uid, mode } = statSync(folder)
  if ((mode & 0o6000) !== 0 || ![0, uid].includes(process.geteuid?.() ?? -1)) return false
  try {
    chmodSync(folder, mode & 0o7777)
  } catch (error) {
    return codeOf(error) === "EPERM"
  }
  return false
}

/** By lsattr(1), which most Linux systems have: `-----a-------- /folder`. */
function hasFlag(folder: string): boolean {
  try {
    const flags = execFileSync("lsattr", ["-d", "--", folder], {
      encoding: "utf8",
      stdio: "pipe",
      timeout: 1000,
    })
    return /^\S*a\S* /.test(flags)
  } catch {
    return false
  }
}
