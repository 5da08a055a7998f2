import tty from "node:tty"

/** The parts of a stream that Node.js itself uses to stop reading. */
interface Internals {
  readonly _handle?: { reading: boolean; readStop(): void } | null
  readonly _readableState: { reading: boolean }
}

/**
 * Opens a terminal's input that reads nothing while it is paused. Node.js sees to that for `process.stdin` only; another
 * stream goes on to read, and takes the next key from the program that asks next on this terminal.
 */
export function openKeyboard(fd: number): tty.ReadStream {
  const input = new tty.ReadStream(fd)
  const stopIfPaused = () => {
    if (input.readableFlowing !== true) stopReading(input)
  }
  input.on("pause", () => process.nextTick(stopIfPaused))
  return input
}

/**
 * For Windows: lets an input read keys only, never lines. A question turns off raw mode before it stops to read, and
 * Node.js would begin to read a line meanwhile: that takes the next key, even after the process has ended.
 */
export function readNoLines(input: tty.ReadStream): void {
  const setRawMode = input.setRawMode.bind(input)
  input.setRawMode = raw => {
    if (!raw) stopReading(input)
    return setRawMode(raw)
  }
}

function stopReading(input: tty.ReadStream): void {
  const { _handle, _readableState } = input as unknown as Internals
  if (_handle?.reading !== true) return
  _readableState.reading = false
  _handle.reading = false
  _handle.readStop()
}
