import { writeFileSync } from "node:fs"
import { constants } from "node:os"
import { isWindows, ownPlatform } from "./platform.ts"

/** What a shell shows for a process that a signal has ended. */
export const codeOfSignal = (signal: NodeJS.Signals) => 128 + constants.signals[signal]

/**
 * The signals that end a run. On Windows they come from the console: Ctrl-C, Ctrl-Break, and its window is closed
 * (SIGHUP).
 */
export function endingSignals(platform: NodeJS.Platform = ownPlatform): readonly NodeJS.Signals[] {
  const everywhere: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"]
  return [...everywhere, isWindows(platform) ? "SIGBREAK" : "SIGQUIT"]
}

/** The exit code of a run that a signal ended. Windows has one for all: there no process dies by a signal. */
export function codeAfterSignal(signal: NodeJS.Signals, platform: NodeJS.Platform = ownPlatform): number {
  return isWindows(platform) ? 130 : codeOfSignal(signal)
}

/** Signals that a terminal sends to the whole foreground process group. */
const terminalSignals: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"])

/**
 * Whether a signal that this process got has to be passed on to its child. One of the terminal has reached the child
 * already: at a second Ctrl-C many programs give up their clean-up. On Windows all signals come from the console that
 * both have, and to pass one on would end the child at once.
 * @param inForeground whether this process, and so the child, is in the foreground process group
 */
export function mustPassOn(
  signal: NodeJS.Signals,
  inForeground: () => boolean,
  platform: NodeJS.Platform = ownPlatform,
): boolean {
  return !isWindows(platform) && !(terminalSignals.has(signal) && inForeground())
}

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
