import type { LineOutput } from "./question.ts"
import type { Style } from "./style.ts"
import { cut } from "./width.ts"

/** Milliseconds. */
const frameTime = 80
const clearLine = "\r\x1b[K"

/** Names what is waited for, in a line of its own that is redrawn. */
export class Spinner {
  private readonly output: LineOutput
  private readonly style: Style
  private timer: NodeJS.Timeout | undefined
  private isDrawn = false

  constructor(output: LineOutput, style: Style) {
    this.output = output
    this.style = style
  }

  /**
   * @param label called when there is something to draw: most waits end before, and to redact it takes time
   * @returns a function that stops it
   */
  start(label: () => string): () => void {
    this.stop()
    const { marks } = this.style
    let frame = 0
    const draw = () => {
      this.isDrawn = true
      const mark = marks.spinner[frame++ % marks.spinner.length] ?? ""
      // Two for the mark and a blank. A line that fills the screen would be wrapped, and the next frame below it.
      const shown = cut(label(), (this.output.columns || 80) - 3, marks.ellipsis)
      this.output.write(`${clearLine}${this.style.accent(mark)} ${shown}`)
    }
    const timer = setInterval(draw, frameTime)
    this.timer = timer
    return () => {
      if (this.timer === timer) this.stop()
    }
  }

  /** Makes room for a line of text; the next frame draws it again below that. */
  clear(): void {
    if (this.isDrawn) this.output.write(clearLine)
    this.isDrawn = false
  }

  stop(): void {
    clearInterval(this.timer)
    this.clear()
  }
}
