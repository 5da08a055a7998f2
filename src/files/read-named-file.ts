import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs"
import { PumError } from "../errors.ts"
import { block } from "../platform/event-loop.ts"
import { isDeviceName } from "../platform/platform.ts"
import { codeOf, type UserFile, unreadable, unusable, whenFree } from "./file-error.ts"

/** Bytes of a file that the user writes or names: settings, a policy, certificates. */
export const namedFileLimit = 5_000_000

/**
 * How long a pipe is waited for, whose other end may ask for a passphrase; how long a FIFO is that no program writes to yet;
 * and the pause between two looks. Milliseconds.
 */
const pipeLimits = { total: 30_000, opening: 1_000, pause: 10 }

/** What pipes and devices gave, by path: they give their text once, and some files are read several times in a run. */
const readBefore = new Map<string, Buffer>()

/**
 * Reads a file that the user named. It may be a pipe (`<(pass show aws)`, `/dev/stdin`) or `/dev/null`, but no terminal.
 * Blocks the process: a FIFO that no program comes to write to is empty, one whose writer is silent is given up.
 * @throws PumError `usage`, because the user named it
 */
export function readNamedFile(file: UserFile, limits = pipeLimits): Buffer {
  const known = readBefore.get(file.path)
  if (known !== undefined) return known
  let handle: number | undefined
  try {
    if (isDeviceName(file.path)) throw unusable(file, "is no regular file", "usage")
    // Windows does not know the flag.
    const { O_RDONLY, O_NONBLOCK = 0 } = constants
    handle = whenFree(() => openSync(file.path, O_RDONLY | O_NONBLOCK))
    const stats = fstatSync(handle)
    if (stats.isCharacterDevice() && isTty(handle)) throw unusable(file, "is a terminal", "usage")
    const bytes = readToEnd(handle, file, { ...limits, opening: stats.isFIFO() ? limits.opening : 0 })
    if (!stats.isFile()) readBefore.set(file.path, bytes)
    return bytes
  } catch (error) {
    if (error instanceof PumError) throw error
    throw new PumError("usage", `cannot read ${file.shown}: ${unreadable(error)}`, { cause: error })
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** `node:tty` loads sockets: not at start-up. */
const isTty = (handle: number) => process.getBuiltinModule("node:tty").isatty(handle)

/** Whether a file gives its text to the first reader only, as a pipe does. */
export function isReadOnce(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false
}

function readToEnd(handle: number, file: UserFile, { total, opening, pause }: typeof pipeLimits): Buffer {
  const parts: Buffer[] = []
  const began = performance.now()
  for (let size = 0; size <= namedFileLimit; ) {
    const part = Buffer.allocUnsafe(65_536)
    const count = readAvailable(handle, part)
    const waited = performance.now() - began
    if (count === 0 && (size > 0 || waited >= opening)) return Buffer.concat(parts)
    if (!count) {
      if (waited > total) throw unusable(file, `is a pipe that did not end within ${total / 1000} s`, "usage")
      block(pause)
      continue
    }
    parts.push(part.subarray(0, count))
    size += count
  }
  throw unusable(file, "the file is too large", "usage")
}

/** @returns the number of bytes, 0 at the end; `undefined` if a pipe has none yet */
function readAvailable(handle: number, part: Buffer): number | undefined {
  try {
    return readSync(handle, part)
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined
    throw error
  }
}
