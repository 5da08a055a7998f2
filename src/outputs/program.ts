import { accessSync, constants, statSync } from "node:fs"
import { win32 } from "node:path"
import { PumError } from "../errors.ts"
import type { Environment } from "../options/options.ts"

/** How `spawn` is to start a program. */
export interface Start {
  readonly file: string
  readonly args: readonly string[]
  /** Windows: the arguments are quoted already. */
  readonly verbatim: boolean
}

/**
 * Looks for a program as the system's own shell would, so that nobody signs in for one that is not there.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function startOf(file: string, args: readonly string[], env: Environment): Start {
  if (process.platform === "win32") return windowsStart(file, args, env, isFile)
  const folders = file.includes("/") ? [""] : env.PATH?.split(":").map(folder => `${folder || "."}/`)
  // Without a PATH the system has one of its own.
  if (folders === undefined) return { file, args, verbatim: false }
  const found = folders.map(folder => `${folder}${file}`).filter(isThere)
  if (found.length === 0) throw commandNotFound(file)
  if (!found.some(isExecutable)) throw commandNotExecutable(file)
  return { file, args, verbatim: false }
}

export function commandNotFound(file: string, cause?: unknown): PumError {
  const shell = process.platform === "win32" ? "cmd /c" : "sh -c"
  const hint = `what only a shell knows (built-in commands, aliases, pipes) is run by one: pum-aws -- ${shell} '...'`
  return new PumError("commandNotFound", `cannot run '${file}': there is no such program`, {
    cause,
    ...(/[\\/]/.test(file) ? {} : { hint }),
  })
}

export function commandNotExecutable(file: string, cause?: unknown): PumError {
  const what = isFolder(file) ? "it is a folder" : "it is not executable"
  return new PumError("commandNotExecutable", `cannot run '${file}': ${what}`, { cause })
}

/**
 * Windows starts `.exe` files by itself; `.cmd` and `.bat` files (npm's, the AWS CDK's) are run by `cmd.exe`, which
 * reads their arguments once more.
 * @throws PumError `commandNotFound`, `usage` for an argument that cannot be passed on
 */
export function windowsStart(
  file: string,
  args: readonly string[],
  env: Environment,
  isThere: (path: string) => boolean,
): Start {
  const value = (name: string) => Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1]
  const extensions = (value("PATHEXT") || ".COM;.EXE;.BAT;.CMD").split(";").filter(one => one !== "")
  const hasExtension = extensions.some(one => file.toLowerCase().endsWith(one.toLowerCase()))
  const folders = /[\\/:]/.test(file) ? [""] : ["", ...(value("PATH") ?? "").split(";")]
  const candidates = folders.flatMap(folder => {
    const path = folder === "" ? file : win32.join(folder.replaceAll('"', ""), file)
    return hasExtension ? [path] : extensions.map(one => `${path}${one}`)
  })
  const found = candidates.find(isThere)
  if (found === undefined) throw commandNotFound(file)
  if (!/\.(cmd|bat)$/i.test(found)) return { file: found, args, verbatim: false }
  const line = [found.replace(meta, "^$&"), ...args.map(arg => quotedForCmd(arg, file))].join(" ")
  return { file: value("COMSPEC") || "cmd.exe", args: ["/d", "/s", "/c", `"${line}"`], verbatim: true }
}

/** What `cmd.exe` acts upon; `^` before it makes it an ordinary character. */
const meta = /[()\][%!^"`<>&|;, *?]/g

/**
 * Quoted as the C library of the program reads it, then for `cmd.exe`, twice: for the line it is given, and for the
 * line of the batch file that passes it on as `%*`.
 */
function quotedForCmd(arg: string, file: string): string {
  if (/[\r\n]/.test(arg))
    throw new PumError("usage", `an argument for ${file} holds a line end, which Windows cannot pass on`)
  // A batch file that looks at its arguments would find what others need for quoting.
  if (/^[\w.:/\\@+-]+$/.test(arg)) return arg
  const quoted = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, "$1$1")}"`
  return quoted.replace(meta, "^$&").replace(meta, "^$&")
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // A folder of the PATH that may not be entered.
    return false
  }
}

function isFolder(path: string): boolean {
  return isThere(path) && statSync(path).isDirectory()
}

function isFile(path: string): boolean {
  return isThere(path) && statSync(path).isFile()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}
