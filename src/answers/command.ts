import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { run } from "./run-program.ts"

export interface CommandSettings {
  /** What it gives, as messages name it: `password`, `2FA code`. */
  readonly what: string
  readonly option: string
  readonly command: string
  /** `$SHELL`; Windows has its own. */
  readonly shell: string | undefined
  readonly terminal: Terminal
  /** Milliseconds. */
  readonly timeout: number
  readonly signals: readonly AbortSignal[]
}

/**
 * Runs the user's command in the user's shell; it may ask questions of its own on the terminal.
 * @returns the first line it prints, without its line end
 * @throws PumError `answerMissing` that holds nothing of what it printed; the reason of a signal
 */
export async function firstLineOf({ what, option, command, ...settings }: CommandSettings): Promise<string> {
  const { shell, terminal, timeout, signals } = settings
  terminal.trace(`running the ${what} command`)
  const { stdout, trouble } = await run(command, {
    shell: process.platform === "win32" ? true : shell || "/bin/sh",
    ...terminal.lend(),
    timeout,
    signals,
  })
  const [line = ""] = stdout.split(/\r?\n/)
  terminal.keepSecret(line)
  if (trouble !== undefined)
    throw new PumError("answerMissing", `the ${what} command ${trouble}`, {
      hint: `run the command of ${option} by itself to see why`,
    })
  if (line === "")
    throw new PumError("answerMissing", `the ${what} command printed nothing`, {
      hint: `the ${what} is the first line that the command of ${option} prints on stdout`,
    })
  return line
}
