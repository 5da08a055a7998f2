import { spawn } from "node:child_process"

/** What a program is started with. */
export interface Start {
  readonly args?: readonly string[]
  /** Run by this shell, or by the system's own (`true`), as one command line. */
  readonly shell?: string | true
  readonly stdin: number | "ignore"
  /** Shown to the user, or kept to be read. */
  readonly stderr: number | "inherit" | "pipe"
  /** Milliseconds; without it as long as it takes. */
  readonly timeout?: number
  /** Each of them ends the program. */
  readonly signals: readonly AbortSignal[]
}

export interface Ending {
  readonly stdout: string
  readonly stderr: string
  /** How it ended where it did not end well, in words: `ended with exit code 1`. */
  readonly trouble: string | undefined
}

/** No password is longer; what a program prints beyond it is not kept. */
const outputLimit = 1_000_000

/**
 * Runs a program to its end with this process's own environment, and gives what it printed.
 * @throws the reason of the signal that ended it
 */
export function run(file: string, start: Start): Promise<Ending> {
  const { args = [], shell = false, stdin, stderr, timeout, signals } = start
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { shell, stdio: [stdin, "pipe", stderr], windowsHide: true })
    const output = { stdout: "", stderr: "" }
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (part: string) => {
        if (output[name].length < outputLimit) output[name] += part
      })
    }
    const end = (settle: () => void) => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener("abort", stop)
      settle()
    }
    // What it started itself may live on and hold its stdout open: that is not waited for.
    const kill = () => {
      child.kill()
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
    }
    const stop = () => {
      kill()
      end(() => reject(signals.find(signal => signal.aborted)?.reason))
    }
    const expire = () => {
      kill()
      end(() => resolve({ ...output, trouble: `did not end within ${(timeout ?? 0) / 1000} s` }))
    }
    const timer = timeout === undefined ? undefined : setTimeout(expire, timeout)
    for (const signal of signals) signal.addEventListener("abort", stop)
    child.on("error", () => end(() => resolve({ ...output, trouble: "could not be started" })))
    child.on("close", (code, signal) => end(() => resolve({ ...output, trouble: endedBadly(code, signal) })))
    if (signals.some(signal => signal.aborted)) stop()
  })
}

function endedBadly(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0) return undefined
  return code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
}
