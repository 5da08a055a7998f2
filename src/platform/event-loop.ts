/** Lets the event loop handle what has arrived: loading a module holds up a handshake by its own time only. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
