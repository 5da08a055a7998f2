import { fstatSync, openSync, statSync, writeSync } from "node:fs"
import { terminalPaths } from "../platform/consoles.ts"
import { type Environment, isWindows } from "../platform/platform.ts"
import { proxyPasswords } from "../terminal/secrets.ts"

/**
 * Prepares to write a line as `Messages.tell` does, without loading what asks questions.
 * @returns a function that writes the line, or does nothing if the process has no terminal; `undefined` if more of the
 *   program is needed: for a console of Windows, or a line to be wrapped or redacted
 */
export function prepareToTell(line: string, env: Environment): (() => void) | undefined {
  if (isWindows()) return undefined
  const terminal = openControllingTerminal()
  if (terminal === undefined) return isTerminalFile(0) || isTerminalFile(2) ? undefined : () => {}
  if (!/^[ -~]*$/.test(line) || proxyPasswords(env).length > 0) return undefined
  const { isatty, WriteStream } = loadTty()
  if (line.length > new WriteStream(terminal).columns) return undefined
  return () => writeSync(isatty(2) ? 2 : terminal, `${line}\n`)
}

/** @returns its file descriptor, or `undefined` if the process has none */
function openControllingTerminal(): number | undefined {
  try {
    return openSync(terminalPaths().input, "r+")
  } catch {
    return undefined
  }
}

/** A terminal is a character device. So is /dev/null, for which node:tty is not loaded. */
export function isTerminalFile(fd: number): boolean {
  const file = fstatSync(fd)
  return file.isCharacterDevice() && file.rdev !== statSync("/dev/null").rdev && loadTty().isatty(fd)
}

/** Loaded late: it takes a tenth of Node's own start. */
const loadTty = () => process.getBuiltinModule("node:tty")
