import { accessSync, constants, statSync } from "node:fs"
import { isAbsolute, join } from "node:path"
import { type Environment, isWindows } from "./platform.ts"
import { foldersOnPath } from "./windows-programs.ts"

/**
 * Finds a program on the PATH. Relative folders are left out: a program of the current folder must not be given
 * passwords.
 * @returns its absolute path
 */
export function findProgram(name: string, env: Environment): string | undefined {
  const file = isWindows() ? `${name}.exe` : name
  for (const folder of foldersOnPath(env)) {
    const candidate = join(folder, file)
    if (isAbsolute(folder) && isExecutableFile(candidate)) return candidate
  }
  return undefined
}

export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
