import type { Session } from "../domain/session.ts"
import { inOneLine, PumError } from "../errors.ts"
import { type Lock, tryToLock } from "../files/lock.ts"
import { checkOwnFolder, ownFile, ownFolder } from "../files/read-own-file.ts"
import { makeFolder } from "../files/replace-files.ts"
import { Sightings } from "../files/sightings.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type Clock, momentNow, monotonicAge } from "./clock.ts"
import { isLongEnough } from "./kept-sessions.ts"
import {
  concernsWaiter,
  type EndedSignIn,
  isCtrlC,
  type Outcome,
  OutcomeFile,
  toError,
  toFailure,
} from "./outcome.ts"
import { WaitingLine } from "./waiting-line.ts"

/*
 * Single flight: if several processes need the same session at once, one of them signs in (the leader), the others wait
 * for its session or its failure. Files in ~/.aws/pum-aws:
 *
 *   NAME.outcome         the last sign-in that ended: id, time, session or failure; and the one that is under way
 *   NAME.outcome.lock    held by the leader until the outcome is written; only its holder writes NAME.outcome
 *   asking-TTY.lock      held by the leader as well if it may ask on a terminal: one question at a time, for any session
 *
 *   leader   locks NAME, then TTY; writes "under way"; signs in; writes the end with a new id; unlocks
 *   waiter   looks every 50 to 200 ms: if a sign-in ended since the waiter began, takes its result;
 *            else tries the lock, which gets stale within seconds if the leader was killed, and becomes the leader
 *
 * A sign-in ended since the waiter began if its id is another one than at the waiter's first look, or if its time is after
 * the start of the waiter's process, by the monotonic clock of the same boot. The wall clock decides nothing.
 */

export interface FlightSettings {
  /** Of the request (`flightKey`). */
  readonly key: string
  /** Name of the outcome's file. */
  readonly name: string
  readonly home: string
  readonly terminal: Terminal
  /** The terminal that questions are asked on; `undefined` if there is none. */
  readonly tty: string | undefined
  readonly clock: Clock
  /** When this process started, by the monotonic clock. */
  readonly began: number
  /** How long to wait for other processes, in milliseconds. */
  readonly patience: number
  readonly pause: (milliseconds: number) => Promise<void>
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  /** Ends this process, because another one has become the leader. */
  readonly giveUp: (error: PumError) => void
  /** Warns once in a run that sessions cannot be shared or kept. */
  readonly warnOnce: (text: string) => void
}

/**
 * Time for the process that had the lock to end, in milliseconds. Node.js restores the terminal when it ends: under the
 * next question, that would show a password while it is typed.
 */
const untilEnded = 300

export class SingleFlight {
  private readonly settings: FlightSettings
  private readonly file: OutcomeFile
  /** Tells which locks are stale. */
  private readonly sightings: Sightings
  private readonly deadline: number
  private readonly firstLook: number
  /** The sign-in that had ended at the first look. */
  private readonly firstId: string | undefined
  private readonly waiting: WaitingLine

  /** @throws PumError `file` */
  constructor(settings: FlightSettings) {
    this.settings = settings
    const { clock, home, key, name, patience, terminal, tty } = settings
    this.file = new OutcomeFile(home, name, key)
    const question = ownFile(home, this.ttyName)
    this.waiting = new WaitingLine({ terminal, tty, clock, outcome: this.file, question })
    this.sightings = new Sightings(clock.monotonicNow)
    this.firstLook = clock.monotonicNow()
    this.deadline = this.firstLook + patience
    this.firstId = this.file.read()?.ended?.id
  }

  /**
   * Waits for another process's sign-in, or signs in.
   * @param find looks for a kept session
   * @throws PumError what `signIn` throws here or in another process; `answerMissing` after too long a wait
   */
  async run(find: () => Session | undefined, signIn: () => Promise<Session>): Promise<Session> {
    const { name, tty } = this.settings
    const look = () => this.resultForUs() ?? find()
    const work = (lock: Lock | undefined) =>
      tty === undefined
        ? this.lead(lock, signIn)
        : this.takeTurn(this.ttyName, look, () => this.lead(lock, signIn))
    try {
      return look() ?? (await this.takeTurn(name, look, work))
    } finally {
      this.waiting.hide()
    }
  }

  /** Waits for a lock and works under it, unless `look` finds a session before. */
  private async takeTurn(
    name: string,
    look: () => Session | undefined,
    work: (lock: Lock | undefined) => Promise<Session>,
  ): Promise<Session> {
    const { clock, giveUp, pause, warnOnce } = this.settings
    for (let isFirstTry = true; ; isFirstTry = false) {
      let lock: Lock | undefined
      try {
        lock = await this.tryToLock(name)
      } catch (error) {
        if (!(error instanceof PumError)) throw error
        warnOnce(`sessions are not shared: ${inOneLine(error)}`)
        return work(undefined)
      }
      if (lock !== undefined) {
        this.waiting.hide()
        // Two questions on one terminal would share the keys: each might send half of a password.
        lock.lost.addEventListener("abort", () => giveUp(takenOver()))
        try {
          if (!isFirstTry) await pause(untilEnded)
          return look() ?? (await work(lock))
        } finally {
          await lock.release()
        }
      }
      if (clock.monotonicNow() > this.deadline) throw this.waitedInVain()
      this.waiting.show()
      await pause(50 + Math.random() * 150)
      const session = look()
      if (session !== undefined) return session
    }
  }

  /**
   * Signs in and writes the outcome.
   * @param lock on the outcome; `undefined` if it could not be locked: then nothing is written
   */
  private async lead(lock: Lock | undefined, signIn: () => Promise<Session>): Promise<Session> {
    const { ending, terminal, tty } = this.settings
    const write = async (outcome: Outcome) => {
      if (lock?.intact()) await this.write(outcome)
    }
    const writeEnd = (result: EndedSignIn["result"]) =>
      write({ underWay: undefined, ended: this.end(result) })
    const fail = async (error: unknown) => {
      if (error instanceof PumError) await writeEnd({ failure: toFailure(error, terminal.redacted) })
    }
    const onEnding = () => {
      // The process ends when this listener returns: the first attempt to write is synchronous.
      if (isCtrlC(ending.reason)) void fail(ending.reason)
    }
    await write({ underWay: { tty }, ended: this.file.read()?.ended })
    ending.addEventListener("abort", onEnding)
    try {
      const session = await signIn()
      // --logout removes the file: nothing of the session is to be left there.
      if (this.file.exists()) await writeEnd({ session })
      return session
    } catch (error) {
      await fail(error)
      throw error
    } finally {
      ending.removeEventListener("abort", onEnding)
    }
  }

  private end(result: EndedSignIn["result"]): EndedSignIn {
    const { clock, tty } = this.settings
    const id = `${process.pid}-${clock.monotonicNow()}-${Math.random()}`
    return { id, at: momentNow(clock), tty, result }
  }

  /**
   * The session of a sign-in that ended since this process began to wait.
   * @throws PumError its failure, if it concerns this process as well
   */
  private resultForUs(): Session | undefined {
    const ended = this.file.read()?.ended
    if (ended === undefined) return undefined
    const { began, clock } = this.settings
    const age = monotonicAge(ended.at, clock)
    const endedSinceStart = age !== undefined && age <= clock.monotonicNow() - began
    if (ended.id === this.firstId && !endedSinceStart) return undefined
    const { result, tty } = ended
    if ("failure" in result) {
      if (concernsWaiter(result.failure, tty, this.settings.tty)) throw toError(result.failure)
      return undefined
    }
    // A new session is good however far the wall clock is off.
    const { session } = result
    const secondsOld = (age ?? clock.monotonicNow() - this.firstLook) / 1000
    return isLongEnough(session.duration - secondsOld, session) ? session : undefined
  }

  private async tryToLock(name: string): Promise<Lock | undefined> {
    const { home } = this.settings
    checkOwnFolder(ownFolder(home))
    const file = ownFile(home, name)
    makeFolder({ file, target: file.path })
    return tryToLock({ file, target: file.path }, this.sightings)
  }

  private get ttyName(): string {
    return `asking-${(this.settings.tty ?? "").replace(/\W/g, "_")}`
  }

  private waitedInVain(): PumError {
    const seconds = Math.round(this.settings.patience / 1000)
    return new PumError(
      "answerMissing",
      `another pum-aws is signing in, and was waited for ${seconds} s in vain`,
      { hint: "answer its questions, then run this again" },
    )
  }

  /** If the outcome cannot be written, the session can be used all the same: a warning. */
  private async write(outcome: Outcome): Promise<void> {
    try {
      await this.file.write(outcome)
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      this.settings.warnOnce(`sessions are not shared: ${inOneLine(error)}`)
    }
  }
}

const takenOver = () =>
  new PumError("answerMissing", "another pum-aws asks by now: this one stood still for too long", {
    hint: "answer there, or run this again",
  })
