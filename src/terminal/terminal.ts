import { harmless, PumError, plain } from "../errors.ts"
import type { Device } from "./device.ts"
import type { Check, Prompts } from "./prompts.ts"
import type { Row } from "./rows.ts"
import { styleFor } from "./style.ts"

/** The person at the keyboard, as the stages of the program see them. */
export interface Terminal {
  /** Whether there is somebody to ask. */
  readonly interactive: boolean
  /** Every question throws PumError `cancelled` on Ctrl-C, and the signal's reason when it is cut short. */
  ask(question: Question): Promise<string>
  askSecret(question: Question): Promise<string>
  confirm(question: Question): Promise<boolean>
  /** @returns the index of the chosen row */
  choose(question: Question, rows: readonly Row[]): Promise<number>
  /** Names what is waited for until the returned function is called. */
  progress(label: string): () => void
  /** Where another program may ask questions of its own; nothing else is shown meanwhile. */
  lend(): { readonly stdin: number | "ignore"; readonly stderr: number | "inherit" }
  /** One line for the person. Text from outside must come through `plain`. */
  tell(line: string): void
  /** A thing that worked. */
  succeed(line: string): void
  warn(line: string): void
  /** One step, shown with --verbose. */
  trace(line: string): void
  /** From now on this text is shown nowhere. */
  keepSecret(secret: string): void
  /** The text without the secrets that were told so far. */
  redacted(text: string): string
}

export interface Question {
  readonly message: string
  readonly fallback?: string | undefined
  readonly check?: Check
  /** Cuts the question short. */
  readonly signal?: AbortSignal | undefined
}

export interface TerminalSettings {
  readonly device: Device | undefined
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly verbose: boolean
  /** Loads the prompts, which are not needed where all answers are given. */
  readonly loadPrompts: (screen: Device & { style: ReturnType<typeof styleFor> }) => Promise<Prompts>
}

/** The terminal, with what `main` alone may do to it. */
export interface OwnedTerminal extends Terminal {
  /** Prints the last lines of a failed run on stderr. */
  fail(lines: readonly string[]): void
  /** Puts the terminal back as it was found: echo on, cursor shown, no spinner. */
  restore(): void
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const frameTime = 80
const clearLine = "\r\x1b[K"
const clearBelow = "\x1b[J"
const showCursor = "\x1b[?25h"

export function openTerminal({ device, stderr, env, verbose, loadPrompts }: TerminalSettings): OwnedTerminal {
  const style = styleFor(device !== undefined, env)
  const traceStyle = styleFor(stderr.isTTY === true, env)
  const secrets = new Set<string>()
  let prompts: Promise<Prompts> | undefined
  let spinner: { readonly timer: NodeJS.Timeout; drawn: boolean } | undefined

  function redacted(line: string): string {
    let text = line
    for (const secret of secrets) text = text.replaceAll(secret, "[redacted]")
    return text
  }

  function print(line: string, to: { write(text: string): unknown } = device?.output ?? stderr): void {
    if (spinner?.drawn === true) device?.output.write(clearLine)
    to.write(`${redacted(line)}\n`)
  }

  function asked(question: Question): { prompts: Promise<Prompts>; signal: AbortSignal } {
    if (device === undefined)
      throw new PumError("answerMissing", `there is no terminal to ask on: ${question.message}`)
    prompts ??= loadPrompts({ ...device, style })
    return { prompts, signal: question.signal ?? new AbortController().signal }
  }

  function progress(label: string): () => void {
    if (device === undefined || !style.lively) return () => {}
    const { output } = device
    let frame = 0
    const draw = () => {
      own.drawn = true
      output.write(`${clearLine}${style.accent(frames[frame++ % frames.length] ?? "")} ${label}`)
    }
    const own = { timer: setInterval(draw, frameTime), drawn: false }
    spinner = own
    return () => {
      clearInterval(own.timer)
      if (own.drawn) output.write(clearLine)
      own.drawn = false
    }
  }

  const anything: Check = () => undefined
  return {
    interactive: device !== undefined,
    async ask(question) {
      const { prompts, signal } = asked(question)
      return (await prompts).ask(question.message, question.fallback, question.check ?? anything, signal)
    },
    async askSecret(question) {
      const { prompts, signal } = asked(question)
      return (await prompts).askSecret(question.message, question.check ?? anything, signal)
    },
    async confirm(question) {
      const { prompts, signal } = asked(question)
      return (await prompts).confirm(question.message, signal)
    },
    async choose(question, rows) {
      const { prompts, signal } = asked(question)
      return (await prompts).choose(
        question.message,
        rows.map(row => row.map(harmless)),
        signal,
      )
    },
    progress,
    lend: () =>
      device === undefined
        ? { stdin: "ignore", stderr: "inherit" }
        : { stdin: device.fds.input, stderr: device.fds.output },
    tell: line => print(harmless(line)),
    succeed: line => print(`${style.success("✔")} ${harmless(line)}`),
    warn: line => print(`${style.warning("warning:")} ${harmless(line)}`),
    trace(line) {
      if (verbose) print(traceStyle.faint(`· ${plain(line)}`), stderr)
    },
    keepSecret(secret) {
      // A short ordinary word stands in our own texts too, where redacting it would tell what it is.
      const isTold = secret.length < 4 || (secret.length < 10 && /^[a-z]*$/i.test(secret))
      // Words of a server come with their blanks folded.
      if (!isTold) for (const shape of [secret, plain(secret)]) secrets.add(shape)
    },
    redacted,
    fail(lines) {
      for (const line of lines) print(line, stderr)
    },
    restore() {
      if (spinner !== undefined) clearInterval(spinner.timer)
      if (device === undefined) return
      if (spinner?.drawn === true) device.output.write(clearLine)
      if (device.input.isRaw) {
        device.input.setRawMode(false)
        // Below the question may stand a menu, which the last words must not be mixed with.
        device.output.write(`${showCursor}\n${clearBelow}`)
      }
    },
  }
}
