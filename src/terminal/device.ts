import { openSync } from "node:fs"
import tty from "node:tty"

/** The terminal a person sits at: where to ask, and where the answer is typed. */
export interface Device {
  readonly input: tty.ReadStream
  readonly output: tty.WriteStream
  /** Their file descriptors, to be handed to another program. */
  readonly fds: { readonly input: number; readonly output: number }
}

export interface StandardStreams {
  readonly stdin: NodeJS.ReadStream | tty.ReadStream
  readonly stderr: NodeJS.WriteStream | tty.WriteStream
}

const names =
  process.platform === "win32"
    ? { read: "\\\\.\\CONIN$", write: "\\\\.\\CONOUT$" }
    : { read: "/dev/tty", write: "/dev/tty" }

/**
 * stdin and stderr where they are a terminal, else the terminal device behind the process: callers capture
 * stderr (botocore) or use stdin as a pipe. Undefined where nobody can be asked.
 */
export function findDevice({ stdin, stderr }: StandardStreams): Device | undefined {
  try {
    const fds = {
      input: isTerminal(stdin) ? 0 : openSync(names.read, "r+"),
      output: isTerminal(stderr) ? 2 : openSync(names.write, "r+"),
    }
    const output = isTerminal(stderr) ? stderr : openOutput(fds.output)
    const input = isTerminal(stdin) ? stdin : new tty.ReadStream(fds.input)
    return { input, output, fds }
  } catch {
    // No terminal is not an error: whoever needs an answer then says which option gives it.
    return undefined
  }
}

function openOutput(fd: number): tty.WriteStream {
  const output = new tty.WriteStream(fd)
  // inquirer ends the stream after each question, which only the standard streams survive.
  return Object.assign(output, { end: () => output })
}

function isTerminal<T extends NodeJS.ReadStream | NodeJS.WriteStream>(
  stream: T | tty.ReadStream | tty.WriteStream,
): stream is T & (tty.ReadStream & tty.WriteStream) {
  return stream.isTTY === true
}
