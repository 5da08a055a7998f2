import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Lock } from "../files/lock.ts"
import { Flight, type FlightSettings, type Obtained } from "./flight.ts"

export interface Sharing extends FlightSettings {
  /** Ends this process: another has taken its turn. */
  readonly giveUp: (error: PumError) => void
  readonly pause: (milliseconds: number) => Promise<void>
  /** How long to wait for other processes, in milliseconds; default: 55 s, as Go's SDK waits a minute. */
  readonly patience?: number
}

/**
 * The session that is kept, or the one that `signIn` gives, which is kept then. Of many processes that want the same
 * one at once, one signs in; the others wait for its session, or its failure. And of many that want different ones, one
 * asks at a time on one terminal.
 * @throws PumError what `signIn` throws, here or there; `answerMissing` after too long a wait
 */
export async function sharedSession(sharing: Sharing, signIn: () => Promise<Obtained>): Promise<Session> {
  const flight = new Flight(sharing)
  const turns = new Turns(sharing, flight)
  const land = () => flight.land(signIn)
  const askInTurn = () => turns.take(() => flight.lockTerminal(), land)
  try {
    return (
      turns.known() ?? (await turns.take(() => flight.lock(), sharing.place === undefined ? land : askInTurn))
    )
  } finally {
    turns.endProgress()
  }
}

/**
 * How long whoever had the turn may take to end, in milliseconds. Node.js puts a terminal back as it ends, and with the
 * next question there already, a password would be shown as it is typed.
 */
const untilEnded = 300

/** Waiting for others, within one patience for all of it. */
class Turns {
  private readonly sharing: Sharing
  private readonly flight: Flight
  private readonly patience: number
  private readonly deadline: number
  private progress: (() => void) | undefined

  constructor(sharing: Sharing, flight: Flight) {
    this.sharing = sharing
    this.flight = flight
    this.patience = sharing.patience ?? 55_000
    this.deadline = sharing.steady() + this.patience
  }

  /** The session that is there already. */
  known(): Session | undefined {
    const session = this.flight.landed() ?? this.flight.kept()
    if (session !== undefined) {
      const { expiration, principalArn } = session
      this.sharing.terminal.trace(
        `a session is there already: ${principalArn}, until ${formatUtc(expiration)}`,
      )
    }
    return session
  }

  /** Does the work when it is our turn, unless the session is there first. */
  async take(tryToLock: () => Promise<Lock | undefined>, work: () => Promise<Session>): Promise<Session> {
    const { giveUp, pause, steady } = this.sharing
    for (let looks = 0; ; looks++) {
      let lock: Lock | undefined
      try {
        lock = await tryToLock()
      } catch (error) {
        if (!(error instanceof PumError)) throw error
        this.flight.warnOnce(`sessions are not shared: ${inOneLine(error)}`)
        return work()
      }
      if (lock !== undefined) {
        this.endProgress()
        // Two questions on one terminal would share the keys, and send half a password each.
        lock.lost.addEventListener("abort", () => giveUp(takenOver()))
        try {
          if (looks > 0) await pause(untilEnded)
          return this.known() ?? (await work())
        } finally {
          await lock.release()
        }
      }
      if (steady() > this.deadline) throw this.inVain()
      this.showProgress()
      await pause(50 + Math.random() * 150)
      const session = this.known()
      if (session !== undefined) return session
    }
  }

  endProgress(): void {
    this.progress?.()
    this.progress = undefined
  }

  private showProgress(): void {
    if (!this.flight.isElsewhere()) this.endProgress()
    else this.progress ??= this.sharing.terminal.progress("Waiting for another pum-aws to sign in")
  }

  private inVain(): PumError {
    const seconds = Math.round(this.patience / 1000)
    return new PumError(
      "answerMissing",
      `another pum-aws is signing in, and was waited for ${seconds} s in vain`,
      { hint: "answer its questions, then run this again" },
    )
  }
}

const takenOver = () =>
  new PumError("answerMissing", "another pum-aws asks by now: this one stood still for too long", {
    hint: "answer there, or run this again",
  })
