import { PumError } from "../errors.ts"
import { isWindows } from "../platform/platform.ts"
import { firstLineOf, utf8Hint } from "../platform/strict-text.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { runProgram } from "./run-program.ts"

export interface CommandSettings {
  /** What it prints, in messages: `password`, `2FA code`. */
  readonly what: string
  /** The option that named it, in messages. */
  readonly option: string
  readonly command: string
  /** `$SHELL`; not used on Windows. */
  readonly shell: string | undefined
  readonly terminal: Terminal
  /** Milliseconds. */
  readonly timeout: number
  readonly signals: readonly AbortSignal[]
}

/**
 * Runs the user's command in the user's shell. It may ask questions of its own on the terminal.
 * @returns the first line that it prints, without its line end
 * @throws PumError `answerMissing`, which contains nothing of what it printed; the reason of a signal
 */
export async function readFirstLine(settings: CommandSettings): Promise<string> {
  const { what, option, command, shell, terminal, timeout, signals } = settings
  terminal.trace(`running the ${what} command`)
  const { bytes, failure } = await runProgram(command, {
    shell: isWindows() ? true : shell || "/bin/sh",
    ...terminal.lendStreams(),
    timeout,
    signals,
  })
  const line = firstLineOf(bytes)
  if (line !== undefined) terminal.keepSecret(line)
  if (failure !== undefined)
    throw new PumError("answerMissing", `the ${what} command ${failure}`, {
      hint: `run the command of ${option} by itself to see why`,
    })
  if (line === undefined)
    throw new PumError("answerMissing", `the ${what} command printed text that is not UTF-8`, {
      hint: utf8Hint,
    })
  if (line === "")
    throw new PumError("answerMissing", `the ${what} command printed nothing`, {
      hint: `the ${what} is the first line that the command of ${option} prints on stdout`,
    })
  return line
}
