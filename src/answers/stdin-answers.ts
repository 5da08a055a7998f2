import { read } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { PumError } from "../errors.ts"

/**
 * The lines of a stream, without `\n` or `\r\n`, each as soon as it has arrived: a script may send the code long after
 * the password. The last line needs no line end.
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer | string>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end).replace(/\r$/, "")
      rest = rest.slice(end + 1)
    }
  }
  if (rest !== "") yield rest
}

/** The answers on stdin: the password on the first line, the 2FA code on the second. */
export class StdinAnswers implements AsyncIterator<string> {
  private readonly lines: AsyncIterator<string>
  private linesRead = 0

  constructor(stream: AsyncIterable<Buffer | string>) {
    this.lines = linesOf(stream)
  }

  /** @throws PumError `answerMissing` if stdin cannot be read */
  async next(): Promise<IteratorResult<string>> {
    this.linesRead++
    try {
      return await this.lines.next()
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? cause.code : "an error"
      throw new PumError("answerMissing", `cannot read stdin: the system reports ${code}`, { cause })
    }
  }

  /** Reads answers that were not needed, to the end of that line: the command that reads stdin next must not get them. */
  async skipTo(line: number): Promise<void> {
    while (this.linesRead < line && (await this.next()).done !== true);
  }
}

/** Milliseconds. */
const pollInterval = 20

/**
 * The bytes of an open file, each read only when it is asked for: what follows a line stays there for another program.
 * Node.js makes the pipe of stdin non-blocking, so an empty pipe is polled.
 */
export async function* bytesOf(fd: number): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const byte = await readByte(fd)
    if (byte === "empty") await pause(pollInterval)
    else if (byte === "end") return
    else yield byte
  }
}

function readByte(fd: number): Promise<Buffer | "empty" | "end"> {
  const byte = Buffer.alloc(1)
  return new Promise((resolve, reject) =>
    read(fd, byte, 0, 1, null, (error, count) => {
      if (error === null) resolve(count === 0 ? "end" : byte)
      else if (error.code === "EAGAIN") resolve("empty")
      // Windows reports the end as an error.
      else if (error.code === "EOF") resolve("end")
      else reject(error)
    }),
  )
}
