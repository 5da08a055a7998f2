import { spawn } from "node:child_process"
import type { Readable } from "node:stream"

export interface ProgramSettings {
  readonly args?: readonly string[]
  /** The shell that interprets `file` as a command line; `true` is the system's own. */
  readonly shell?: string | true
  readonly stdin: number | "ignore"
  /** `pipe` keeps what is printed there, for the result. */
  readonly stderr: number | "inherit" | "pipe"
  /** Milliseconds; default: no limit. */
  readonly timeout?: number
  /** Each of them ends the program. */
  readonly signals: readonly AbortSignal[]
}

export interface ProgramResult {
  readonly stdout: string
  /** What it printed, as it came. */
  readonly bytes: Buffer
  readonly stderr: string
  /** How it failed, as the end of a sentence: `ended with exit code 1`. Undefined after exit code 0. */
  readonly failure: string | undefined
}

/** Bytes of an output that are kept, and more than any password has. */
const outputLimit = 1_000_000

/**
 * Runs a program to its end, in the environment of this process.
 * @throws the reason of the signal that ended it
 */
export function runProgram(file: string, settings: ProgramSettings): Promise<ProgramResult> {
  const { args = [], shell = false, timeout, signals } = settings
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      shell,
      stdio: [settings.stdin, "pipe", settings.stderr],
      windowsHide: true,
    })
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    const stopWaiting = () => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener("abort", abort)
    }
    const end = (failure: string | undefined) => {
      stopWaiting()
      const bytes = stdout()
      resolve({ stdout: bytes.toString("utf8"), bytes, stderr: stderr().toString("utf8"), failure })
    }
    // Children of its own may live on and hold its stdout open: they are not waited for.
    const kill = () => {
      child.kill()
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
    }
    const abort = () => {
      kill()
      stopWaiting()
      reject(signals.find(signal => signal.aborted)?.reason)
    }
    const expire = () => {
      kill()
      end(`did not end within ${(timeout ?? 0) / 1000} s`)
    }
    const timer = timeout === undefined ? undefined : setTimeout(expire, timeout)
    for (const signal of signals) signal.addEventListener("abort", abort)
    child.on("error", () => end("could not be started"))
    child.on("close", (code, signal) => end(failureOf(code, signal)))
    if (signals.some(signal => signal.aborted)) abort()
  })
}

/** @returns what gives the bytes that have come so far */
function collect(stream: Readable | null): () => Buffer {
  const parts: Buffer[] = []
  let size = 0
  stream?.on("data", (part: Buffer) => {
    if (size < outputLimit) parts.push(part)
    size += part.length
  })
  return () => Buffer.concat(parts)
}

function failureOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0) return undefined
  return code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
}
