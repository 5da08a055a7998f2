import { stripVTControlCharacters } from "node:util"
import { harmless, plain } from "../errors.ts"
import { gitBashHint, isInGitBash } from "../platform/consoles.ts"
import type { Environment } from "../platform/platform.ts"
import type { Device } from "./device.ts"
import { LazyPrompts } from "./lazy-prompts.ts"
import { type Messages, openMessages } from "./messages.ts"
import type { LineOutput, Prompts, Screen } from "./question.ts"
import {
  type Patience,
  programPatience,
  QuestionWatch,
  unseenPatience,
  type WatchSettings,
} from "./question-watch.ts"
import { restoreFromBackground } from "./restore-from-background.ts"
import type { Row } from "./rows.ts"
import { proxyPasswords, Secrets } from "./secrets.ts"
import { Spinner } from "./spinner.ts"
import { clearBelow, type Style, showCursor, styleFor } from "./style.ts"

/** The user's terminal, as the stages of the program see it: questions, messages, and what must not be shown. */
export interface Terminal extends Prompts, Messages {
  /** Whether questions can be asked. Without a terminal each of them throws PumError `answerMissing`. */
  readonly interactive: boolean
  /** Whether a question without an answer ends by itself. */
  readonly hasPatience: boolean
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
  /** Takes in the secrets that are known, which takes milliseconds: called while a server is waited for. */
  prepareRedaction(): void
  /** The text without the secrets that are known so far. */
  redacted(text: string): string
}

export interface TerminalSettings extends Pick<WatchSettings, "isAbandoned" | "onAbandoned"> {
  readonly device: Device | undefined
  readonly stderr: LineOutput
  readonly env: Environment
  readonly verbose: boolean
  /** Whether to write plain lines: no colours, and nothing that is redrawn. */
  readonly plain: boolean
  /** Whether a program, and not a person, wants what the answers are for. */
  readonly isForProgram: boolean
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
  /** Puts the terminal back as it was found: echo on, cursor shown, no spinner. */
  restore(): void
  /** The same from the background, after the terminal has passed to another program. Writes nothing. */
  restoreAbandoned(): void
}

export function openTerminal(settings: TerminalSettings): ProcessTerminal {
  const { device, env } = settings
  // A terminal without capabilities can do no more (terminfo's entry dumb).
  const isPlain = settings.plain || env.TERM === "dumb"
  const style = styleFor(device !== undefined, isPlain, env)
  const spinner = device !== undefined && style.lively ? new Spinner(device.output, style) : undefined
  const secrets = new Secrets(proxyPasswords(env))
  const redact = (text: string) => secrets.redact(text)
  const patience = patienceOf(settings)
  const prompts = openLazyPrompts(settings, { style, plain: isPlain }, patience, secrets)
  const setCooked = () => {
    if (device?.input.isRaw === true) device.input.setRawMode(false)
  }
  const endTypeAhead = () => {
    if (!prompts.isOpen) setCooked()
  }
  return {
    ...reachOf(device, env, prompts),
    hasPatience: patience !== undefined,
    marks: style.marks,
    ...messagesOn(settings, { style, isPlain, spinner, prompts, redact }),
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
      return streamsOf(device)
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
    restoreAbandoned() {
      if (device?.input.isRaw === true) restoreFromBackground(device.fds.input)
    },
  }
}

interface MessageParts {
  readonly style: Style
  readonly isPlain: boolean
  readonly spinner: Spinner | undefined
  readonly prompts: LazyPrompts
  readonly redact: (text: string) => string
}

/** Messages. The last error goes to the terminal that was asked on as well: some AWS tools hide stderr. */
function messagesOn(settings: TerminalSettings, parts: MessageParts): ReturnType<typeof openMessages> {
  const { device, stderr, env, verbose } = settings
  const { style, isPlain, spinner, prompts, redact } = parts
  return openMessages({
    output: messageOutput(device, stderr),
    alsoFailOn: () => (prompts.hasAsked && device?.mayBeUnseen === false ? device.output : undefined),
    style,
    stderr,
    stderrStyle: styleFor(stderr.isTTY === true, isPlain, env),
    spinner,
    verbose,
    redact,
  })
}

/** stdin and stderr for a child process that asks questions of its own. */
function streamsOf(device: Device | undefined): ReturnType<Terminal["lendStreams"]> {
  return device === undefined
    ? { stdin: "ignore", stderr: "inherit" }
    : { stdin: device.fds.input, stderr: device.fds.output }
}

/** Whether questions can be asked and were asked, and what helps if not. */
function reachOf(device: Device | undefined, env: Environment, prompts: LazyPrompts) {
  return {
    interactive: device !== undefined,
    hasAsked: () => prompts.hasAsked,
    noDeviceHint: device === undefined && isInGitBash(env) ? gitBashHint : undefined,
  }
}

function openLazyPrompts(
  { device, isAbandoned, loadPrompts, onAbandoned }: TerminalSettings,
  look: Pick<Screen, "style" | "plain">,
  patience: Patience | undefined,
  secrets: Secrets,
): LazyPrompts {
  const redact = (text: string) => secrets.redact(text)
  const redactInMenu = (text: string) => secrets.redactInMenu(text)
  const presentRows = (rows: readonly Row[]) => secrets.redactRows(rows.map(row => row.map(harmless)))
  const watch = new QuestionWatch({ patience, isAbandoned, onAbandoned })
  const load = ({ input, output }: Device) =>
    loadPrompts({ input, output, ...look, presentRows, onKey: watch.noteKey })
  return new LazyPrompts({ device, load, redact, redactInMenu, watch })
}

function patienceOf({ device, isForProgram }: TerminalSettings): Patience | undefined {
  if (device?.mayBeUnseen === true) return unseenPatience
  return isForProgram ? programPatience : undefined
}

/** Messages for a console that may have no window go to stderr as well. */
function messageOutput(device: Device | undefined, stderr: LineOutput): LineOutput {
  if (device === undefined) return stderr
  if (!device.mayBeUnseen) return device.output
  return {
    write(text) {
      device.output.write(text)
      stderr.write(stripVTControlCharacters(text))
    },
  }
}
