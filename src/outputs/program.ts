import { statSync } from "node:fs"
import { PumError } from "../errors.ts"
import { type Environment, isWindows, ownPlatform } from "../platform/platform.ts"
import { isExecutableFile } from "../platform/programs.ts"
import { endOfOptions } from "../platform/quoting.ts"
import {
  findOnWindows,
  type ProgramFiles,
  type SpawnArguments,
  startOnWindows,
} from "../platform/windows-programs.ts"

/**
 * Finds a program as the system's shell would.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function resolveProgram(file: string, args: readonly string[], env: Environment): SpawnArguments {
  if (isWindows()) return resolveOnWindows(file, args, env)
  const folders = file.includes("/") ? [""] : env.PATH?.split(":").map(folder => `${folder || "."}/`)
  // Without a PATH, execvp(3) uses a default of the C library.
  if (folders === undefined) return { file, args, verbatim: false }
  const found = folders.map(folder => `${folder}${file}`).filter(exists)
  if (found.length === 0) throw commandNotFound(file)
  if (!found.some(isExecutableFile)) throw commandNotExecutable(file)
  return { file, args, verbatim: false }
}

/**
 * @throws PumError `commandNotFound`; `commandNotExecutable` for a file that Windows does not start; `usage` for an
 * argument that cannot be passed on
 */
export function resolveOnWindows(
  file: string,
  args: readonly string[],
  env: Environment,
  files?: ProgramFiles,
): SpawnArguments {
  const found = findOnWindows(file, env, files)
  if (found === undefined) throw commandNotFound(file, undefined, "win32")
  if ("path" in found) return startOnWindows(found.path, args, env)
  const { unusable, interpreter } = found
  throw new PumError("commandNotExecutable", `cannot run '${file}': ${unusable} is no program of Windows`, {
    hint:
      interpreter === undefined
        ? "Windows starts .exe, .com, .cmd and .bat files"
        : `name the program that runs it: pum-aws ${endOfOptions("win32")} ${interpreter} ${unusable}`,
  })
}

export function commandNotFound(file: string, cause?: unknown, platform = ownPlatform): PumError {
  const shell = isWindows(platform) ? 'cmd /c "..."' : "sh -c '...'"
  const hint = `what only a shell knows (built-in commands, aliases, pipes) is run by one: pum-aws ${endOfOptions(platform)} ${shell}`
  return new PumError("commandNotFound", `cannot run '${file}': there is no such program`, {
    cause,
    hint: /[\\/]/.test(file) ? undefined : hint,
  })
}

export function commandNotExecutable(file: string, cause?: unknown): PumError {
  const what = isFolder(file) ? "it is a folder" : "it is not executable"
  return new PumError("commandNotExecutable", `cannot run '${file}': ${what}`, { cause })
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // No permission for a folder of the PATH.
    return false
  }
}

function isFolder(path: string): boolean {
  return exists(path) && statSync(path).isDirectory()
}
