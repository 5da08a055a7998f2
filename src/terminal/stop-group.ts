import { isWindows } from "../platform/platform.ts"
import type { Screen } from "./question.ts"
import { clearBelow, showCursor } from "./style.ts"

/**
 * Stops all processes of the process group, as a terminal does at Ctrl-Z: while it is raw, Ctrl-Z is only a key. If just
 * this process stopped, a script or program around it would wait, and the shell would not come back.
 */
export function stopGroup(screen: Screen): void {
  if (!isWindows()) stop(screen, 0)
}

/**
 * Leaves the terminal to the shell if another process stops this one with SIGTSTP.
 * @returns a function that ends this
 */
export function handleStopSignal(screen: Screen): () => void {
  if (isWindows()) return () => {}
  const onStop = () => stop(screen, process.pid)
  process.on("SIGTSTP", onStop)
  return () => process.off("SIGTSTP", onStop)
}

/** @param target a process, or 0 for the group */
function stop({ input, output, plain }: Screen, target: number): void {
  // The shell writes where a menu may stand.
  if (!plain) output.write(`${showCursor}${clearBelow}`)
  input.setRawMode?.(false)
  const listeners = process.listeners("SIGTSTP")
  process.removeAllListeners("SIGTSTP")
  process.kill(target, "SIGTSTP")
  // Continued; or not stopped, because no shell could continue the process (the system ignores the signal then).
  for (const listener of listeners) process.on("SIGTSTP", listener)
  input.setRawMode?.(true)
}
