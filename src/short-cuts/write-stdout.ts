import { writeSync } from "node:fs"

/**
 * Writes to the file descriptor: to create `process.stdout` takes time.
 * @throws if not all of the text could be written
 */
export function writeToStdout(text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // EAGAIN: the pipe is full at the moment.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
    }
  }
}
