import { writeSync } from "node:fs"
import { block } from "../platform/event-loop.ts"

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
      // Not by `codeOf`: its file, which words errors, would be loaded for --version as well.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
      // The pipe is full at the moment.
      block(1)
    }
  }
}
