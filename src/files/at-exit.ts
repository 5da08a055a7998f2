const cleanUps = new Set<() => void>()

/**
 * Runs `cleanUp` when the process exits, because it was told to or has nothing left to do, unless it is taken back before.
 * The last one added runs first, and all of them run before every other listener of "exit": such a listener may end the
 * process by a signal. A signal without a handler ends the process without "exit".
 * @returns takes it back
 */
export function atExit(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) process.prependListener("exit", runAll)
  cleanUps.add(cleanUp)
  return () => {
    cleanUps.delete(cleanUp)
    if (cleanUps.size === 0) process.off("exit", runAll)
  }
}

function runAll(): void {
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      cleanUp()
    } catch {}
  }
}
