import type { Readable, Writable } from "node:stream"
import confirmPrompt from "@inquirer/confirm"
import { AbortPromptError, ExitPromptError } from "@inquirer/core"
import inputPrompt from "@inquirer/input"
import passwordPrompt from "@inquirer/password"
import { PumError } from "../errors.ts"
import { menu } from "./menu.ts"
import type { Row } from "./rows.ts"
import type { Style } from "./style.ts"

/** Where a question is shown and its answer typed. */
export interface Screen {
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number; readonly rows?: number }
  readonly style: Style
}

/** Says what is wrong with an answer, or nothing. */
export type Check = (answer: string) => string | undefined

export interface Prompts {
  ask(message: string, fallback: string | undefined, check: Check, signal: AbortSignal): Promise<string>
  askSecret(message: string, check: Check, signal: AbortSignal): Promise<string>
  confirm(message: string, signal: AbortSignal): Promise<boolean>
  choose(message: string, rows: readonly Row[], signal: AbortSignal): Promise<number>
}

/**
 * Questions on a screen, by inquirer. All of them end with PumError `cancelled` on Ctrl-C, Ctrl-D and at the
 * end of input, and with the signal's reason when it is aborted.
 */
export function promptsOn(screen: Screen): Prompts {
  const { style } = screen
  const themed = (message: string) => {
    // inquirer joins prefix and message with a blank: the first word serves as prefix, so no blank leads.
    const [first = "", ...rest] = message.split(" ")
    const plainly = (text: string) => text
    return {
      message: rest.join(" "),
      theme: {
        prefix: { idle: first, done: first, loading: first },
        style: {
          message: plainly,
          answer: style.accent,
          error: style.warning,
          defaultAnswer: (text: string) => `(${text})`,
          help: plainly,
          highlight: plainly,
          maskedText: "",
        },
      },
    }
  }
  const judged = (check: Check) => (answer: string) => check(answer) ?? true
  return {
    ask: (message, fallback, check, signal) =>
      onScreen(screen, signal, async context => {
        const answer = await inputPrompt(
          {
            ...themed(message),
            validate: value => judged(check)(value || (fallback ?? "")),
            transformer: (value, { isFinal }) => (isFinal ? style.accent(value || (fallback ?? "")) : value),
          },
          context,
        )
        return answer || (fallback ?? "")
      }),
    askSecret: (message, check, signal) =>
      onScreen(screen, signal, context =>
        passwordPrompt({ ...themed(message), toggleMask: false, validate: judged(check) }, context),
      ),
    confirm: (message, signal) =>
      onScreen(screen, signal, context => confirmPrompt({ ...themed(message), default: false }, context)),
    choose: (message, rows, signal) =>
      onScreen(screen, signal, context =>
        menu(
          {
            message,
            rows,
            columns: screen.output.columns ?? 80,
            lines: screen.output.rows ?? 24,
            highlight: style.accent,
            faint: style.faint,
          },
          context,
        ),
      ),
  }
}

interface Context {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

async function onScreen<T>(
  { input, output }: Screen,
  outer: AbortSignal,
  prompt: (context: Context) => Promise<T>,
): Promise<T> {
  // inquirer leaves a prompt waiting for ever when its input ends or Ctrl-D closes it.
  const ended = new AbortController()
  const end = () => ended.abort(new PumError("cancelled", "cancelled"))
  const onKey = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl === true && key.name === "d") end()
  }
  // After Ctrl-Z and fg readline leaves its input paused, and with nothing to wait for the program would end.
  const onContinued = () => setImmediate(() => input.resume())
  process.on("SIGCONT", onContinued)
  input.on("keypress", onKey)
  input.once("end", end)
  try {
    return await prompt({ input, output, signal: AbortSignal.any([outer, ended.signal]) })
  } catch (error) {
    if (error instanceof ExitPromptError) throw new PumError("cancelled", "cancelled", { cause: error })
    if (error instanceof AbortPromptError && error.cause instanceof Error) throw error.cause
    throw error
  } finally {
    input.off("keypress", onKey)
    process.off("SIGCONT", onContinued)
    input.off("end", end)
  }
}
