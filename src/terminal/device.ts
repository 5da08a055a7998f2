import { openSync } from "node:fs"
import tty from "node:tty"

/** The terminal that questions are asked on: its streams, and their file descriptors for a child process. */
export interface Device {
  readonly input: tty.ReadStream
  readonly output: tty.WriteStream
  readonly fds: { readonly input: number; readonly output: number }
}

export interface StandardStreams {
  readonly stdin: NodeJS.ReadStream | tty.ReadStream
  readonly stderr: NodeJS.WriteStream | tty.WriteStream
}

/** Path of the controlling terminal, to read from and to write to. */
const paths =
  process.platform === "win32"
    ? { input: "\\\\.\\CONIN$", output: "\\\\.\\CONOUT$" }
    : { input: "/dev/tty", output: "/dev/tty" }

/**
 * Uses stdin and stderr if they are a terminal, and the controlling terminal in place of each that is not: botocore
 * captures stderr, other callers use stdin as a pipe.
 * @returns undefined if the process has no terminal
 */
export function findDevice({ stdin, stderr }: StandardStreams): Device | undefined {
  try {
    const fds = {
      input: isTerminal(stdin) ? 0 : openSync(paths.input, "r+"),
      output: isTerminal(stderr) ? 2 : openSync(paths.output, "r+"),
    }
    const output = isTerminal(stderr) ? stderr : new tty.WriteStream(fds.output)
    const input = isTerminal(stdin) ? stdin : new tty.ReadStream(fds.input)
    return { input, output, fds }
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
