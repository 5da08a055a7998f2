import type * as Files from "../aws-files/index.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Session } from "../sts.ts"
import { Flight, type FlightSettings, type Obtained } from "./flight.ts"

export interface Sharing extends FlightSettings {
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
  const known = () => {
    const session = flight.landed() ?? flight.kept()
    if (session !== undefined)
      sharing.terminal.trace(
        `a session is there already: ${session.principalArn}, until ${session.expiration.toISOString()}`,
      )
    return session
  }
  const turns = new Turns(sharing, flight)
  try {
    const session = known()
    if (session !== undefined) return session
    let lock: Files.Locks
    try {
      const turn = await turns.wait(() => flight.lock(), known)
      if ("session" in turn) return turn.session
      lock = turn.lock
    } catch (error) {
      if (!(error instanceof PumError) || error.code !== "file") throw error
      flight.warnOnce(`sessions are not kept: ${inOneLine(error)}`)
      return (await signIn()).session
    }
    try {
      if (sharing.place === undefined) return known() ?? (await flight.land(signIn))
      const turn = await turns.wait(() => flight.lockTerminal(), known)
      if ("session" in turn) return turn.session
      try {
        return known() ?? (await flight.land(signIn))
      } finally {
        await turn.lock.release()
      }
    } finally {
      await lock.release()
    }
  } finally {
    turns.end()
  }
}

/** Waiting for others, within one patience for all of it. */
class Turns {
  private readonly sharing: Sharing
  private readonly flight: Flight
  private readonly patience: number
  private readonly deadline: number
  private endProgress: (() => void) | undefined

  constructor(sharing: Sharing, flight: Flight) {
    this.sharing = sharing
    this.flight = flight
    this.patience = sharing.patience ?? 55_000
    this.deadline = sharing.now() + this.patience
  }

  /** @returns the lock; or the session, where that is there first */
  async wait(
    tryToLock: () => Promise<Files.Locks | undefined>,
    known: () => Session | undefined,
  ): Promise<{ readonly lock: Files.Locks } | { readonly session: Session }> {
    const { now, pause } = this.sharing
    for (;;) {
      const lock = await tryToLock()
      if (lock !== undefined) {
        this.end()
        return { lock }
      }
      if (now() > this.deadline) throw this.inVain()
      this.show()
      await pause(50 + Math.random() * 150)
      const session = known()
      if (session !== undefined) return { session }
    }
  }

  end(): void {
    this.endProgress?.()
    this.endProgress = undefined
  }

  /** On the terminal that shows the question itself it would only be in the way. */
  private show(): void {
    if (this.endProgress === undefined && this.flight.isAskedElsewhere())
      this.endProgress = this.sharing.terminal.progress("Waiting for pum-aws in another terminal")
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
