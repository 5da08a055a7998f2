import { spawn } from "node:child_process"
import { constants } from "node:os"
import type { Session } from "../domain/session.ts"
import { PumError } from "../errors.ts"
import type { Mode } from "../options/modes.ts"
import type { Environment } from "../options/options.ts"
import { variablesOf } from "./environment.ts"
import { commandNotExecutable, commandNotFound, startOf } from "./program.ts"

export interface Surroundings {
  readonly env: Environment
  /** Whether what is pressed on a terminal reaches both of us now. */
  readonly inForeground: () => boolean
  /** From now on signals that would end this process come here instead. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

type Command = Extract<Mode, { kind: "command" }>

/**
 * That there is such a program. Meant to be asked before the password.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function checkCommand({ file, args }: Command, env: Environment): void {
  startOf(file, args, env)
}

/** What the keyboard sends to every process at the terminal: the child has it without our help. */
const fromKeyboard = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT", "SIGBREAK"])
/** Beside those that end this process anyway. */
const further: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGBREAK"] : ["SIGQUIT", "SIGUSR1", "SIGUSR2"]

/**
 * Runs the command with the session in its environment and this process's own streams, and hands signals on to it.
 * @returns the command's exit code; 128 and the signal's number where a signal ended it
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function runCommand(
  session: Session,
  { file, args }: Command,
  { env, inForeground, takeSignals }: Surroundings,
): Promise<number> {
  const start = startOf(file, args, env)
  return new Promise((resolve, reject) => {
    const child = spawn(start.file, start.args, {
      env: environmentFor(session, env),
      stdio: "inherit",
      windowsVerbatimArguments: start.verbatim,
    })
    const handOn = (signal: NodeJS.Signals) => {
      // A second Ctrl-C makes many programs give up what they have begun to clean up.
      if (!(fromKeyboard.has(signal) && inForeground())) child.kill(signal)
    }
    takeSignals(handOn)
    for (const signal of further) process.on(signal, handOn)
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) reject(notStarted(file, error))
    })
    child.on("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

function notStarted(file: string, error: NodeJS.ErrnoException): PumError {
  if (error.code === "ENOENT") return commandNotFound(file, error)
  if (error.code === "EACCES" || error.code === "ENOEXEC") return commandNotExecutable(file, error)
  return new PumError("commandNotExecutable", `cannot run '${file}': the system reports ${error.code}`, {
    cause: error,
  })
}

/** This process's own, without what would win over the session. Windows knows names in any case. */
function environmentFor(session: Session, env: Environment): Record<string, string> {
  const { set, unset } = variablesOf(session)
  const ours = new Set([...Object.keys(set), ...unset])
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const known = process.platform === "win32" ? name.toUpperCase() : name
    if (value !== undefined && !ours.has(known)) clean[name] = value
  }
  return { ...clean, ...set }
}
