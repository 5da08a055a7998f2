import { type ChildProcess, spawn } from "node:child_process"
import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { PumError } from "../errors.ts"
import { codeOf } from "../files/file-error.ts"
import type { Mode } from "../options/modes.ts"
import { codeOfSignal, mustPassOn } from "../platform/end-process.ts"
import { canonicalName, type Environment, isWindows } from "../platform/platform.ts"
import { sessionVariables } from "./environment.ts"
import { commandNotExecutable, commandNotFound, resolveProgram } from "./program.ts"

export interface ChildSettings {
  readonly env: Environment
  /** Names of accounts by id. */
  readonly names: Aliases
  /** Whether the terminal sends its signals (Ctrl-C) to this process now, and so to the command as well. */
  readonly inForeground: () => boolean
  /** Passes signals that would end this process to `take` from now on. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

type Command = Extract<Mode, { kind: "command" }>

/**
 * Checks that the command's program exists.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function checkCommand({ file, args }: Command, env: Environment): void {
  resolveProgram(file, args, env)
}

/** Signals by which this process dies, too, if the command died by them: a script around it is to stop. */
const sharedSignals = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT", "SIGTERM"])
/** Signals to forward beside those that `takeSignals` passes on. */
const otherSignals: readonly NodeJS.Signals[] = isWindows() ? [] : ["SIGUSR1", "SIGUSR2"]

/**
 * Runs the command with the session in its environment and with this process's streams, and forwards signals to it.
 * @returns the command's exit code, or the signal that ended it if this process is to die by it as well, or 128 plus the
 *   number of another signal
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function runCommand(
  session: Session,
  { file, args }: Command,
  { env, names, inForeground, takeSignals }: ChildSettings,
): Promise<number | NodeJS.Signals> {
  const start = resolveProgram(file, args, env)
  return new Promise((resolve, reject) => {
    let child: ChildProcess
    try {
      child = spawn(start.file, start.args, {
        env: environmentFor(session, env, names),
        stdio: "inherit",
        windowsVerbatimArguments: start.verbatim,
      })
    } catch (error) {
      // Node.js throws some errors of the system, such as that of a damaged program on Windows, and emits others.
      reject(spawnError(file, error))
      return
    }
    const forward = (signal: NodeJS.Signals) => {
      if (mustPassOn(signal, inForeground)) child.kill(signal)
    }
    takeSignals(forward)
    for (const signal of otherSignals) process.on(signal, forward)
    child.on("error", error => {
      if (child.pid === undefined) reject(spawnError(file, error))
    })
    child.on("exit", (code, signal) => {
      if (signal === null) resolve(code ?? 0)
      else resolve(sharedSignals.has(signal) ? signal : codeOfSignal(signal))
    })
  })
}

function spawnError(file: string, error: unknown): PumError {
  const code = codeOf(error)
  if (code === "ENOENT") return commandNotFound(file, error)
  if (code === "EACCES" || code === "ENOEXEC") return commandNotExecutable(file, error)
  return new PumError("commandNotExecutable", `cannot run '${file}': the system reports ${code}`, {
    cause: error,
  })
}

/** This process's environment with the session's variables. */
function environmentFor(session: Session, env: Environment, names: Aliases): Record<string, string> {
  const { set, unset } = sessionVariables(session, names)
  const changed = new Set([...Object.keys(set), ...unset])
  const unchanged: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !changed.has(canonicalName(name))) unchanged[name] = value
  }
  return { ...unchanged, ...set }
}
