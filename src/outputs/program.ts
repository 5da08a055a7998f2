import { accessSync, constants, statSync } from "node:fs"
import { win32 } from "node:path"
import { PumError } from "../errors.ts"
import type { Environment } from "../options/options.ts"

/** Arguments for `spawn`. */
export interface SpawnArguments {
  readonly file: string
  readonly args: readonly string[]
  /** Whether the arguments are quoted already (Windows). */
  readonly verbatim: boolean
}

/**
 * Finds a program as the system's shell would.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function resolveProgram(file: string, args: readonly string[], env: Environment): SpawnArguments {
  if (process.platform === "win32") return resolveOnWindows(file, args, env, isFile)
  const folders = file.includes("/") ? [""] : env.PATH?.split(":").map(folder => `${folder || "."}/`)
  // Without a PATH, execvp(3) uses a default of the C library.
  if (folders === undefined) return { file, args, verbatim: false }
  const found = folders.map(folder => `${folder}${file}`).filter(exists)
  if (found.length === 0) throw commandNotFound(file)
  if (!found.some(isExecutableFile)) throw commandNotExecutable(file)
  return { file, args, verbatim: false }
}

export function commandNotFound(file: string, cause?: unknown): PumError {
  const shell = process.platform === "win32" ? "cmd /c" : "sh -c"
  const hint = `what only a shell knows (built-in commands, aliases, pipes) is run by one: pum-aws -- ${shell} '...'`
  return new PumError("commandNotFound", `cannot run '${file}': there is no such program`, {
    cause,
    hint: /[\\/]/.test(file) ? undefined : hint,
  })
}

export function commandNotExecutable(file: string, cause?: unknown): PumError {
  const what = isFolder(file) ? "it is a folder" : "it is not executable"
  return new PumError("commandNotExecutable", `cannot run '${file}': ${what}`, { cause })
}

/**
 * Windows starts `.exe` files itself; `.cmd` and `.bat` files (npm, AWS CDK) need `cmd.exe`, which parses their
 * arguments again.
 * @throws PumError `commandNotFound`; `usage` for an argument that cannot be passed on
 */
export function resolveOnWindows(
  file: string,
  args: readonly string[],
  env: Environment,
  isExistingFile: (path: string) => boolean,
): SpawnArguments {
  const value = (name: string) => Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1]
  const extensions = (value("PATHEXT") || ".COM;.EXE;.BAT;.CMD").split(";").filter(one => one !== "")
  const hasExtension = extensions.some(one => file.toLowerCase().endsWith(one.toLowerCase()))
  const folders = /[\\/:]/.test(file) ? [""] : ["", ...(value("PATH") ?? "").split(";")]
  const candidates = folders.flatMap(folder => {
    const path = folder === "" ? file : win32.join(folder.replaceAll('"', ""), file)
    return hasExtension ? [path] : extensions.map(one => `${path}${one}`)
  })
  const found = candidates.find(isExistingFile)
  if (found === undefined) throw commandNotFound(file)
  if (!/\.(cmd|bat)$/i.test(found)) return { file: found, args, verbatim: false }
  const line = [found.replace(cmdSpecial, "^$&"), ...args.map(arg => quoteForCmd(arg, file))].join(" ")
  return { file: value("COMSPEC") || "cmd.exe", args: ["/d", "/s", "/c", `"${line}"`], verbatim: true }
}

/** Characters that are special to `cmd.exe`; `^` escapes them. */
const cmdSpecial = /[()\][%!^"`<>&|;, *?]/g

/**
 * Quotes an argument for the C library of the program, then escapes it for `cmd.exe` twice: `cmd.exe` parses the command
 * line, and the line of the batch file that passes its arguments on as `%*`.
 * @param file the program, for messages
 * @throws PumError `usage` for an argument with a line end
 */
function quoteForCmd(arg: string, file: string): string {
  if (/[\r\n]/.test(arg))
    throw new PumError("usage", `an argument for ${file} holds a line end, which Windows cannot pass on`)
  // Unquoted if possible: a batch file sees the quotes of its arguments.
  if (/^[\w.:/\\@+-]+$/.test(arg)) return arg
  const quoted = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, "$1$1")}"`
  return quoted.replace(cmdSpecial, "^$&").replace(cmdSpecial, "^$&")
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

function isFile(path: string): boolean {
  return exists(path) && statSync(path).isFile()
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}
