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
  const internals = input as unknown as Internals
  input.on("pause", () => process.nextTick(stopReading))
  return input

  function stopReading(): void {
    const { _handle, _readableState } = internals
    if (_handle?.reading !== true || input.readableFlowing === true) return
    _readableState.reading = false
    _handle.reading = false
    _handle.readStop()
  }
}
