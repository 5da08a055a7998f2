/**
 * Waits until the event loop has handled what has arrived. Between two modules, it lets a handshake go on, which loading
 * both in a row would hold up.
 */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** Stops the whole process, the event loop with it. */
export function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/**
 * Milliseconds that the system needs to look up the address of a server that it has looked up before. After a pause of
 * this length a connection has begun, and modules are loaded while it is being set up.
 */
export const lookUpTime = 5
