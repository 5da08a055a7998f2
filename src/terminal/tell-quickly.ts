import { fstatSync, openSync, statSync, writeSync } from "node:fs"
import { terminalPaths } from "../platform/consoles.ts"
import { isWindows } from "../platform/platform.ts"
import { proxyPasswords } from "./secrets.ts"

/**
 * Writes a line as `Messages.tell` does, without loading what asks questions. Writes nothing if the process has no
 * terminal.
 * @returns false if more of the program is needed: for a console of Windows, or a line to be wrapped or redacted
 */
export function tellQuickly(line: string, env: Readonly<NodeJS.ProcessEnv>): boolean {
  if (isWindows()) return false
  const terminal = openControllingTerminal()
  if (terminal === undefined) return !mayBeTerminal(0) && !mayBeTerminal(2)
  if (!/^[ -~]*$/.test(line) || proxyPasswords(env).length > 0) return false
  // Loaded late: without a terminal it would be a tenth of Node's own start.
  const { isatty, WriteStream } = process.getBuiltinModule("node:tty")
  if (line.length > new WriteStream(terminal).columns) return false
  writeSync(isatty(2) ? 2 : terminal, `${line}\n`)
  return true
}

/** @returns its file descriptor, or `undefined` if the process has none */
function openControllingTerminal(): number | undefined {
  try {
    return openSync(terminalPaths().input, "r+")
  } catch {
    return undefined
  }
}

/** A terminal is a character device, and so is /dev/null. */
function mayBeTerminal(fd: number): boolean {
  const file = fstatSync(fd)
  return file.isCharacterDevice() && file.rdev !== statSync("/dev/null").rdev
}
