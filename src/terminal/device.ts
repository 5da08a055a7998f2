import { openSync } from "node:fs"
import tty from "node:tty"
import { isInGitBash, mayBeUnseen, terminalPaths } from "../platform/consoles.ts"
import { type Environment, isWindows } from "../platform/platform.ts"
import { openKeyboard, readNoLines } from "./keyboard.ts"

/** The terminal that questions are asked on: its streams, and their file descriptors for a child process. */
export interface Device {
  readonly input: tty.ReadStream
  readonly output: tty.WriteStream
  readonly fds: { readonly input: number; readonly output: number }
  /** Whether it may be a console without a window (Windows). */
  readonly mayBeUnseen: boolean
}

export interface StandardStreams {
  readonly stdin: NodeJS.ReadStream | tty.ReadStream
  readonly stdout: NodeJS.WriteStream | tty.WriteStream
  readonly stderr: NodeJS.WriteStream | tty.WriteStream
}

/**
 * Uses stdin and stderr if they are a terminal, and the controlling terminal in place of each that is not: botocore
 * captures stderr, other callers use stdin as a pipe.
 * @returns undefined if the process has no terminal
 */
export function findDevice(streams: StandardStreams, env: Environment): Device | undefined {
  const { stdin, stderr } = streams
  const isUnseen = mayBeUnseen(streams)
  // Its window hides the console.
  if (isUnseen && isInGitBash(env)) return undefined
  const paths = terminalPaths()
  try {
    const fds = {
      input: isTerminal(stdin) ? 0 : openSync(paths.input, "r+"),
      output: isTerminal(stderr) ? 2 : openSync(paths.output, "r+"),
    }
    const output = isTerminal(stderr) ? stderr : new tty.WriteStream(fds.output)
    const input = isTerminal(stdin) ? stdin : openKeyboard(fds.input)
    if (isWindows()) readNoLines(input)
    return { input, output, fds, mayBeUnseen: isUnseen }
  } catch {
    // Not an error: a question that cannot be asked names the option that gives its answer.
    return undefined
  }
}

function isTerminal<T extends NodeJS.ReadStream | NodeJS.WriteStream>(
  stream: T | tty.ReadStream | tty.WriteStream,
): stream is T & (tty.ReadStream & tty.WriteStream) {
  return stream.isTTY === true
}
