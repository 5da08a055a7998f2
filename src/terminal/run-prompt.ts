import { Writable } from "node:stream"
import { AbortPromptError, ExitPromptError } from "@inquirer/core"
import { ctrlBackslashKey, ctrlCKey, PumError } from "../errors.ts"
import type { LineGate, QuestionInput } from "./line-gate.ts"
import type { Screen, ScreenOutput } from "./question.ts"
import { handleStopSignal } from "./stop-group.ts"
import { clearBelow } from "./style.ts"
import { wrapLine } from "./width.ts"

const ctrlBackslash = "\x1c"
/** Beside a hidden question that is asked again, with what was typed before. */
export const keptNote = "(what you typed is kept: go on, or begin anew with Ctrl-U)"

export interface PromptSettings {
  /** Whether what is typed is not shown. */
  readonly hidden?: boolean
  readonly signal: AbortSignal | undefined
}

/** What a prompt works with. */
export interface PromptContext {
  readonly input: QuestionInput
  readonly output: ScreenOutput
  /** The output for a prompt of inquirer, which ends it. */
  readonly stream: Writable
  readonly signal: AbortSignal
  /** Sets how the prompt is drawn below other text; a prompt of inquirer needs none. */
  readonly onRedraw: (redraw: () => void) => void
}

/**
 * Runs one prompt, and sees to what no prompt does: Ctrl-D and the end of input, which inquirer never settles, and the
 * screen after Ctrl-Z and `fg`.
 * @throws PumError `cancelled`; the signal's reason when it aborts
 */
export async function runPrompt<T>(
  screen: Screen,
  gate: LineGate,
  { hidden = false, signal }: PromptSettings,
  prompt: (context: PromptContext) => Promise<T>,
): Promise<T> {
  const { output, onKey: noteKey } = screen
  const { input, end } = gate.begin(hidden)
  const stream = new RecordedStream(output)
  const ended = new AbortController()
  let redraw = () => stream.repeat()
  let isBegun = false
  const cancel = (cause?: string) => ended.abort(new PumError("cancelled", "cancelled", { cause }))
  const onEnd = () => cancel()
  const onKey = (text: string | undefined, key: Key | undefined) => {
    noteKey?.()
    if (key?.ctrl === true && key.name === "d") cancel()
    if (text === ctrlBackslash) cancel(ctrlBackslashKey)
    isBegun = isBegunAfter(text, key) ?? isBegun
  }
  // readline leaves its input paused: the event loop would run empty and the process end.
  const onContinued = () =>
    setImmediate(() => {
      // Not if this process stopped itself, but from outside: the shell has turned echo on, and Node.js does not know.
      input.setRawMode(false)
      input.setRawMode(true)
      input.resume()
      if (hidden && isBegun) tellKept(output)
      redraw()
    })
  process.on("SIGCONT", onContinued)
  const endStop = handleStopSignal(screen)
  input.on("keypress", onKey)
  input.once("end", onEnd)
  try {
    const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])
    const onRedraw = (draw: () => void) => {
      redraw = draw
    }
    return await prompt({ input, output, stream, signal: either, onRedraw })
  } catch (error) {
    throw reasonOf(error)
  } finally {
    input.off("keypress", onKey)
    process.off("SIGCONT", onContinued)
    endStop()
    input.off("end", onEnd)
    end()
  }
}

function tellKept(output: ScreenOutput): void {
  for (const line of wrapLine(keptNote, output.columns || 80)) output.write(`${line}\n`)
}

interface Key {
  readonly ctrl?: boolean
  readonly name?: string
}

/** Whether the line holds something after this key; `undefined` if the key changes nothing of that. */
function isBegunAfter(text: string | undefined, key: Key | undefined): boolean | undefined {
  if (key?.name === "return" || key?.name === "enter" || (key?.ctrl === true && key.name === "u"))
    return false
  return text !== undefined && !/[\x00-\x1f\x7f]/.test(text) ? true : undefined
}

/** Why a prompt ended without an answer. */
function reasonOf(error: unknown): unknown {
  if (error instanceof ExitPromptError) return new PumError("cancelled", "cancelled", { cause: ctrlCKey })
  return error instanceof AbortPromptError && error.cause instanceof Error ? error.cause : error
}

/** Writes to the screen, and keeps what inquirer drew last: it draws each time with one write. */
class RecordedStream extends Writable {
  readonly isTTY = true
  private readonly output: ScreenOutput
  private last = ""

  constructor(output: ScreenOutput) {
    super({ decodeStrings: false })
    this.output = output
  }

  get columns(): number | undefined {
    return this.output.columns
  }

  get rows(): number | undefined {
    return this.output.rows
  }

  repeat(): void {
    this.output.write(`\r${clearBelow}${this.last}`)
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    const text = String(chunk)
    // Anything but a mere move of the cursor within the line.
    if (!/^\x1b\[\d*G$/.test(text)) this.last = text
    this.output.write(text)
    done()
  }
}
