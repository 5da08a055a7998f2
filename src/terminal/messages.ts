import { harmless, plain } from "../errors.ts"
import type { LineOutput } from "./question.ts"
import type { Spinner } from "./spinner.ts"
import type { Style } from "./style.ts"
import { wrapLine } from "./width.ts"

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

export interface MessageSettings {
  /** The terminal, or stderr without one. */
  readonly output: LineOutput
  readonly style: Style
  readonly stderr: LineOutput
  /** Where the last lines of a failed run go besides stderr. */
  readonly alsoFailOn?: (() => LineOutput | undefined) | undefined
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
  const write = (line: string, to: LineOutput, decorate = (text: string) => text) => {
    spinner?.clear()
    const shown = redact(harmless(line))
    const lines = to.isTTY === true && to.columns ? wrapLine(shown, to.columns) : [shown]
    to.write(`${decorate(lines.join("\n"))}\n`)
  }
  const { success, separator } = style.marks
  const coloured = (word: string, colour: (text: string) => string) => (text: string) =>
    text.replace(word, colour)
  return {
    tell: line => write(line, output),
    succeed: line => write(`${success} ${line}`, output, coloured(success, style.success)),
    warn: line => write(`warning: ${line}`, output, coloured("warning:", style.warning)),
    trace: line => {
      if (verbose) write(`${separator} ${plain(line)}`, stderr, stderrStyle.faint)
    },
    fail: lines => {
      for (const line of lines) write(line, stderr)
      // Some AWS tools do not show what a credential_process writes to stderr.
      const other = settings.alsoFailOn?.()
      if (other !== undefined && other !== stderr) for (const line of lines) write(line, other)
    },
  }
}
