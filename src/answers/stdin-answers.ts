import { read } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { PumError } from "../errors.ts"

/**
 * The lines of a stream, each as soon as it is there: a script may send the code long after the password.
 * A last line needs no line end; of `\r\n` nothing stays.
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

/** The lines of stdin that hold answers: the password on the first, the 2FA code on the second. */
export class StdinAnswers implements AsyncIterator<string> {
  private readonly lines: AsyncIterator<string>
  private taken = 0

  constructor(stream: AsyncIterable<Buffer | string>) {
    this.lines = linesOf(stream)
  }

  /** @throws PumError `answerMissing` where stdin is nothing to read from */
  async next(): Promise<IteratorResult<string>> {
    this.taken++
    try {
      return await this.lines.next()
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? cause.code : "an error"
      throw new PumError("answerMissing", `cannot read stdin: the system reports ${code}`, { cause })
    }
  }

  /** Takes what nobody asked for, up to the end of this line: whoever reads stdin next must not find an answer there. */
  async skipTo(line: number): Promise<void> {
    while (this.taken < line && (await this.next()).done !== true);
  }
}

/**
 * The bytes of an open file one by one, each taken only when it is asked for: what comes after a line stays there for
 * another program. A pipe that does not wait (as Node.js makes of stdin) is asked again after a while.
 */
export async function* bytesOf(fd: number): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const byte = await nextByte(fd)
    if (byte === "later") await pause(20)
    else if (byte === undefined) return
    else yield byte
  }
}

function nextByte(fd: number): Promise<Buffer | "later" | undefined> {
  const byte = Buffer.alloc(1)
  return new Promise((resolve, reject) =>
    read(fd, byte, 0, 1, null, (error, count) => {
      if (error === null) resolve(count === 0 ? undefined : byte)
      else if (error.code === "EAGAIN") resolve("later")
      // Windows says so where other systems give nothing.
      else if (error.code === "EOF") resolve(undefined)
      else reject(error)
    }),
  )
}
