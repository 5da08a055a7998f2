import { PumError, shortages } from "../errors.ts"
import { block } from "../platform/event-loop.ts"
import { isWindows, ownPlatform } from "../platform/platform.ts"

/** A file, and its path as messages show it: `~/.aws/credentials`. */
export interface UserFile {
  readonly path: string
  readonly shown: string
}

/** The operating system's error codes (errno(3)) in words. */
const reasons: Readonly<Record<string, string>> = {
  ...shortages,
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  ENOENT: "a folder of its path is not there",
  EEXIST: "something else is in its place",
  ELOOP: "its symbolic links go round in circles",
  ENAMETOOLONG: "the name is too long",
  EFBIG: "the file would be larger than is allowed (ulimit -f)",
  ERR_FS_FILE_TOO_LARGE: "the file is too large",
  ERR_STRING_TOO_LONG: "the file is too large",
  EBUSY: "another program holds it",
}

/** The code of a Node.js system error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}

/** Whether Windows refuses this only for now: another process has the file or folder open, or is removing it. */
export function isBusyOnWindows(error: unknown, platform: NodeJS.Platform): boolean {
  return isWindows(platform) && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error) ?? "")
}

/** How often a file that is busy on Windows is tried, and the pause between two tries in milliseconds. */
const busyTries = 20
const busyPause = 10

/**
 * Reads or removes what Windows may refuse for a moment: another process replaces the file, or a virus scanner has it
 * open. Blocks the process for 0.2 s at most.
 * @throws the error of the last try
 */
export function whenFree<T>(act: () => T, platform: NodeJS.Platform = ownPlatform): T {
  for (let tries = 1; ; tries++) {
    try {
      return act()
    } catch (error) {
      if (tries === busyTries || !isBusyOnWindows(error, platform)) throw error
      block(busyPause)
    }
  }
}

/**
 * A file-system error in words: `<what> <path>: <reason>`. A PumError is returned as it is.
 * @param what begins the message: `cannot write`
 */
export function fileTrouble(what: string, file: UserFile, error: unknown): PumError {
  if (error instanceof PumError) return error
  return new PumError("file", `${what} ${file.shown}: ${errnoReason(error)}`, { cause: error })
}

function errnoReason(error: unknown): string {
  const code = codeOf(error) ?? "an error"
  return reasons[code] ?? `the system reports ${code}`
}

/** Why a file that the user named cannot be read. */
export const unreadable = (error: unknown) =>
  codeOf(error) === "ENOENT" ? "there is no such file" : errnoReason(error)

/** @param code `usage` for a file that the user named on the command line */
export const unusable = ({ shown }: UserFile, reason: string, code: "file" | "usage" = "file") =>
  new PumError(code, `cannot use ${shown}: ${reason}`)
