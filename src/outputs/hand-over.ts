import type { StdinAnswers } from "../answers/stdin-answers.ts"
import { consoleLink } from "../aws/console-link.ts"
import type { Session } from "../domain/session.ts"
import { formatTimeOfDay } from "../domain/time.ts"
import { PumError } from "../errors.ts"
import type { Network } from "../http/network.ts"
import type { Mode } from "../options/modes.ts"
import type { Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { checkCommand, runCommand, type Surroundings } from "./command.ts"
import { variablesOf } from "./environment.ts"
import { exportFor } from "./export.ts"
import { credentialProcessAnswer, sessionAsJson } from "./json.ts"
import { openInSystemBrowser } from "./system-browser.ts"

export interface Receiver extends Surroundings {
  readonly options: Options
  readonly terminal: Terminal
  readonly openNetwork: () => Promise<Network>
  /** With --password-stdin. */
  readonly stdinAnswers: StdinAnswers | undefined
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
}

/** The modes that give a session away. */
export type GivingMode = Exclude<Mode, { readonly kind: "profile" | "list" | "status" }>

/** What can be known to be in the way before anybody signs in. */
export function checkReceiver(mode: GivingMode, { env }: Receiver): void {
  if (mode.kind === "command") checkCommand(mode, env)
}

/**
 * Programs show one line of what went wrong at most, so it is the one that says what a person can do.
 * @returns what is to be thrown instead
 */
export function forReceiver(error: unknown, mode: GivingMode, { terminal }: Receiver): unknown {
  const isToTell = mode.kind === "credentialProcess" && !terminal.interactive
  if (!isToTell || !(error instanceof PumError) || error.code !== "answerMissing") return error
  return new PumError("answerMissing", `${error.message}; run this in a terminal: ${mode.byHand}`, {
    cause: error,
  })
}

/**
 * Gives a session to whom it was asked for, without touching an AWS file.
 * @returns the exit code
 */
export async function handOver(session: Session, mode: GivingMode, receiver: Receiver): Promise<number> {
  const { options, terminal, print } = receiver
  const { aliases, profile } = options
  switch (mode.kind) {
    case "command":
      // Also where a session was kept, and nobody asked for the answers.
      await receiver.stdinAnswers?.skipTo(options.otpCommand === undefined ? 2 : 1)
      return runCommand(session, mode, receiver)
    case "export":
      await print(exportFor(mode.shell, variablesOf(session)))
      return 0
    case "json":
      await print(sessionAsJson(session, profile, aliases))
      return 0
    case "console": {
      const link = await consoleLink(session, mode.service, {
        network: await receiver.openNetwork(),
        issuer: options.idpUrl,
      })
      await print(`${link}\n`)
      const isOpen = await openInSystemBrowser(link, receiver.env)
      const { account, name } = session.role
      const what = `the AWS console of ${aliases.get(account) ?? account} as ${name}, until ${formatTimeOfDay(session.expiration)}`
      const trouble = receiver.env.BROWSER ? "BROWSER could not be started" : "No browser could be opened"
      terminal.tell(isOpen ? `Opened in the browser: ${what}` : `${trouble}; the link leads to ${what}`)
      return 0
    }
    case "credentialProcess":
      await print(credentialProcessAnswer(session))
      return 0
  }
}
