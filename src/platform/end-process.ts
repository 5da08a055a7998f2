import { constants } from "node:os"
import { isWindows, ownPlatform } from "./platform.ts"

/** What a shell shows for a process that a signal has ended. */
export const codeOfSignal = (signal: NodeJS.Signals) => 128 + constants.signals[signal]

/**
 * Ends the process by a signal, after everything that is to be done when it exits: only then do loops and scripts
 * around it stop, too. On Windows by the exit code that stands for it.
 * @param hasReachedOthers whether the other processes of the group have the signal already, as they have it from the
 *   terminal; not so if Ctrl-C was a key at a question: then they get it from here
 */
export function endBySignal(
  process: NodeJS.Process,
  signal: NodeJS.Signals,
  hasReachedOthers: boolean,
  platform: NodeJS.Platform = ownPlatform,
): never {
  if (!isWindows(platform)) {
    process.on("exit", () => {
      process.removeAllListeners(signal)
      process.kill(hasReachedOthers ? process.pid : 0, signal)
    })
  }
  return process.exit(codeOfSignal(signal))
}
