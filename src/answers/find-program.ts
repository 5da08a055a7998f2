import { accessSync, constants, statSync } from "node:fs"
import { delimiter, isAbsolute, join } from "node:path"

/**
 * The program of that name on the PATH, as an absolute path. Relative folders are passed over: nobody who enters
 * a folder wants its programs to be asked for passwords.
 */
export function findProgram(name: string, path: string | undefined): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name
  for (const folder of (path ?? "").split(delimiter)) {
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
