import readline from "node:readline"
import { Writable } from "node:stream"
import { ctrlCKey, PumError } from "../errors.ts"
import { type Choice, type Frame, Menu, type Size } from "./menu.ts"
import type { PromptContext } from "./run-prompt.ts"
import { clearBelow } from "./style.ts"
import { displayWidth } from "./width.ts"

/** Milliseconds after which an Esc is a key of its own, and not the begin of another key's code. */
const escapeTimeout = 50
const toFirstLine = "\x1b[H"

/**
 * Lets the user choose from a menu. Keys: typing filters; arrows, Ctrl-P, Ctrl-N, PageUp, PageDown, Home and End move;
 * Enter chooses; Esc cancels.
 * Filters before the next key is read: after a pasted filter, Enter takes what the filter left. (The search prompt of
 * inquirer loads its choices asynchronously and loses that Enter. A prompt on its core cannot be drawn anew at another
 * width.)
 * @returns the index of the chosen row
 */
export function choose(choice: Choice, context: PromptContext): Promise<number> {
  return new Promise((resolve, reject) => {
    const drawing = new MenuDrawing(choice, context)
    const end = (settle: () => void, lines: readonly string[]) => {
      drawing.end(lines)
      settle()
    }
    drawing.begin({
      choose: (index, lines) => end(() => resolve(index), lines),
      cancel: reason => end(() => reject(reason), drawing.linesAbove),
    })
  })
}

interface Ending {
  choose(index: number, lines: readonly string[]): void
  cancel(reason: unknown): void
}

/** A menu on the screen, and the keys that are pressed at it. */
class MenuDrawing {
  private readonly menu: Menu
  private readonly context: PromptContext
  private readonly keyboard: readline.Interface
  private drawn: Frame = { above: [], below: [] }
  /** Where the cursor was put: columns from the left. */
  private cursor = 0
  private cleanups: (() => void)[] = []
  private isEnded = false
  /** Width of the screen when the menu was drawn. */
  private columns = 0
  /** Whether the menu begins in the first line of the screen, with nothing of others below it. */
  private ownsScreen = false

  constructor(choice: Choice, context: PromptContext) {
    this.menu = new Menu(choice)
    this.context = context
    // It edits the line that is typed in; what it writes is not shown.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    this.keyboard = readline.createInterface({
      input: context.input,
      output: nowhere,
      terminal: true,
      historySize: 0,
      escapeCodeTimeout: escapeTimeout,
    })
  }

  /** What stays on the screen after a cancelled choice. */
  get linesAbove(): readonly string[] {
    return this.drawn.above
  }

  begin({ choose, cancel }: Ending): void {
    const { input, output, signal, onRedraw } = this.context
    const onKey = (_: unknown, key: readline.Key) => {
      // What ended the choice, as Ctrl-C, still reaches this listener.
      if (this.isEnded) return
      if (key.name === "escape") cancel(new PumError("cancelled", "cancelled"))
      else this.press(key, choose)
    }
    const onResize = () => this.redrawResized()
    const onAbort = () => cancel(signal.reason)
    input.on("keypress", onKey)
    output.on("resize", onResize)
    signal.addEventListener("abort", onAbort)
    this.keyboard.on("SIGINT", () => cancel(new PumError("cancelled", "cancelled", { cause: ctrlCKey })))
    this.cleanups = [
      () => input.off("keypress", onKey),
      () => output.off("resize", onResize),
      () => signal.removeEventListener("abort", onAbort),
    ]
    onRedraw(() => {
      this.forget()
      this.ownsScreen = false
      this.draw()
    })
    if (signal.aborted) onAbort()
    else this.draw()
  }

  /** Puts these lines in the place of the menu. */
  end(lines: readonly string[]): void {
    this.isEnded = true
    for (const cleanup of this.cleanups) cleanup()
    this.context.output.write(`${this.toTop()}${clearBelow}${lines.map(line => `${line}\n`).join("")}`)
    this.keyboard.close()
  }

  private press(key: readline.Key, choose: Ending["choose"]): void {
    const { keyboard, menu } = this
    if (key.name === "return" || key.name === "enter") {
      // If nothing matches, the filter is put back, to be changed: readline has emptied its line.
      if (menu.marked === undefined) keyboard.write(menu.filter)
      else choose(menu.marked, menu.chosen(this.size()))
      return
    }
    const steps = this.stepsOf(key)
    if (steps !== undefined) menu.move(steps)
    // readline takes Home for itself, too.
    if (key.name === "home") keyboard.write(null, { ctrl: true, name: "e" })
    menu.setFilter(keyboard.line)
    this.draw()
  }

  private stepsOf({ name, ctrl }: readline.Key): number | undefined {
    const page = this.menu.pageSize(this.size())
    if (name === "up" || (ctrl && name === "p")) return -1
    if (name === "down" || (ctrl && name === "n")) return 1
    if (name === "pageup") return -page
    if (name === "pagedown") return page
    if (name === "home") return Number.NEGATIVE_INFINITY
    return name === "end" ? Number.POSITIVE_INFINITY : undefined
  }

  /**
   * If the screen has become narrower, most terminals have broken our lines, and some have moved the cursor from its
   * place: where the menu begins cannot be known. It then gets an empty screen, and what was there scrolls out.
   */
  private redrawResized(): void {
    const { columns, lines } = this.size()
    if (columns < this.columns) {
      const scrollOut = this.ownsScreen ? "" : `\x1b[${lines};1H${"\n".repeat(lines)}`
      this.context.output.write(`${this.toTop()}${clearBelow}${scrollOut}${toFirstLine}${clearBelow}`)
      this.forget()
      this.ownsScreen = true
    }
    this.draw()
  }

  /** The next drawing begins where the cursor is. */
  private forget(): void {
    this.drawn = { above: [], below: [] }
    this.cursor = 0
  }

  private draw(): void {
    const frame = this.menu.frame(this.size())
    const top = this.toTop()
    const behindCursor = this.keyboard.line.slice(this.keyboard.cursor)
    this.cursor = Math.max(0, displayWidth(frame.above.at(-1) ?? "") - displayWidth(behindCursor))
    this.drawn = frame
    this.columns = this.size().columns
    const text = [...frame.above, ...frame.below].join("\n")
    const back = `\x1b[${frame.below.length}A\x1b[${this.cursor + 1}G`
    this.context.output.write(`${top}${clearBelow}${text}${back}`)
  }

  /** Moves the cursor to the first line that was drawn. */
  private toTop(): string {
    const up = this.drawn.above.length - 1
    return up > 0 ? `\r\x1b[${up}A` : "\r"
  }

  private size(): Size {
    const { columns, rows } = this.context.output
    return { columns: columns || 80, lines: rows || 24 }
  }
}
