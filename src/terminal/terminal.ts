import { harmless, PumError } from "../errors.ts"
import type { Device } from "./device.ts"
import { type LineOutput, type Messages, openMessages } from "./messages.ts"
import type { Prompts, Question, Screen } from "./prompts.ts"
import type { Row } from "./rows.ts"
import { Secrets } from "./secrets.ts"
import { Spinner } from "./spinner.ts"
import { styleFor } from "./style.ts"

/** The user's terminal, as the stages of the program see it: questions, messages, and what must not be shown. */
export interface Terminal extends Prompts, Messages {
  /** Whether questions can be asked. Without a terminal each of them throws PumError `answerMissing`. */
  readonly interactive: boolean
  /** Names what is waited for until the returned function is called. */
  progress(label: string): () => void
  /** stdin and stderr for a child process that asks questions of its own. */
  childStreams(): { readonly stdin: number | "ignore"; readonly stderr: number | "inherit" }
  /** From now on this text is not shown. */
  keepSecret(secret: string): void
  /** The text without the secrets that are known so far. */
  redacted(text: string): string
}

export interface TerminalSettings {
  readonly device: Device | undefined
  readonly stderr: LineOutput & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly verbose: boolean
  /** Called at the first question: a run that has all its answers does not load the prompts. */
  readonly loadPrompts: (screen: Screen) => Promise<Prompts>
}

/** The terminal for the part of the program that ends the process. */
export interface OwnedTerminal extends Terminal {
  /** Writes the last lines of a failed run to stderr. */
  fail(lines: readonly string[]): void
  /** Puts the terminal back as it was found: echo on, cursor shown, no spinner. */
  restore(): void
}

const clearBelow = "\x1b[J"
const showCursor = "\x1b[?25h"

export function openTerminal({ device, stderr, env, verbose, loadPrompts }: TerminalSettings): OwnedTerminal {
  const style = styleFor(device !== undefined, env)
  const spinner = device !== undefined && style.lively ? new Spinner(device.output, style) : undefined
  const secrets = new Secrets()
  const messages = openMessages({
    output: device?.output ?? stderr,
    style,
    stderr,
    stderrStyle: styleFor(stderr.isTTY === true, env),
    spinner,
    verbose,
    redact: text => secrets.redact(text),
  })
  return {
    interactive: device !== undefined,
    ...messages,
    ...promptsOf(device, screen => loadPrompts({ ...screen, style })),
    progress: label => spinner?.start(label) ?? (() => {}),
    childStreams: () =>
      device === undefined
        ? { stdin: "ignore", stderr: "inherit" }
        : { stdin: device.fds.input, stderr: device.fds.output },
    keepSecret: secret => secrets.add(secret),
    redacted: text => secrets.redact(text),
    restore() {
      spinner?.stop()
      if (device?.input.isRaw !== true) return
      device.input.setRawMode(false)
      // The last words must not be mixed with the menu below the question.
      device.output.write(`${showCursor}\n${clearBelow}`)
    },
  }
}

/** Prompts that are loaded at the first question. */
function promptsOf(device: Device | undefined, load: (device: Device) => Promise<Prompts>): Prompts {
  let loading: Promise<Prompts> | undefined
  const promptsFor = async ({ message }: Question): Promise<Prompts> => {
    if (device === undefined)
      throw new PumError("answerMissing", `there is no terminal to ask on: ${message}`)
    loading ??= load(device)
    return loading
  }
  return {
    ask: async question => (await promptsFor(question)).ask(question),
    askSecret: async question => (await promptsFor(question)).askSecret(question),
    confirm: async question => (await promptsFor(question)).confirm(question),
    choose: async (question, rows: readonly Row[]) =>
      (await promptsFor(question)).choose(
        question,
        rows.map(row => row.map(harmless)),
      ),
  }
}
