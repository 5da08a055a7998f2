import { EventEmitter } from "node:events"
import { PassThrough } from "node:stream"
import xterm from "@xterm/headless"
import { openPrompts } from "../../src/terminal/prompts.ts"
import type { Prompts } from "../../src/terminal/question.ts"
import { type Style, styleFor } from "../../src/terminal/style.ts"

export interface ScreenSettings {
  readonly columns?: number
  readonly rows?: number
  readonly plain?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** A terminal in memory with prompts on it: keys go in, and what a person sees comes out. */
export class TestScreen {
  readonly prompts: Prompts
  readonly style: Style
  readonly output: EventEmitter & { columns: number; rows: number; write(text: string): boolean }
  /** Everything that was written, escape codes included. */
  raw = ""
  private readonly input = new PassThrough()
  private readonly screen: xterm.Terminal

  constructor({ columns = 80, rows = 24, plain = false, env = { LANG: "C.UTF-8" } }: ScreenSettings = {}) {
    this.screen = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true })
    this.output = Object.assign(new EventEmitter(), {
      columns,
      rows,
      write: (text: string) => {
        this.raw += text
        // The terminal of a system makes a line feed begin at the left.
        this.screen.write(text.replaceAll("\n", "\r\n"))
        return true
      },
    })
    this.style = styleFor(true, plain, { NO_COLOR: "1", ...env })
    this.prompts = openPrompts({
      input: this.input,
      output: this.output,
      style: this.style,
      presentRows: rows => rows,
      plain,
    })
  }

  /** Presses keys one after the other, as a person does. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.input.write(key)
      await settled()
    }
  }

  /** Makes the window another size: the terminal breaks and joins lines by itself, then the program is told. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.written()
    this.screen.resize(columns, rows)
    this.output.columns = columns
    this.output.rows = rows
    this.output.emit("resize")
    await settled()
  }

  /** The lines of the screen as a person sees them, without those that are scrolled out. */
  async lines(): Promise<string[]> {
    await this.written()
    const { active } = this.screen.buffer
    return Array.from({ length: this.screen.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
    )
  }

  /** All lines, those that are scrolled out as well. */
  async history(): Promise<string> {
    await this.written()
    const { active } = this.screen.buffer
    return Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    ).join("\n")
  }

  /** The screen in a frame, for a file that shows it. The cursor is an underscore at least. */
  async picture(): Promise<string> {
    const lines = await this.lines()
    const { cursorX, cursorY } = this.screen.buffer.active
    const shown = lines.map((line, row) => {
      const padded = line.padEnd(this.screen.cols)
      return row === cursorY ? `${padded.slice(0, cursorX)}█${padded.slice(cursorX + 1)}` : padded
    })
    while (shown.at(-1)?.trim() === "") shown.pop()
    const edge = `+${"-".repeat(this.screen.cols)}+`
    return `${[edge, ...shown.map(line => `|${line}|`), edge].join("\n")}\n`
  }

  private written(): Promise<void> {
    return new Promise(resolve => this.screen.write("", resolve))
  }
}

/** Input reaches a prompt some turns of the event loop later. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}
