import { isWindows } from "../platform/platform.ts"
import type { Screen } from "./question.ts"
import { clearBelow } from "./style.ts"

/**
 * Stops all processes of the process group, as a terminal does at Ctrl-Z: while it is raw, Ctrl-Z is only a key. If just
 * this process stopped, a script or program around it would wait, and the shell would not come back.
 */
export function stopGroup({ input, output, plain }: Screen): void {
  if (isWindows()) return
  // The shell writes where a menu may stand.
  if (!plain) output.write(clearBelow)
  input.setRawMode?.(false)
  process.kill(0, "SIGTSTP")
  // Continued; or not stopped, because no shell could continue the process (the system ignores the signal then).
  input.setRawMode?.(true)
}
