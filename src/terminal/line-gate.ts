import { Readable } from "node:stream"
import { turn } from "../platform/event-loop.ts"

/** A terminal's input, as far as questions need it. */
export interface KeySource {
  readonly isRaw?: boolean
  setRawMode?(raw: boolean): unknown
  on(event: "data", listener: (chunk: Buffer | string) => void): unknown
  on(event: "end" | "error", listener: () => void): unknown
  off(event: "data", listener: (chunk: Buffer | string) => void): unknown
  off(event: "end" | "error", listener: () => void): unknown
  pause(): unknown
  resume(): unknown
}

/** What is typed further than this ahead of the questions is dropped. */
const heldLimit = 64 * 1024

const ctrlE = "\x05"
const ctrlU = "\x15"
const ctrlZ = "\x1a"

/**
 * What a terminal sends by itself: the mouse, and answers to programs that asked for its kind or its colours and have
 * ended. In a hidden answer such characters would not be seen. Keys have no such codes (ECMA-48; xterm, "Device
 * Attributes", "Mouse Tracking"): no `<=>?` after CSI, and two numbers at most.
 */
const terminalReport =
  /\x1b\[M[\s\S]{3}|\x1b\[(?:[<=>?][0-?]*|[0-9]*(?:;[0-9:]*){2,})[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\/g

/** Control characters of no use that readline would put into an answer, where they cannot be seen. */
const uselessKey = /[\x1d\x1e]/g

/** inquirer needs one turn of the event loop to begin, and two to close; the rest is margin. */
const turnsToSettle = 5

/**
 * Gives each question one line at most of what is typed or pasted, and keeps the rest for the next one. Without it, a
 * paste of several lines, or of one line while the question is about to appear, would be cut in two: a question reads
 * its chunk to the end, and a part of a password would be sent.
 */
export class LineGate {
  private readonly source: KeySource
  private readonly onStop: () => void
  private held = ""
  private open: { readonly input: QuestionInput; readonly stop: () => void } | undefined

  /** @param onStop called at Ctrl-Z */
  constructor(source: KeySource, onStop: () => void) {
    this.source = source
    this.onStop = onStop
  }

  /**
   * Begins a question: its input starts with what was typed ahead, up to the first Enter.
   * @param hidden whether what is typed is not shown
   * @returns the input to read, and what ends the question; another question may begin only then
   */
  begin(hidden = false): { readonly input: QuestionInput; readonly end: () => void } {
    if (this.open !== undefined) throw new RangeError("a question is open already")
    const { source } = this
    const input = new QuestionInput(source, hidden)
    const onData = (chunk: Buffer | string) => {
      this.held = `${this.held}${chunk}`
        .replace(terminalReport, "")
        .replace(uselessKey, "")
        .slice(0, heldLimit)
      this.release()
    }
    const onEnd = () => input.push(null)
    // Windows reads lines until then, and loses a key that is typed while it changes over.
    source.setRawMode?.(true)
    source.on("data", onData)
    source.on("end", onEnd)
    // A terminal that has hung up.
    source.on("error", onEnd)
    const stop = () => {
      source.off("data", onData)
      source.off("end", onEnd)
      source.off("error", onEnd)
      source.pause()
      this.open = undefined
    }
    this.open = { input, stop }
    source.resume()
    void this.releaseSoon(input)
    return { input, end: () => this.open?.input === input && stop() }
  }

  /** Passes one line on. A question that is still open after it, because it refused the answer, gets the next one. */
  private release(): void {
    const { open } = this
    if (open === undefined || this.held === "" || open.input.isBusy) return
    const enter = this.held.search(/[\r\n]/)
    const end = enter < 0 ? this.held.length : enter + (this.held.startsWith("\r\n", enter) ? 2 : 1)
    const stop = this.held.indexOf(ctrlZ)
    if (stop >= 0 && stop < end) {
      if (stop > 0) open.input.pass(this.held.slice(0, stop))
      this.held = this.held.slice(stop + 1)
      this.onStop()
      this.release()
      return
    }
    const part = this.held.slice(0, end)
    this.held = this.held.slice(end)
    open.input.pass(part)
    if (enter >= 0) void this.releaseSoon(open.input)
  }

  /**
   * Passes the next line on when the question is ready for it: inquirer drops what arrives before its first render,
   * and a question that accepts a line closes some turns of the event loop later.
   */
  private async releaseSoon(input: QuestionInput): Promise<void> {
    input.isBusy = true
    for (let turns = 0; turns < turnsToSettle; turns++) await turn()
    input.isBusy = false
    this.release()
  }
}

/** One question's share of the input. Modes of the terminal are those of the terminal itself. */
export class QuestionInput extends Readable {
  /** Whether it must be given time to begin, or to take the line that has just been passed on. */
  isBusy = false
  private readonly source: KeySource
  private readonly hidden: boolean

  constructor(source: KeySource, hidden: boolean) {
    super({ encoding: "utf8" })
    this.source = source
    this.hidden = hidden
  }

  /** readline erases up to the cursor. In a hidden line the cursor cannot be seen, so Ctrl-U erases the whole line. */
  pass(keys: string): void {
    this.push(this.hidden ? keys.replaceAll(ctrlU, ctrlE + ctrlU) : keys)
  }

  get isTTY(): true {
    return true
  }

  get isRaw(): boolean {
    return this.source.isRaw === true
  }

  setRawMode(raw: boolean): this {
    this.source.setRawMode?.(raw)
    return this
  }

  override _read(): void {}
}
