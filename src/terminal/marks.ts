import { type Environment, isWindows } from "../platform/platform.ts"

/** Characters that not every console can show. */
export interface Marks {
  readonly success: string
  readonly failure: string
  readonly pointer: string
  /** In place of what was cut off. */
  readonly ellipsis: string
  readonly separator: string
  /** The names of the arrow keys. */
  readonly arrows: string
  /** One after the other. */
  readonly spinner: string
}

const unicodeMarks: Marks = {
  success: "✔",
  failure: "✘",
  pointer: "❯",
  ellipsis: "…",
  separator: "·",
  arrows: "↑↓",
  spinner: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
}

const asciiMarks: Marks = {
  success: "OK",
  failure: "X",
  pointer: ">",
  ellipsis: "..",
  separator: "-",
  arrows: "Up/Down",
  spinner: "|/-\\",
}

/** @param isOnScreen whether the marks go to a terminal: PowerShell and `clip` of Windows read a pipe in a code page */
export function marksFor(env: Environment, platform: NodeJS.Platform, isOnScreen = true): Marks {
  const isInCodePage = isWindows(platform) && !isOnScreen
  return !isInCodePage && showsUnicode(env, platform) ? unicodeMarks : asciiMarks
}

/**
 * Whether the console shows more than ASCII: the rules of the package is-unicode-supported, which reads its environment
 * when it is loaded and does not look at the locale.
 */
function showsUnicode(env: Environment, platform: NodeJS.Platform): boolean {
  if (isWindows(platform)) {
    return (
      Boolean(env.WT_SESSION || env.TERMINUS_SUBLIME) ||
      env.ConEmuTask === "{cmd::Cmder}" ||
      env.TERMINAL_EMULATOR === "JetBrains-JediTerm" ||
      ["Terminus-Sublime", "vscode"].includes(env.TERM_PROGRAM ?? "") ||
      ["xterm-256color", "alacritty", "rxvt-unicode", "rxvt-unicode-256color"].includes(env.TERM ?? "")
    )
  }
  // The console of the Linux kernel has a font of 256 or 512 characters.
  if (env.TERM === "linux") return false
  // The first that is not empty counts (locale(7)). Without any, as in containers, a terminal today shows everything.
  return /utf-?8|^$/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "")
}
