import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Session } from "../domain/session.ts"
import { inOneLine, kindOf, PumError } from "../errors.ts"
import { type Lock, tryToLock } from "../files/lock.ts"
import { isLocked } from "../files/lock-folder.ts"
import { makeFolder } from "../files/replace-files.ts"
import { Sightings } from "../files/sightings.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { findKept } from "./find.ts"
import {
  type Failure,
  isUsable,
  type KeptSession,
  keptFile,
  type Outcome,
  parseKept,
  parseOutcome,
  readOurs,
} from "./kept.ts"
import { type ExpectedUser, fileNameOf, holdersOf, keyOf } from "./key.ts"

/** A new session, and the user name that was typed for it, if it was. */
export interface Obtained {
  readonly session: Session
  readonly typedUsername: string | undefined
}

export interface FlightSettings {
  readonly options: Options
  /** Who is going to sign in (`userOf`). */
  readonly user: ExpectedUser | undefined
  readonly home: string
  readonly terminal: Terminal
  /** Names the terminal that questions would be asked on; nothing where nobody can be asked. */
  readonly place: string | undefined
  /** When this process began, in milliseconds since 1970: what others did since then was done for us, too. */
  readonly began: number
  readonly now: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly steady: () => number
}

const dayLong = 24 * 3600_000

/** One sign-in that several processes want at once: one of them does it, the others learn how it ended. */
export class Flight {
  private readonly settings: FlightSettings
  private readonly key: string
  /** Of the file that tells how it ended. */
  private readonly name: string
  private readonly sightings: Sightings
  private warned = false

  constructor(settings: FlightSettings) {
    this.settings = settings
    // Who was only offered may turn out to be somebody else: that is another sign-in than of who was named.
    const { options, user } = settings
    this.key = JSON.stringify([keyOf(options, user), options.username === undefined])
    this.sightings = new Sightings(settings.steady)
    this.name = fileNameOf(this.key, options.profile).replace(/json$/, "outcome")
  }

  /**
   * The session of a sign-in that ended since this process began.
   * @throws PumError the failure of that sign-in
   */
  landed(): Session | undefined {
    const { began, now } = this.settings
    const outcome = this.outcome()
    // Of a clock that was set back nothing is believed: a failure from the future would refuse for hours.
    if (outcome === undefined || outcome.at < began || outcome.at > now()) return undefined
    const { session, failure } = outcome
    if (failure !== undefined && this.concernsUs(failure, outcome.place))
      throw new PumError(failure.code, failure.message, { hint: failure.hint })
    return session !== undefined && isUsable(session, now()) ? session : undefined
  }

  /** @throws PumError `file` */
  kept(): Session | undefined {
    const { options, user, home, now } = this.settings
    if (options.force) return undefined
    return findKept(options, user, home, now(), shown =>
      this.warnOnce(`ignored ${shown}: it holds no session of pum-aws`),
    )
  }

  /** Whether the sign-in is under way elsewhere, and no question stands on our terminal, which words would spoil. */
  isElsewhere(): boolean {
    const { home, place } = this.settings
    const outcome = this.outcome()
    const isUnderWay = outcome?.session === undefined && outcome?.failure === undefined
    if (outcome === undefined || !isUnderWay || outcome.place === place) return false
    return !isLocked(keptFile(home, this.terminalName).path)
  }

  /** The right to sign in; nothing while another process has it. */
  lock(): Promise<Lock | undefined> {
    return this.lockOn(this.name)
  }

  /** The right to ask on our terminal, where keys would go to one of several questions; nothing while another asks. */
  lockTerminal(): Promise<Lock | undefined> {
    return this.lockOn(this.terminalName)
  }

  /** Signs in, and tells the others how it ended. The caller holds the lock. */
  async land(signIn: () => Promise<Obtained>): Promise<Session> {
    await this.tell({ session: undefined, failure: undefined })
    try {
      const { session, typedUsername } = await signIn()
      for (const holder of holdersOf(this.settings.user, typedUsername)) await this.keep(holder, session)
      this.prune()
      await this.tell({ session, failure: undefined })
      return session
    } catch (error) {
      if (error instanceof PumError) {
        const { code, message, hint } = error
        // A server may have quoted what it was sent; the others know of no secrets.
        const { redacted } = this.settings.terminal
        const words = { message: redacted(message), hint: hint === undefined ? hint : redacted(hint) }
        await this.tell({ session: undefined, failure: { code, ...words } })
      }
      throw error
    }
  }

  /** Once in a run: that sessions cannot be kept, or that one was not to be read. */
  warnOnce(text: string): void {
    if (!this.warned) this.settings.terminal.warn(text)
    this.warned = true
  }

  private concernsUs({ code }: Failure, place: string | undefined): boolean {
    const ours = this.settings.place
    // Whoever left a question left it for all who wait at the same terminal, and for nobody else.
    if (code === "cancelled") return place !== undefined && place === ours
    // Several roles, and nobody to choose: here there may be somebody.
    if (code === "noRole" && place === undefined && ours !== undefined) return false
    return kindOf(code).isShared
  }

  private lockOn(name: string): Promise<Lock | undefined> {
    const { home } = this.settings
    const file = keptFile(home, name)
    makeFolder({ file, target: file.path })
    return tryToLock({ file, target: file.path }, this.sightings)
  }

  private keep(holder: ExpectedUser, session: Session): Promise<void> {
    const { options } = this.settings
    const key = keyOf(options, holder)
    return this.write(fileNameOf(key, options.profile), { key, profile: options.profile, session })
  }

  private tell(ending: Pick<Outcome, "session" | "failure">): Promise<void> {
    const { now, place } = this.settings
    return this.write(this.name, { key: this.key, at: now(), place, ...ending })
  }

  private get terminalName(): string {
    return `asking-${(this.settings.place ?? "").replace(/\W/g, "_")}`
  }

  private outcome(): Outcome | undefined {
    const text = readOurs(keptFile(this.settings.home, this.name))
    const outcome = text === undefined ? undefined : parseOutcome(text)
    return outcome?.key === this.key ? outcome : undefined
  }

  /** That a session cannot be kept is a warning: it is there, and may be used. */
  private async write(name: string, content: KeptSession | Outcome): Promise<void> {
    const { home } = this.settings
    try {
      await writePrivately(keptFile(home, name), JSON.stringify(content))
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      this.warnOnce(`sessions are not kept: ${inOneLine(error)}`)
    }
  }

  /** Removes what ran out more than a day ago. What cannot be removed does no harm. */
  private prune(): void {
    const { home, now } = this.settings
    const folder = keptFile(home, "").path
    try {
      for (const name of readdirSync(folder)) {
        const text = /\.(json|outcome)$/.test(name) ? readOurs(keptFile(home, name)) : undefined
        if (text === undefined) continue
        const ended = parseKept(text)?.session.expiration.getTime() ?? parseOutcome(text)?.at
        if (ended !== undefined && ended < now() - dayLong) rmSync(join(folder, name), { force: true })
      }
    } catch {}
  }
}
