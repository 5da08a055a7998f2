import { execFileSync } from "node:child_process"
import { constants } from "node:os"
import type { Readable } from "node:stream"
import { type IPty, spawn } from "@lydell/node-pty"
import xterm from "@xterm/headless"
import { onTestFinished } from "vitest"
import { defaultUser } from "../emulators/adfs/settings.ts"
import { program } from "./program.ts"

export interface PtyRun {
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
  /** Default: HOME. */
  readonly cwd?: string
  /** Milliseconds between a question and what is typed; default: none. */
  readonly settle?: number
  /** The command to run; default: the program. */
  readonly command?: readonly [string, ...string[]]
}

export const enter = "\r"
export const ctrlC = "\x03"
export const ctrlD = "\x04"
export const ctrlBackslash = "\x1c"
export const backspace = "\x7f"
export const down = "\x1b[B"
export const up = "\x1b[A"
export const ctrlZ = "\x1a"
export const pageDown = "\x1b[6~"
export const pageUp = "\x1b[5~"

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
)

const patience = 20_000

/**
 * node-pty closes a terminal 200 ms after its command has ended. A process that was busy meanwhile reads first what the
 * terminal still holds: the event loop does that before `setImmediate`.
 */
function keepOutput(pty: IPty): void {
  const { _socket: socket } = pty as unknown as { readonly _socket: Readable }
  const destroy = socket.destroy.bind(socket)
  socket.destroy = error => {
    setImmediate(() => destroy(error))
    return socket
  }
}

/** A command on a pseudo-terminal. A test types keys and reads the screen, as a person does. */
export class Pty {
  /** All output, with escape codes. */
  raw = ""
  private readonly settle: number
  private readonly pty: IPty
  private readonly screen: xterm.Terminal
  private readonly changed = new Set<() => void>()
  private exitCode: number | undefined
  /** The signal that ended the command, if one did. */
  signal: NodeJS.Signals | undefined

  constructor({
    args = [],
    env,
    columns = 100,
    rows = 40,
    cwd,
    settle = 0,
    command = [process.execPath, program],
  }: PtyRun) {
    this.settle = settle
    const [file, ...first] = command
    const folder = cwd ?? env.HOME ?? "/"
    this.screen = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true })
    this.pty = spawn(file, [...first, ...args], {
      env: { TERM: "xterm-256color", ...env },
      cols: columns,
      rows,
      cwd: folder,
    })
    keepOutput(this.pty)
    const notify = () => {
      for (const check of this.changed) check()
    }
    this.pty.onData(data => {
      this.raw += data
      this.screen.write(data, notify)
    })
    this.pty.onExit(({ exitCode, signal = 0 }) => {
      // The screen may not have handled the last output yet.
      this.screen.write("", () => {
        this.exitCode = signal === 0 ? exitCode : 128 + signal
        this.signal = signalNames.get(signal)
        notify()
      })
    })
    onTestFinished(async () => {
      if (this.exitCode !== undefined) return
      this.pty.kill("SIGKILL")
      // Its end must not be reported to a worker that is gone by then.
      await this.ends()
    })
  }

  get pid(): number {
    return this.pty.pid
  }

  /** All lines of the screen and of the scrollback. Lines that the terminal wrapped are joined. */
  get text(): string {
    const { active } = this.screen.buffer
    const lines: string[] = []
    for (let index = 0; index < active.length; index++) {
      const line = active.getLine(index)
      const text = line?.translateToString(true) ?? ""
      if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ""}${text}`)
      else lines.push(text)
    }
    return `${lines
      .map(line => line.trimEnd())
      .join("\n")
      .trimEnd()}\n`
  }

  /** The line of the cursor. */
  get cursorLine(): string {
    const { active } = this.screen.buffer
    return active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? ""
  }

  /** Waits until the screen shows a text. */
  sees(text: string): Promise<void> {
    return this.until(() => this.text.includes(text), `'${text}'`)
  }

  /** Waits until the cursor is behind this question, before anything is typed. */
  async isAsked(question: string): Promise<void> {
    await this.until(() => this.cursorLine.trimEnd() === question, `the question '${question}'`)
    if (this.settle > 0) await new Promise(resolve => setTimeout(resolve, this.settle))
  }

  /** Ends the connection of the terminal, as closing its window does. */
  hangUp(): void {
    this.pty.kill("SIGHUP")
  }

  /** Whether the terminal itself echoes what is typed. */
  echoes(): boolean {
    const name = (this.pty as unknown as { readonly ptsName: string }).ptsName
    return !execFileSync("stty", ["-a", "-F", name], { encoding: "utf8" }).includes("-echo ")
  }

  /** Waits until the terminal echoes no key: a program has begun to read them one by one. */
  async hidesKeys(): Promise<void> {
    for (let looks = 0; looks < 1_000; looks++) {
      if (!this.echoes()) return
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    throw new Error(`keys are still echoed:\n${this.text}`)
  }

  /** The lines of the screen, without those that are scrolled out and the empty ones at the end. */
  get lines(): string[] {
    const { active } = this.screen.buffer
    const lines = Array.from({ length: this.screen.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
    )
    while (lines.at(-1) === "") lines.pop()
    return lines
  }

  type(keys: string): void {
    this.pty.write(keys)
  }

  /** Makes the window another size. */
  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows)
    this.pty.resize(columns, rows)
  }

  /** Waits for a question and answers it. */
  async answer(question: string, keys: string): Promise<void> {
    await this.isAsked(question)
    this.type(keys + enter)
    await this.until(() => this.cursorLine.trimEnd() !== question, `the answer to '${question}'`)
  }

  /** @returns the exit code, as a shell shows it: 128 plus the number of the signal that ended the command */
  async ends(): Promise<number> {
    await this.until(() => this.exitCode !== undefined, "the end")
    return this.exitCode ?? -1
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
        patience,
      )
      this.changed.add(check)
      check()
    })
  }
}

/** Answers the questions for user, password and code, as the default user of the emulated ADFS. */
export async function answerAll(pty: Pty): Promise<void> {
  await pty.answer("Privileged user (e.g. adm\\dev_aly):", defaultUser.name)
  await pty.answer("Domain password:", defaultUser.password)
  await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
}
