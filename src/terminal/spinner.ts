import type { Style } from "./style.ts"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
/** Milliseconds. */
const frameTime = 80
const clearLine = "\r\x1b[K"

/** Names what is waited for, in a line of its own that is redrawn. */
export class Spinner {
  private readonly output: { write(text: string): unknown }
  private readonly style: Style
  private timer: NodeJS.Timeout | undefined
  private isDrawn = false

  constructor(output: { write(text: string): unknown }, style: Style) {
    this.output = output
    this.style = style
  }

  /** @returns a function that stops it */
  start(label: string): () => void {
    this.stop()
    let frame = 0
    const draw = () => {
      this.isDrawn = true
      this.output.write(`${clearLine}${this.style.accent(frames[frame++ % frames.length] ?? "")} ${label}`)
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
