import type { Readable, Writable } from "node:stream"
import confirmPrompt from "@inquirer/confirm"
import { AbortPromptError, ExitPromptError } from "@inquirer/core"
import inputPrompt from "@inquirer/input"
import passwordPrompt from "@inquirer/password"
import { PumError } from "../errors.ts"
import { LineGate } from "./line-gate.ts"
import { menu } from "./menu.ts"
import type { Row } from "./rows.ts"
import type { Style } from "./style.ts"

/** Where questions are shown and answers are typed. */
export interface Screen {
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number; readonly rows?: number }
  readonly style: Style
}

/** @returns what is wrong with an answer, or undefined */
export type Validate = (answer: string) => string | undefined

export interface Question {
  readonly message: string
  /** The answer that an empty line stands for. */
  readonly fallback?: string | undefined
  readonly validate?: Validate
  /** Aborts the question. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Questions to the user.
 * @throws PumError `cancelled` on Ctrl-C, on Ctrl-D and at the end of input; the signal's reason when it aborts
 */
export interface Prompts {
  ask(question: Question): Promise<string>
  /** Shows nothing of what is typed. */
  askSecret(question: Question): Promise<string>
  confirm(question: Question): Promise<boolean>
  /** @returns the index of the chosen row */
  choose(question: Question, rows: readonly Row[]): Promise<number>
}

/** Prompts by inquirer. */
export function openPrompts(screen: Screen): Prompts {
  const { output, style } = screen
  const gate = new LineGate(screen.input)
  return {
    ask: ({ message, fallback = "", validate, signal }) =>
      runPrompt(screen, gate, signal, async context => {
        const settings = {
          ...themed(message, style),
          validate: (typed: string) => validate?.(typed || fallback) ?? true,
          transformer: (typed: string, { isFinal }: { isFinal: boolean }) =>
            isFinal ? style.accent(typed || fallback) : typed,
        }
        return (await inputPrompt(settings, context)) || fallback
      }),
    askSecret: ({ message, validate, signal }) =>
      runPrompt(screen, gate, signal, context =>
        passwordPrompt(
          { ...themed(message, style), toggleMask: false, validate: typed => validate?.(typed) ?? true },
          context,
        ),
      ),
    confirm: ({ message, signal }) =>
      runPrompt(screen, gate, signal, context =>
        confirmPrompt({ ...themed(message, style), default: false }, context),
      ),
    choose: ({ message, signal }, rows) =>
      runPrompt(screen, gate, signal, context => {
        const size = { columns: output.columns ?? 80, lines: output.rows ?? 24 }
        return menu({ message, rows, ...size, highlight: style.accent, faint: style.faint }, context)
      }),
  }
}

/** Message and theme of an inquirer prompt: no symbol before the message, colours only for answer and error. */
function themed(message: string, style: Style) {
  // inquirer puts a blank between prefix and message: the first word is the prefix, so that no blank leads.
  const [first = "", ...rest] = message.split(" ")
  const uncoloured = (text: string) => text
  return {
    message: rest.join(" "),
    theme: {
      prefix: { idle: first, done: first, loading: first },
      style: {
        message: uncoloured,
        answer: style.accent,
        error: style.warning,
        defaultAnswer: (text: string) => `(${text})`,
        help: uncoloured,
        highlight: uncoloured,
        maskedText: "",
      },
    },
  }
}

interface PromptContext {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

async function runPrompt<T>(
  { output }: Screen,
  gate: LineGate,
  signal: AbortSignal | undefined,
  prompt: (context: PromptContext) => Promise<T>,
): Promise<T> {
  const { input, end } = gate.begin()
  // inquirer never settles a prompt whose input ends, or which Ctrl-D closes.
  const ended = new AbortController()
  const cancel = () => ended.abort(new PumError("cancelled", "cancelled"))
  const onKey = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl === true && key.name === "d") cancel()
  }
  // After Ctrl-Z and fg readline leaves its input paused: the event loop would run empty and the process end.
  const onContinued = () => setImmediate(() => input.resume())
  process.on("SIGCONT", onContinued)
  input.on("keypress", onKey)
  input.once("end", cancel)
  try {
    const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])
    return await prompt({ input, output, signal: either })
  } catch (error) {
    if (error instanceof ExitPromptError) throw new PumError("cancelled", "cancelled", { cause: error })
    if (error instanceof AbortPromptError && error.cause instanceof Error) throw error.cause
    throw error
  } finally {
    input.off("keypress", onKey)
    process.off("SIGCONT", onContinued)
    input.off("end", cancel)
    end()
  }
}
