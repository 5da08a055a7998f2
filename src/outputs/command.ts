import { spawn } from "node:child_process"
import { constants } from "node:os"
import type { Session } from "../domain/session.ts"
import { PumError } from "../errors.ts"
import type { Mode } from "../options/modes.ts"
import type { Environment } from "../options/options.ts"
import { sessionVariables } from "./environment.ts"
import { commandNotExecutable, commandNotFound, resolveProgram } from "./program.ts"

export interface ChildSettings {
  readonly env: Environment
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

/** Signals that a terminal sends to the whole foreground process group. */
const terminalSignals = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT", "SIGBREAK"])
/** Signals to forward beside those that `takeSignals` passes on. */
const otherSignals: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGBREAK"] : ["SIGQUIT", "SIGUSR1", "SIGUSR2"]

/**
 * Runs the command with the session in its environment and with this process's streams, and forwards signals to it.
 * @returns the command's exit code, or 128 plus the number of the signal that ended it
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function runCommand(
  session: Session,
  { file, args }: Command,
  { env, inForeground, takeSignals }: ChildSettings,
): Promise<number> {
  const start = resolveProgram(file, args, env)
  return new Promise((resolve, reject) => {
    const child = spawn(start.file, start.args, {
      env: environmentFor(session, env),
      stdio: "inherit",
      windowsVerbatimArguments: start.verbatim,
    })
    const forward = (signal: NodeJS.Signals) => {
      // The child has it from the terminal already; at a second Ctrl-C many programs give up their clean-up.
      if (!(terminalSignals.has(signal) && inForeground())) child.kill(signal)
    }
    takeSignals(forward)
    for (const signal of otherSignals) process.on(signal, forward)
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) reject(spawnError(file, error))
    })
    child.on("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

function spawnError(file: string, error: NodeJS.ErrnoException): PumError {
  if (error.code === "ENOENT") return commandNotFound(file, error)
  if (error.code === "EACCES" || error.code === "ENOEXEC") return commandNotExecutable(file, error)
  return new PumError("commandNotExecutable", `cannot run '${file}': the system reports ${error.code}`, {
    cause: error,
  })
}

/** This process's environment with the session's variables. Windows ignores the case of names. */
function environmentFor(session: Session, env: Environment): Record<string, string> {
  const { set, unset } = sessionVariables(session)
  const changed = new Set([...Object.keys(set), ...unset])
  const unchanged: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const canonical = process.platform === "win32" ? name.toUpperCase() : name
    if (value !== undefined && !changed.has(canonical)) unchanged[name] = value
  }
  return { ...unchanged, ...set }
}
