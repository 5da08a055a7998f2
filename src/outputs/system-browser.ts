import { spawn } from "node:child_process"
import { type Environment, isWindows, ownPlatform } from "../platform/platform.ts"
import { shellWords } from "../platform/shell-words.ts"
import {
  findOnWindows,
  type ProgramFiles,
  type SpawnArguments,
  startOnWindows,
  windowsFiles,
  windowsVariable,
  wordsOnWindows,
} from "../platform/windows-programs.ts"

/**
 * Opens a link in the user's browser: the one that `BROWSER` names, else the system's default.
 * @returns whether a browser was started, as far as the system tells
 */
export async function openInSystemBrowser(link: string, env: Environment): Promise<boolean> {
  try {
    if (env.BROWSER) return await startFirst(browsersOf(env.BROWSER, link, env))
    // Without a screen, xdg-open would start a text browser, which takes over the terminal.
    const hasScreen =
      ownPlatform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
    if (!hasScreen) return false
    if (isWindows()) return await startDetached(defaultOnWindows(link, env))
    const { default: open } = await import("open")
    await open(link)
    return true
  } catch {
    return false
  }
}

/**
 * The browsers of a `BROWSER` variable: a list of command lines, separated by colons; on Windows one command line, or the
 * path of a program. `%s` stands for the link, which else is the last argument.
 */
function browsersOf(variable: string, link: string, env: Environment): SpawnArguments[] {
  if (isWindows()) return browserOnWindows(variable, link, env)
  return variable.split(":").flatMap(line => {
    const [file, ...args] = withLink(shellWords(line) ?? [], link)
    return file ? [{ file, args, verbatim: false }] : []
  })
}

export function browserOnWindows(
  line: string,
  link: string,
  env: Environment,
  files: ProgramFiles = windowsFiles,
): SpawnArguments[] {
  const [file, ...args] = withLink(files.isFile(line) ? [line] : wordsOnWindows(line), link)
  const found = file === undefined ? undefined : findOnWindows(file, env, files)
  return found !== undefined && "path" in found ? [startOnWindows(found.path, args, env)] : []
}

/** Not by PowerShell, as the package `open` does it: security software reports its encoded command lines. */
export function defaultOnWindows(link: string, env: Environment): SpawnArguments {
  const file = `${windowsVariable(env, "SYSTEMROOT") ?? "C:\\Windows"}\\System32\\rundll32.exe`
  return { file, args: ["url.dll,FileProtocolHandler", link], verbatim: false }
}

function withLink(words: readonly string[], link: string): string[] {
  const filled = words.map(word => word.replaceAll("%s", () => link))
  return words.some(word => word.includes("%s")) || words.length === 0 ? filled : [...filled, link]
}

/** Starts the first browser that can be started. */
async function startFirst(browsers: readonly SpawnArguments[]): Promise<boolean> {
  for (const browser of browsers) if (await startDetached(browser)) return true
  return false
}

/** @returns whether the program could be started */
function startDetached({ file, args, verbatim }: SpawnArguments): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(file, args, {
      detached: true,
      stdio: "ignore",
      // Not `windowsHide`: Windows would tell the browser to show no window. Detached, it has no console anyway.
      windowsVerbatimArguments: verbatim,
    })
    child.on("error", () => resolve(false))
    child.on("spawn", () => resolve(true))
  })
}
