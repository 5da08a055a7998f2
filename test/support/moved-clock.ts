import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type { Home } from "./program.ts"

const hook = join(import.meta.dirname, "set-clock.cjs")
const require = createRequire(import.meta.url)

/**
 * One wall clock for programs and for the emulators of this process, until the test ends. It begins at nine o'clock
 * (UTC) of this day, and goes on by itself.
 */
export class MovedClock {
  /** Environment of the programs. */
  readonly env: { readonly NODE_OPTIONS: string; readonly CLOCK_FILE: string; readonly TZ: string }
  private readonly file: string
  private offset = 0

  constructor(home: Home) {
    this.file = join(home.path, "clock")
    this.env = { NODE_OPTIONS: `--require ${hook}`, CLOCK_FILE: this.file, TZ: "UTC" }
    const now = new Date()
    this.moveBy(new Date(now).setUTCHours(9, 0, 0, 0) - now.getTime())
    const RealDate = Date
    process.env.CLOCK_FILE = this.file
    delete require.cache[hook]
    require(hook)
    onTestFinished(() => {
      globalThis.Date = RealDate
      delete process.env.CLOCK_FILE
    })
  }

  /** Sets the clock to 20 seconds after a time of this day, such as `09:46`: minutes that are left are not on the edge. */
  setTo(time: string): void {
    const [hours = 0, minutes = 0] = time.split(":").map(Number)
    const now = new Date()
    this.moveBy(new Date(now).setUTCHours(hours, minutes, 20, 0) - now.getTime())
  }

  private moveBy(milliseconds: number): void {
    this.offset += milliseconds
    writeFileSync(this.file, String(this.offset))
  }
}
