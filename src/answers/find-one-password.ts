import { accessSync, constants, statSync } from "node:fs"
import { isAbsolute, join } from "node:path"
import type { Options } from "../options/options.ts"
import { type Environment, isWindows } from "../platform/platform.ts"
import { foldersOnPath } from "../platform/windows-programs.ts"

/** An item of 1Password, and the program that reads it. */
export interface OnePassword {
  /** Absolute path of `op`. */
  readonly op: string
  readonly account: string
  readonly item: string
}

/** @returns undefined if 1Password is switched off or not installed, or if something else gives the password */
export function findOnePassword(
  options: Pick<Options, "onePassword" | "passwordCommand" | "passwordStdin">,
  env: Environment,
): OnePassword | undefined {
  const { onePassword, passwordCommand, passwordStdin } = options
  if (onePassword === undefined || passwordCommand !== undefined || passwordStdin) return undefined
  const op = findProgram("op", env)
  return op === undefined ? undefined : { op, ...onePassword }
}

/**
 * Finds a program on the PATH. Relative folders are left out: a program of the current folder must not be given
 * passwords.
 * @returns its absolute path
 */
export function findProgram(name: string, env: Environment): string | undefined {
  const file = isWindows() ? `${name}.exe` : name
  for (const folder of foldersOnPath(env)) {
    const candidate = join(folder, file)
    if (isAbsolute(folder) && isExecutable(candidate)) return candidate
  }
  return undefined
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
