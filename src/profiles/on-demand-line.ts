import { posix, win32 } from "node:path"
import { PumError } from "../errors.ts"
import { isWindows, ownPlatform } from "../platform/platform.ts"
import { shellWords } from "../platform/shell-words.ts"
import { wordsOnWindows } from "../platform/windows-programs.ts"

/** The two files that a `credential_process` line of ours starts. */
export interface ProgramPaths {
  /** Node.js. */
  readonly node: string
  /** `bin/pum-aws`, or a link to it. */
  readonly script: string
}

/**
 * The value of `credential_process` for a profile that asks pum-aws when it is used. It has to mean the same words to
 * `sh` (SDKs for Go, Java, JavaScript and Rust), to Python's `shlex` (AWS CLI, boto3) and on Windows to `cmd` and to
 * C programs; inside double quotes they agree.
 * @throws PumError `usage` for a path that cannot be written so
 */
export function onDemandLine(
  { node, script }: ProgramPaths,
  profile: string,
  platform: NodeJS.Platform = ownPlatform,
): string {
  const paths = [node, script].map(path => quotePath(path, platform))
  return [...paths, "--profile", profile, "--credential-process"].join(" ")
}

function quotePath(path: string, platform: NodeJS.Platform): string {
  // `#` and `;` after a blank begin a comment for the SDK for JavaScript.
  const unsafe = isWindows(platform) ? /["%\x00-\x1f]|\s[#;]/ : /["$`\\!\x00-\x1f]|\s[#;]/
  if (unsafe.test(path))
    throw new PumError("usage", `AWS tools do not read this path alike: ${path}`, {
      hint: "install pum-aws into a folder without these characters in its name",
    })
  return isWindows(platform) || !/^[\w@%+:,./-]+$/.test(path) ? `"${path}"` : path
}

/** What a `credential_process` line of ours says. */
export interface OnDemandCall {
  readonly profile: string
  /** Absolute paths that it starts. */
  readonly paths: readonly string[]
  /** The words after the program's name. */
  readonly args: readonly string[]
}

/**
 * Reads a `credential_process` line.
 * @returns `undefined` if it is another program's, or names no profile
 */
export function readOnDemandLine(line: string): OnDemandCall | undefined {
  const words = wordsOf(line)
  const at = words.findIndex(isProgram)
  const args = words.slice(at + 1)
  if (at < 0 || !args.includes("--credential-process")) return undefined
  const profile = profileIn(args)
  if (profile === undefined) return undefined
  const isAbsolute = (word: string) => posix.isAbsolute(word) || windowsRoot.test(word)
  return { profile, paths: words.slice(0, at + 1).filter(isAbsolute), args }
}

/** How an absolute path of Windows begins: with a drive or a server. */
const windowsRoot = /^(?:[A-Za-z]:[\\/]|\\\\)/

/** Words of a line in either system's quotes: a backslash in a Windows path is no escape. */
function wordsOf(line: string): readonly string[] {
  return windowsRoot.test(line.replace(/^"/, "")) ? wordsOnWindows(line) : (shellWords(line) ?? [])
}

/**
 * Whether a word starts this program: its path, its name on the PATH, its shim on Windows, or its package as `npx` takes
 * it, with a version.
 */
function isProgram(word: string): boolean {
  return /^pum-aws(\.cmd|\.ps1|@[\w.^~-]+)?$/i.test(win32.basename(word))
}

function profileIn(words: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    if (word === "--profile" || word === "-p") return words[at + 1]
    const [, joined] = /^(?:--profile=|-p)(.+)$/.exec(word) ?? []
    if (joined !== undefined) return joined
  }
  return undefined
}
