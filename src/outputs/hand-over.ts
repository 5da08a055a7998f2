import type { StdinAnswers } from "../answers/stdin-answers.ts"
import type { Session } from "../domain/session.ts"
import type { Mode } from "../options/modes.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type ChildSettings, checkCommand, runCommand } from "./command.ts"
import { type ConsoleSettings, openConsole } from "./console.ts"
import { credentialProcessAnswer, withCommandForTerminal } from "./credential-process.ts"
import { describeSession } from "./describe-session.ts"
import { sessionText } from "./session-text.ts"

export interface HandOverSettings extends ChildSettings, ConsoleSettings {
  /** Whether the process that started this one is gone. */
  readonly isOrphan: () => boolean
  /** With --password-stdin. */
  readonly stdinAnswers: StdinAnswers | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The modes that pass a session on and write no AWS file. */
export type HandOverMode = Exclude<
  Mode,
  { readonly kind: "completion" | "profile" | "logout" | "onDemand" | "list" | "status" }
>

/**
 * Checks before the sign-in that the session can be passed on.
 * @throws PumError `commandNotFound`, `commandNotExecutable`
 */
export function checkHandOver(mode: HandOverMode, { env }: Pick<HandOverSettings, "env">): void {
  if (mode.kind === "command") checkCommand(mode, env)
}

/**
 * Passes a session on in the way of its mode.
 * @returns the exit code, or the signal to die by
 */
export async function handOver(
  session: Session,
  mode: HandOverMode,
  settings: HandOverSettings,
): Promise<number | NodeJS.Signals> {
  const { options, stdinAnswers, print } = settings
  tellWho(session, mode, settings)
  switch (mode.kind) {
    case "command":
      // The command reads stdin after the answers, even if a kept session made them unnecessary.
      await stdinAnswers?.skipTo(options.otpCommand === undefined ? 2 : 1)
      return runCommand(session, mode, settings)
    case "export":
    case "json":
      await print(sessionText(session, mode, settings))
      return 0
    case "console":
      await openConsole(session, mode.service, settings)
      return 0
    case "credentialProcess":
      await print(credentialProcessAnswer(session))
      if (settings.isOrphan() && settings.terminal.hasAsked())
        settings.terminal.warn("the program that asked has given up; the session is kept: run it again")
      return 0
  }
}

/** Says on the terminal which session it is. A program is not told, unless it caused a question. */
function tellWho(session: Session, mode: HandOverMode, settings: HandOverSettings): void {
  const { terminal, now } = settings
  if (!terminal.interactive || mode.kind === "console") return
  if (mode.kind === "credentialProcess" && !terminal.hasAsked()) return
  terminal.tell(describeSession(session, { ...settings, now: now() }))
}

/** @returns the error to throw in place of this one, in words for the mode's reader */
export function errorFor(mode: HandOverMode, error: unknown, terminal: Terminal): unknown {
  const isForProgram = mode.kind === "credentialProcess" && (!terminal.interactive || terminal.hasPatience)
  return isForProgram ? withCommandForTerminal(error, mode.commandInTerminal) : error
}
