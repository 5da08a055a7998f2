import { writeFileSync } from "node:fs"
import { constants } from "node:os"
import { isWindows, ownPlatform } from "./platform.ts"

/** What a shell shows for a process that a signal has ended. */
export const codeOfSignal = (signal: NodeJS.Signals) => 128 + constants.signals[signal]

/**
 * Lets the process die by a signal when it exits, after everything else that is to be done then: only if it does so, loops
 * and scripts around it stop, too. Windows has no such signals.
 * @param hasReachedOthers whether the other processes of the group have the signal already, as they have it from the
 *   terminal; not so if Ctrl-C was a key at a question: then they get it from here
 */
export function dieBySignalAtExit(
  process: NodeJS.Process,
  signal: NodeJS.Signals,
  hasReachedOthers: boolean,
  platform: NodeJS.Platform = ownPlatform,
): void {
  if (isWindows(platform)) return
  process.on("exit", () => {
    if (signal === "SIGQUIT") keepMemoryOutOfCore()
    process.removeAllListeners(signal)
    process.kill(hasReachedOthers ? process.pid : 0, signal)
  })
}

/**
 * SIGQUIT makes the system write the memory of the process, with its secrets, to a file; Linux can leave it out
 * (core(5)).
 */
function keepMemoryOutOfCore(): void {
  try {
    writeFileSync("/proc/self/coredump_filter", "0")
  } catch {}
}
