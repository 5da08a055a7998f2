import { spawn } from "node:child_process"
import type { Environment } from "../options/options.ts"
import { shellWords } from "../profiles/shell-words.ts"

/**
 * Opens a link in the user's browser: the one that `BROWSER` names, else the system's default.
 * @returns whether a browser was started, as far as the system tells
 */
export async function openInSystemBrowser(link: string, env: Environment): Promise<boolean> {
  try {
    if (env.BROWSER) return await startFirst(env.BROWSER, link)
    // Without a screen, xdg-open would start a text browser, which takes over the terminal.
    const hasScreen =
      process.platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
    if (!hasScreen) return false
    const { default: open } = await import("open")
    await open(link)
    return true
  } catch {
    return false
  }
}

/**
 * Starts the first browser of a `BROWSER` variable that can be started: a list of command lines, separated by colons
 * (on Windows the path of one program); `%s` stands for the link, which else is the last argument.
 */
async function startFirst(browsers: string, link: string): Promise<boolean> {
  const lines = process.platform === "win32" ? [browsers] : browsers.split(":")
  for (const line of lines) {
    const words = process.platform === "win32" ? [line] : (shellWords(line) ?? [])
    const [file, ...args] = words.map(word => word.replaceAll("%s", () => link))
    if (!file) continue
    if (await startDetached(file, line.includes("%s") ? args : [...args, link])) return true
  }
  return false
}

/** @returns whether the program could be started */
function startDetached(file: string, args: readonly string[]): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(file, args, { detached: true, stdio: "ignore" })
    child.on("error", () => resolve(false))
    child.on("spawn", () => resolve(true))
  })
}
