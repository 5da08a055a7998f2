import { harmless, PumError, plain } from "../errors.ts"
import { gitBashHint, isInGitBash } from "../platform/consoles.ts"
import type { Device } from "./device.ts"
import { type Messages, openMessages } from "./messages.ts"
import type { LineOutput, Prompts, Question, Screen } from "./question.ts"
import type { Row } from "./rows.ts"
import { proxyPasswords, Secrets } from "./secrets.ts"
import { Spinner } from "./spinner.ts"
import { clearBelow, type Style, styleFor } from "./style.ts"
import { UnseenLimit } from "./unseen-limit.ts"

/** The user's terminal, as the stages of the program see it: questions, messages, and what must not be shown. */
export interface Terminal extends Prompts, Messages {
  /** Whether questions can be asked. Without a terminal each of them throws PumError `answerMissing`. */
  readonly interactive: boolean
  /** Whether the terminal may be a console that nobody sees: a question there ends by itself. */
  readonly mayBeUnseen: boolean
  /** How to get a terminal that can be asked on, if there is one. */
  readonly noDeviceHint: string | undefined
  /** Whether a question was asked in this run. */
  readonly hasAsked: () => boolean
  /** Marks for tables that the program writes itself. */
  readonly marks: Style["marks"]
  /** Names what is waited for until the returned function is called. */
  progress(label: string): () => void
  /** stdin and stderr for a child process that asks questions of its own. */
  lendStreams(): { readonly stdin: number | "ignore"; readonly stderr: number | "inherit" }
  /** From now on this text is not shown. */
  keepSecret(secret: string): void
  /** The text without the secrets that are known so far. */
  redacted(text: string): string
}

export interface TerminalSettings {
  readonly device: Device | undefined
  readonly stderr: LineOutput
  readonly env: Readonly<Record<string, string | undefined>>
  readonly verbose: boolean
  /** Whether to write plain lines: no colours, and nothing that is redrawn. */
  readonly plain: boolean
  /** Called at the first question: a run that has all its answers does not load the prompts. */
  readonly loadPrompts: (screen: Screen) => Promise<Prompts>
}

/** The terminal for the part of the program that ends the process. */
export interface ProcessTerminal extends Terminal {
  /** Writes the last lines of a failed run to stderr. */
  fail(lines: readonly string[]): void
  /**
   * Turns echo and signals of the keyboard on again, which start.ts turned off for what is typed ahead of the first
   * question. Does nothing while a question is open.
   */
  endTypeAhead(): void
  /** Takes in the secrets that are known, which takes milliseconds: called while a server is waited for. */
  prepareRedaction(): void
  /** Puts the terminal back as it was found: echo on, cursor shown, no spinner. */
  restore(): void
}

const showCursor = "\x1b[?25h"

export function openTerminal(settings: TerminalSettings): ProcessTerminal {
  const { device, stderr, env, verbose, loadPrompts } = settings
  // A terminal without capabilities can do no more (terminfo's entry dumb).
  const isPlain = settings.plain || env.TERM === "dumb"
  const style = styleFor(device !== undefined, isPlain, env)
  const spinner = device !== undefined && style.lively ? new Spinner(device.output, style) : undefined
  const secrets = new Secrets(proxyPasswords(env))
  const redact = (text: string) => secrets.redact(text)
  const prompts = new LazyPrompts(
    device,
    ({ input, output }) => loadPrompts({ input, output, style, plain: isPlain }),
    redact,
  )
  const setCooked = () => {
    if (device?.input.isRaw === true) device.input.setRawMode(false)
  }
  const endTypeAhead = () => {
    if (!prompts.isOpen) setCooked()
  }
  const messages = openMessages({
    output: messageOutput(device, stderr),
    style,
    stderr,
    stderrStyle: styleFor(stderr.isTTY === true, isPlain, env),
    spinner,
    verbose,
    redact,
  })
  return {
    ...reachOf(device, env, prompts),
    marks: style.marks,
    ...messages,
    ask: question => prompts.ask(question),
    askSecret: question => prompts.askSecret(question),
    confirm: question => prompts.confirm(question),
    choose: (question, rows) => prompts.choose(question, rows),
    progress(label) {
      // Ctrl-C must end every wait.
      endTypeAhead()
      return spinner?.start(() => redact(plain(label))) ?? (() => {})
    },
    lendStreams() {
      endTypeAhead()
      return device === undefined
        ? { stdin: "ignore", stderr: "inherit" }
        : { stdin: device.fds.input, stderr: device.fds.output }
    },
    endTypeAhead,
    keepSecret: secret => secrets.add(secret),
    redacted: redact,
    prepareRedaction: () => secrets.takeIn(),
    restore() {
      spinner?.stop()
      setCooked()
      // The last words must not be mixed with the menu below the question.
      if (prompts.isOpen) device?.output.write(`${showCursor}\n${clearBelow}`)
    },
  }
}

/** Whether questions can be asked and were asked, and what helps if not. */
function reachOf(device: Device | undefined, env: TerminalSettings["env"], prompts: LazyPrompts) {
  return {
    interactive: device !== undefined,
    hasAsked: () => prompts.hasAsked,
    mayBeUnseen: device?.mayBeUnseen === true,
    noDeviceHint: device === undefined && isInGitBash(env) ? gitBashHint : undefined,
  }
}

/** Messages for a console that nobody may see go to stderr as well. */
function messageOutput(device: Device | undefined, stderr: LineOutput): LineOutput {
  if (device === undefined) return stderr
  if (!device.mayBeUnseen) return device.output
  return {
    write(text) {
      device.output.write(text)
      stderr.write(text)
    },
  }
}

/** Prompts that are loaded at the first question. */
class LazyPrompts implements Prompts {
  private readonly device: Device | undefined
  private readonly load: (device: Device) => Promise<Prompts>
  private readonly redact: (text: string) => string
  private loading: Promise<Prompts> | undefined
  private open = 0
  hasAsked = false
  private readonly limit = new UnseenLimit()

  constructor(
    device: Device | undefined,
    load: (device: Device) => Promise<Prompts>,
    redact: (text: string) => string,
  ) {
    this.device = device
    this.load = load
    this.redact = redact
  }

  /** Whether a question is on the screen, or about to be. */
  get isOpen(): boolean {
    return this.open > 0
  }

  ask(question: Question): Promise<string> {
    return this.run(question, (prompts, shown) => prompts.ask(shown))
  }

  askSecret(question: Question): Promise<string> {
    return this.run(question, (prompts, shown) => prompts.askSecret(shown))
  }

  confirm(question: Question): Promise<boolean> {
    return this.run(question, (prompts, shown) => prompts.confirm(shown))
  }

  choose(question: Question, rows: readonly Row[]): Promise<number> {
    // Redacting all cells at once is faster, and hardly ever changes one. A single blank needs no folding.
    const all = rows.flat().join(" ")
    const shownOf = this.redact(all) === all ? harmless : (cell: string) => this.redact(harmless(cell))
    const shown = rows.map(row => row.map(shownOf))
    return this.run(question, (prompts, shownQuestion) => prompts.choose(shownQuestion, shown))
  }

  /** A question can be in the words of a server. */
  private async run<T>(
    question: Question,
    ask: (prompts: Prompts, shown: Question) => Promise<T>,
  ): Promise<T> {
    const shown = { ...question, message: this.redact(harmless(question.message)) }
    if (this.device === undefined)
      throw new PumError("answerMissing", `there is no terminal to ask on: ${shown.message}`)
    this.open++
    this.hasAsked = true
    try {
      this.loading ??= this.load(this.device)
      const prompts = await this.loading
      return await (this.device.mayBeUnseen
        ? this.limit.ask(shown, limited => ask(prompts, limited))
        : ask(prompts, shown))
    } finally {
      this.open--
    }
  }
}
