import { existsSync } from "node:fs"
import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"
import { inOneLine, kindOf, PumError } from "../errors.ts"
import { ownFile } from "../files/read-own-file.ts"
import type { Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { keepSession } from "./keep-session.ts"
import { findKeptSession } from "./kept-sessions.ts"
import { isCtrlC } from "./outcome.ts"
import { RecentRefusals } from "./recent-refusals.ts"
import { removeOldFiles } from "./remove-old-files.ts"
import { cacheOwners, type ExpectedUser, fileNameOf, flightKey } from "./session-key.ts"
import { type FlightSettings, SingleFlight } from "./single-flight.ts"

/** A new session, and who it was signed in for. */
export interface Obtained {
  readonly session: Session
  /** The user name, if it was typed in this run. */
  readonly typedUsername: string | undefined
}

export interface SharingSettings extends Omit<FlightSettings, "key" | "name" | "patience" | "warnOnce"> {
  readonly options: Options
  /** The user who will sign in (`expectedUser`). */
  readonly user: ExpectedUser | undefined
  /** The program that this run is an answer to (`findCaller`). */
  readonly caller: string | undefined
  /** Whether the answers of a sign-in can come from somewhere: a terminal, stdin, a command, 1Password. */
  readonly canSignIn: boolean
  /** How long to wait for other processes, in milliseconds; default: 55 s, as the SDK for Go waits a minute. */
  readonly patience?: number
}

/**
 * The kept session for these options, or the one that `signIn` gives here or in another process, which is then kept.
 * @throws PumError what `signIn` throws, here or in another process; `answerMissing` after too long a wait
 */
export async function obtainSession(
  settings: SharingSettings,
  signIn: () => Promise<Obtained>,
): Promise<Session> {
  const { options, user, home, terminal, tty, clock, began, pause, ending, giveUp } = settings
  const key = flightKey(options, user)
  const warnOnce = warningOnce(terminal)
  const find = () => {
    const onIgnored = (what: string) => warnOnce(`ignored ${what}`)
    const { canSignIn } = settings
    return options.force
      ? undefined
      : findKeptSession(options, user, { home, now: clock.now(), canSignIn, onIgnored })
  }
  const name = fileNameOf(key, options.profile, "outcome")
  const flight = new SingleFlight({
    key,
    name,
    home,
    terminal,
    tty,
    clock,
    began,
    pause,
    ending,
    giveUp,
    warnOnce,
    patience: settings.patience ?? 55_000,
  })
  let isNew = false
  const signInAndKeep = async () => {
    isNew = true
    // The flight has written there that a sign-in is under way. --logout removes that.
    const { path } = ownFile(home, name)
    const isUnderWay = existsSync(path)
    const obtained = await signIn()
    if (isUnderWay && !existsSync(path)) warnOnce("the session is not kept: --logout was run meanwhile")
    else await keep(obtained, settings, warnOnce)
    return obtained.session
  }
  const session = await withRecentRefusals(key, settings, find, () => flight.run(find, signInAndKeep)).catch(
    error => keptInPlaceOf(error, settings),
  )
  if (!isNew) {
    const until = formatUtc(session.expiration)
    terminal.trace(`a session is there already: ${session.principalArn}, until ${until}`)
  }
  return session
}

/** Throws the refusal that still holds for this caller, unless a session is there; else works and keeps its refusal. */
async function withRecentRefusals(
  key: string,
  { options, caller, home, clock, terminal, ending }: SharingSettings,
  find: () => Session | undefined,
  work: () => Promise<Session>,
): Promise<Session> {
  if (caller === undefined) return work()
  const { profile } = options
  const refusals = new RecentRefusals({ key, profile, caller, home, clock, redact: terminal.redacted })
  const recent = refusals.find()
  if (recent !== undefined && find() === undefined) throw recent
  const onEnding = () => {
    if (isCtrlC(ending.reason)) void refusals.keep(ending.reason)
  }
  ending.addEventListener("abort", onEnding)
  try {
    return await work()
  } catch (error) {
    await refusals.keep(error)
    throw error
  } finally {
    ending.removeEventListener("abort", onEnding)
  }
}

/**
 * Without a terminal, valid credentials beat an error: the kept session, however short. A refusal is an error all the
 * same: the next call would send the same password again.
 * @throws the error, if there is no such session
 */
function keptInPlaceOf(error: unknown, { options, user, home, clock, tty }: SharingSettings): Session {
  const mayHelp = error instanceof PumError && kindOf(error.code).exitCode !== 3 && error.code !== "cancelled"
  const isUsed = mayHelp && tty === undefined && !options.force
  const kept = isUsed
    ? findKeptSession(options, user, { home, now: clock.now(), canSignIn: false })
    : undefined
  if (kept === undefined) throw error
  return kept
}

/** If the session cannot be kept, it can be used all the same: a warning. */
async function keep(
  { session, typedUsername }: Obtained,
  { options, user, home, clock }: SharingSettings,
  warnOnce: (text: string) => void,
): Promise<void> {
  try {
    await keepSession(session, options, cacheOwners(user, typedUsername), home)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    warnOnce(`sessions are not kept: ${inOneLine(error)}`)
  }
  removeOldFiles(home, clock)
}

function warningOnce(terminal: Terminal): (text: string) => void {
  let hasWarned = false
  return text => {
    if (!hasWarned) terminal.warn(text)
    hasWarned = true
  }
}
