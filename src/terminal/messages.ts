import { harmless, plain } from "../errors.ts"
import type { Spinner } from "./spinner.ts"
import type { Style } from "./style.ts"

/** What the program writes to the user: one line a message. Text from outside must come through `plain`. */
export interface Messages {
  /** Information. */
  readonly tell: (line: string) => void
  /** Something that worked. */
  readonly succeed: (line: string) => void
  readonly warn: (line: string) => void
  /** One step, shown only with --verbose, on stderr. */
  readonly trace: (line: string) => void
}

export interface LineOutput {
  write(text: string): unknown
}

export interface MessageSettings {
  /** The terminal, or stderr without one. */
  readonly output: LineOutput
  readonly style: Style
  readonly stderr: LineOutput
  readonly stderrStyle: Style
  readonly spinner: Spinner | undefined
  readonly verbose: boolean
  readonly redact: (text: string) => string
}

/** @returns also `fail`, which writes the last lines of a failed run to stderr */
export function openMessages(
  settings: MessageSettings,
): Messages & { readonly fail: (lines: readonly string[]) => void } {
  const { output, style, stderr, stderrStyle, spinner, verbose, redact } = settings
  const write = (line: string, to: LineOutput) => {
    spinner?.clear()
    to.write(`${redact(line)}\n`)
  }
  return {
    tell: line => write(harmless(line), output),
    succeed: line => write(`${style.success("✔")} ${harmless(line)}`, output),
    warn: line => write(`${style.warning("warning:")} ${harmless(line)}`, output),
    trace: line => {
      if (verbose) write(stderrStyle.faint(`· ${plain(line)}`), stderr)
    },
    fail: lines => {
      for (const line of lines) write(line, stderr)
    },
  }
}
