import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type * as Files from "../aws-files/index.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Options } from "../options/index.ts"
import type { Session } from "../sts.ts"
import type { Terminal } from "../terminal/index.ts"
import {
  type Failure,
  isUsable,
  type Kept,
  keptFile,
  type Outcome,
  parseKept,
  parseOutcome,
  readOurs,
} from "./kept.ts"
import { byName, fileNameOf, keyOf } from "./key.ts"

/** A new session, and the user name that was typed for it, if it was. */
export interface Obtained {
  readonly session: Session
  readonly typedUsername: string | undefined
}

export interface Sharing {
  readonly options: Options
  /** Who is going to sign in (`userOf`). */
  readonly user: string | undefined
  readonly files: typeof Files
  readonly home: string
  readonly terminal: Terminal
  /** When this process began, in milliseconds since 1970: what others did since then was done for us, too. */
  readonly began: number
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
  /** How long to wait for another process to sign in, in milliseconds; default: 55 s, as Go's SDK waits a minute. */
  readonly patience?: number
}

/**
 * The session that is kept, or the one that `signIn` gives, which is kept then. Of many processes that want the same
 * one at once, one signs in; the others wait for its session, or its failure.
 * @throws PumError what `signIn` throws, here or there; `answerMissing` after too long a wait
 */
export async function sharedSession(sharing: Sharing, signIn: () => Promise<Obtained>): Promise<Session> {
  const { options, user, now, terminal } = sharing
  const name = fileNameOf(keyOf(options, user ?? ""), options.profile)
  const flight = new Flight(sharing, name)
  const patience = sharing.patience ?? 55_000
  const deadline = now() + patience
  for (;;) {
    const known = flight.session()
    if (known !== undefined) return known
    let lock: Files.Locks | undefined
    try {
      lock = await flight.lock()
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      terminal.warn(`sessions are not kept: ${inOneLine(error)}`)
      return (await signIn()).session
    }
    if (lock !== undefined) {
      try {
        return flight.session() ?? (await flight.land(signIn))
      } finally {
        await lock.release()
      }
    }
    if (now() > deadline) {
      const seconds = Math.round(patience / 1000)
      throw new PumError(
        "answerMissing",
        `another pum-aws is signing in, and was waited for ${seconds} s in vain`,
        { hint: "answer its questions, then run this again" },
      )
    }
    await sharing.pause(50 + Math.random() * 150)
  }
}

const hintOf = ({ hint }: Failure) => (hint === undefined ? {} : { hint })

/** One sign-in that several processes wait for. */
class Flight {
  private readonly sharing: Sharing
  private readonly name: string
  private readonly key: string
  private warned = false

  constructor(sharing: Sharing, name: string) {
    this.sharing = sharing
    this.name = name
    this.key = keyOf(sharing.options, sharing.user ?? "")
  }

  /**
   * What is kept, or came out of a sign-in that ended since this process began.
   * @throws PumError the failure of that sign-in
   */
  session(): Session | undefined {
    const { options, user, began, now, terminal } = this.sharing
    const outcome = this.outcome()
    if (outcome !== undefined && outcome.at >= began) {
      const { session, failure } = outcome
      if (session !== undefined) return session
      // What was missing there for want of a terminal may be answered here.
      const canDoBetter = failure?.interactive === false && terminal.interactive
      if (failure !== undefined && !(canDoBetter && ["answerMissing", "noRole"].includes(failure.code)))
        throw new PumError(failure.code, failure.message, hintOf(failure))
    }
    if (options.force || user === undefined) return undefined
    const kept = this.kept()
    return kept?.key === this.key && isUsable(kept.session, now()) ? kept.session : undefined
  }

  lock(): Promise<Files.Locks | undefined> {
    const { files, home } = this.sharing
    const file = keptFile(home, this.name)
    files.makeFolder({ file, target: file.path })
    return files.tryToLock({ file, target: file.path })
  }

  /** Signs in, and tells the others how it ended. */
  async land(signIn: () => Promise<Obtained>): Promise<Session> {
    const { options, terminal, user } = this.sharing
    try {
      const { session, typedUsername } = await signIn()
      // Kept for whoever it was that signed in, not for the one that was expected.
      const signedIn = typedUsername === undefined ? user : byName(typedUsername)
      if (signedIn !== undefined) this.keep(keyOf(options, signedIn), session)
      this.tell({ session, failure: undefined })
      return session
    } catch (error) {
      if (error instanceof PumError) {
        const { code, message, hint } = error
        this.tell({
          session: undefined,
          failure: { code, message, hint, interactive: terminal.interactive },
        })
      }
      throw error
    }
  }

  private keep(key: string, session: Session): void {
    const { profile } = this.sharing.options
    const kept: Kept = { key, profile, session }
    this.write(fileNameOf(key, profile), kept)
    this.prune()
  }

  private tell(ending: Pick<Outcome, "session" | "failure">): void {
    const outcome: Outcome = { key: this.key, at: this.sharing.now(), ...ending }
    this.write(this.outcomeName, outcome)
  }

  private get outcomeName(): string {
    return this.name.replace(/json$/, "outcome")
  }

  private outcome(): Outcome | undefined {
    const text = readOurs(keptFile(this.sharing.home, this.outcomeName))
    const outcome = text === undefined ? undefined : parseOutcome(text)
    return outcome?.key === this.key ? outcome : undefined
  }

  private kept(): Kept | undefined {
    const file = keptFile(this.sharing.home, this.name)
    const text = readOurs(file)
    const kept = text === undefined ? undefined : parseKept(text)
    if (text !== undefined && kept === undefined && !this.warned) {
      this.warned = true
      this.sharing.terminal.warn(`ignored ${file.shown}: it holds no session of pum-aws`)
    }
    return kept
  }

  /** That a session cannot be kept is a warning: it is there, and may be used. */
  private write(name: string, content: Kept | Outcome): void {
    const { files, home, terminal } = this.sharing
    try {
      files.writePrivately(keptFile(home, name), JSON.stringify(content))
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      if (!this.warned) terminal.warn(`sessions are not kept: ${inOneLine(error)}`)
      this.warned = true
    }
  }

  /** Removes what ran out more than a day ago. What cannot be removed does no harm. */
  private prune(): void {
    const { home, now } = this.sharing
    const folder = keptFile(home, "").path
    const dayAgo = now() - 24 * 3600_000
    try {
      for (const name of readdirSync(folder)) {
        const text = /\.(json|outcome)$/.test(name) ? readOurs(keptFile(home, name)) : undefined
        if (text === undefined) continue
        const ended = parseKept(text)?.session.expiration.getTime() ?? parseOutcome(text)?.at
        if (ended !== undefined && ended < dayAgo) rmSync(join(folder, name), { force: true })
      }
    } catch {}
  }
}
