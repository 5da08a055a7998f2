import { read } from "node:fs"
import { PumError } from "../errors.ts"
import { codeOf } from "../files/file-error.ts"
import { pause } from "../platform/event-loop.ts"
import { firstLineOf, stdinHint } from "../platform/strict-text.ts"

/**
 * The lines of a stream, without `\n` or `\r\n`, each as soon as it has arrived: a script may send the code long after
 * the password. The last line needs no line end.
 * @throws PumError `answerMissing` for a line that is not UTF-8
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer | string>,
): AsyncGenerator<string, void, undefined> {
  let rest = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, Buffer.from(chunk)])
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield lineFrom(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
    }
  }
  if (rest.length > 0) yield lineFrom(rest)
}

/** @throws PumError `answerMissing`: a password in another encoding must not be sent */
function lineFrom(bytes: Buffer): string {
  const line = firstLineOf(bytes)
  if (line !== undefined) return line
  throw new PumError("answerMissing", "the text on stdin is not UTF-8", { hint: stdinHint })
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
      if (cause instanceof PumError) throw cause
      const code = codeOf(cause) ?? "an error"
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
