import { type Environment, isWindows, ownPlatform } from "./platform.ts"

/** Paths of the terminal that a process has even if all its streams are redirected, to read from and to write to. */
export function terminalPaths(platform: NodeJS.Platform = ownPlatform) {
  return isWindows(platform)
    ? { input: "\\\\.\\CONIN$", output: "\\\\.\\CONOUT$" }
    : { input: "/dev/tty", output: "/dev/tty" }
}

/**
 * A name for the console window of a process on Windows. Only Windows Terminal tells its windows apart; all other
 * consoles have one name. (The parent's process id would be wrong: ten callers on one console would ask at once.)
 */
export function consoleName({ WT_SESSION }: Environment): string {
  return WT_SESSION ? `console ${WT_SESSION}` : sharedConsole
}

/** The name that stands for every console which nothing tells apart: a question may be in another window. */
export const sharedConsole = "console"

interface Streams {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
  readonly stderr: { readonly isTTY?: boolean }
}

/**
 * Whether the console of this process may have no window: Windows gives such a console to programs that are
 * started without a window (`CREATE_NO_WINDOW`: editors, services, Java). No stream leads to it; but some tools redirect
 * all streams on a visible console as well.
 */
export function mayBeUnseen(streams: Streams, platform: NodeJS.Platform = ownPlatform): boolean {
  const { stdin, stdout, stderr } = streams
  return isWindows(platform) && ![stdin, stdout, stderr].some(({ isTTY }) => isTTY === true)
}

/** Git Bash's own window is no console: programs of Windows have a hidden one there, and pipes as streams. */
export function isInGitBash({ MSYSTEM }: Environment): boolean {
  return Boolean(MSYSTEM)
}

export const gitBashHint = "in Git Bash, type winpty pum-aws ..., or use Windows Terminal"
