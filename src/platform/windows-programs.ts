import { closeSync, lstatSync, openSync, readSync, statSync } from "node:fs"
import { win32 } from "node:path"
import { PumError } from "../errors.ts"
import { type Environment, isWindows, ownPlatform } from "./platform.ts"

/** Arguments for `spawn`. */
export interface SpawnArguments {
  readonly file: string
  readonly args: readonly string[]
  /** Whether the arguments are quoted already (Windows). */
  readonly verbatim: boolean
}

/** A file that Windows finds and cannot start. */
export interface NoProgram {
  readonly unusable: string
  /** The program that runs such files, with the options it needs. */
  readonly interpreter: string | undefined
}

/** What is asked of the file system. */
export interface ProgramFiles {
  readonly isFile: (path: string) => boolean
  /** Whether a file begins as a program of Windows does. */
  readonly isProgram: (path: string) => boolean
}

/** How the variable of this name is set: Windows ignores the case of names. */
export function windowsVariable(env: Environment, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1]
}

/**
 * The folders of the PATH. On Windows double quotes may enclose one, or a part of one, that holds a semicolon or a blank.
 */
export function foldersOnPath(env: Environment, platform: NodeJS.Platform = ownPlatform): string[] {
  if (!isWindows(platform)) return (env.PATH ?? "").split(":")
  const path = windowsVariable(env, "PATH") ?? ""
  const folders = path.match(/(?:[^;"]|"[^"]*(?:"|$))+/g) ?? []
  return folders.map(folder => folder.replaceAll('"', ""))
}

/** Extensions of the files that Windows starts; others (PATHEXT may name them) belong to an interpreter. */
const startable = /\.(com|exe|bat|cmd)$/i
const batchFile = /\.(bat|cmd)$/i

/** By extension. */
const interpreters: Readonly<Record<string, string>> = {
  py: "py",
  pyw: "py",
  ps1: "powershell -File",
  js: "node",
  mjs: "node",
  cjs: "node",
  ts: "node",
  vbs: "cscript",
  wsf: "cscript",
  sh: "bash",
  rb: "ruby",
  pl: "perl",
  jar: "java -jar",
}

/**
 * Finds a program as `cmd` does: in the current folder (unless NoDefaultCurrentDirectoryInExePath is set), then on the
 * PATH; with the extensions of PATHEXT.
 * @returns `undefined` if there is no such file
 */
export function findOnWindows(
  file: string,
  env: Environment,
  { isFile, isProgram }: ProgramFiles = windowsFiles,
): { readonly path: string } | NoProgram | undefined {
  const extensions = (windowsVariable(env, "PATHEXT") || ".COM;.EXE;.BAT;.CMD").split(";").filter(Boolean)
  const hasFolder = /[\\/:]/.test(file)
  const searchesHere = windowsVariable(env, "NODEFAULTCURRENTDIRECTORYINEXEPATH") === undefined
  const folders = hasFolder ? [""] : [...(searchesHere ? [""] : []), ...foldersOnPath(env, "win32")]
  const candidates = folders.flatMap(folder => {
    const path = folder === "" ? file : win32.join(folder, file)
    const withExtensions = extensions.map(one => `${path}${one}`)
    return win32.extname(file) === "" ? withExtensions : [path, ...withExtensions]
  })
  const path = candidates.find(isFile) ?? (hasFolder && isFile(file) ? file : undefined)
  if (path === undefined) return undefined
  if (!startable.test(path)) {
    return { unusable: path, interpreter: interpreters[win32.extname(path).slice(1).toLowerCase()] }
  }
  return batchFile.test(path) || isProgram(path) ? { path } : { unusable: path, interpreter: undefined }
}

/** Arguments for `spawn`: Windows starts programs itself; batch files (npm's, AWS CDK) need `cmd.exe`. */
export function startOnWindows(path: string, args: readonly string[], env: Environment): SpawnArguments {
  if (!batchFile.test(path)) return { file: path, args, verbatim: false }
  const line = [`"${withoutVariables(path)}"`, ...args.map(arg => quoteForBatch(arg, path))].join(" ")
  // Extensions on, for `withoutVariables`; delayed expansion (`!name!`) off; no AutoRun.
  return {
    file: commandInterpreter(env),
    args: ["/d", "/e:on", "/v:off", "/s", "/c", `"${line}"`],
    verbatim: true,
  }
}

/** `COMSPEC` may name another shell, which reads the line in its own way. */
function commandInterpreter(env: Environment): string {
  const named = windowsVariable(env, "COMSPEC") ?? ""
  if (/(?:^|[\\/])cmd(?:\.exe)?$/i.test(named)) return named
  return `${windowsVariable(env, "SYSTEMROOT") ?? "C:\\Windows"}\\System32\\cmd.exe`
}

/**
 * Quotes an argument for a batch file, as Rust's standard library does since CVE-2024-24576: in double quotes, a quote
 * in it doubled, so that `cmd.exe` finds every other character inside quotes, however often it parses the line: the
 * command line, and the line of the batch file that passes the arguments on (`%*`, `%1`). Escaping with `^`, once or
 * twice, would be right for one of these only.
 * @param file for messages
 * @throws PumError `usage` for an argument with a line end or NUL
 */
export function quoteForBatch(arg: string, file: string): string {
  if (/[\r\n\0]/.test(arg))
    throw new PumError("usage", `an argument for ${file} holds a line end, which Windows cannot pass on`)
  // Unquoted if possible: a batch file sees the quotes of its arguments.
  if (/^[\w#$*+./:?@\\-]*[\w#$*+./:?@-]$/.test(arg)) return arg
  const quoted = arg.replace(/(\\*)"/g, '$1$1""').replace(/(\\*)$/, "$1$1")
  return `"${withoutVariables(quoted)}"`
}

/** Keeps `%NAME%` as it is: behind each `%` stands a variable's substring that is empty. */
function withoutVariables(text: string): string {
  return text.replaceAll("%", "%%cd:~,%")
}

/**
 * The words of a command line, as programs of Windows read it: blanks separate, double quotes enclose, a backslash is an
 * ordinary character.
 */
export function wordsOnWindows(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)].map(([word]) => word.replaceAll('"', ""))
}

/** The files of this machine. */
export const windowsFiles: ProgramFiles = {
  isFile(path) {
    try {
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    } catch {
      return isAppAlias(path)
    }
  },
  isProgram(path) {
    const start = Buffer.alloc(2)
    try {
      const handle = openSync(path, "r")
      try {
        return readSync(handle, start) === 2 && start.toString("latin1") === "MZ"
      } finally {
        closeSync(handle)
      }
    } catch {
      // Not readable, as an alias of the Microsoft Store: Windows itself tells.
      return true
    }
  },
}

/** An alias of the Microsoft Store (`pwsh`, `python` under WindowsApps) is a link that cannot be followed, but started. */
function isAppAlias(path: string): boolean {
  try {
    return !lstatSync(path).isDirectory()
  } catch {
    return false
  }
}
