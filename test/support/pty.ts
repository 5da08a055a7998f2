import { stripVTControlCharacters } from "node:util"
import { type IPty, spawn } from "@lydell/node-pty"
import { onTestFinished } from "vitest"
import { program } from "./program.ts"

export interface PtyRun {
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
  /** Another command than the program. */
  readonly command?: readonly [string, ...string[]]
}

export const enter = "\r"
export const ctrlC = "\x03"
export const ctrlD = "\x04"
export const down = "\x1b[B"
export const up = "\x1b[A"

/** The program on a pseudo-terminal, typed at and read as a person would. */
export class Pty {
  /** Everything that was written, escape codes included. */
  raw = ""
  private seen = 0
  private readonly pty: IPty
  private readonly changed = new Set<() => void>()
  private exitCode: number | undefined

  constructor({ args = [], env, columns = 100, rows = 30, command = [process.execPath, program] }: PtyRun) {
    const [file, ...first] = command
    this.pty = spawn(file, [...first, ...args], {
      env: { TERM: "xterm-256color", ...env },
      cols: columns,
      rows,
      cwd: env.HOME ?? "/",
    })
    this.pty.onData(data => {
      this.raw += data
      for (const check of this.changed) check()
    })
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode
      for (const check of this.changed) check()
    })
    onTestFinished(() => {
      if (this.exitCode === undefined) this.pty.kill("SIGKILL")
    })
  }

  get pid(): number {
    return this.pty.pid
  }

  /** All that was shown, without escape codes. */
  get text(): string {
    return stripVTControlCharacters(this.raw).replaceAll("\r", "")
  }

  /** Waits until a text is shown after what was waited for before. */
  async sees(text: string): Promise<void> {
    await this.until(() => this.text.indexOf(text, this.seen) >= 0, `'${text}'`)
    this.seen = this.text.indexOf(text, this.seen) + text.length
  }

  type(keys: string): void {
    this.pty.write(keys)
  }

  /** Sees a question and answers it. */
  async answer(question: string, keys: string): Promise<void> {
    await this.sees(question)
    this.type(keys + enter)
  }

  async ends(): Promise<number> {
    await this.until(() => this.exitCode !== undefined, "the end")
    return this.exitCode ?? -1
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pty.pid, name)
  }

  private until(isThere: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (act: () => void) => {
        this.changed.delete(check)
        clearTimeout(timer)
        act()
      }
      const check = () => {
        if (isThere()) give(resolve)
        else if (this.exitCode !== undefined)
          give(() =>
            reject(new Error(`it ended with ${this.exitCode} before ${what} was shown:\n${this.text}`)),
          )
      }
      const timer = setTimeout(
        () => give(() => reject(new Error(`${what} was never shown:\n${this.text}`))),
        20_000,
      )
      this.changed.add(check)
      check()
    })
  }
}
