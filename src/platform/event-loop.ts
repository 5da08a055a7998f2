/** Lets the event loop handle what has arrived: loading a module holds up a handshake by its own time only. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/**
 * Milliseconds in which the system finds an address that it has found before: a connection then begins before modules are
 * loaded, which would hold it up.
 */
export const lookUpTime = 5
