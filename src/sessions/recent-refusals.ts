import { type ErrorCode, PumError } from "../errors.ts"
import { parseOwn } from "../files/own-content.ts"
import { ownFile, readOwnFile } from "../files/read-own-file.ts"
import { type Clock, type Moment, momentNow, monotonicAge, parseMoment, wallAge } from "./clock.ts"
import { readFailure, toError, toFailure } from "./outcome.ts"
import { fileNameOf } from "./session-key.ts"
import { writeSessionFile } from "./write-session-file.ts"

/*
 * The AWS SDK for JavaScript runs a `credential_process` that fails a second time. A refused password must not be sent
 * twice, and a person who pressed Ctrl-C must not be asked again. So a refusal of ADFS and a Ctrl-C hold for 10 seconds,
 * for the same request of the same caller: its next call fails with the same words. A file
 * `~/.aws/pum-aws/<profile>-<hash of request and caller>.refusal` is written by each process that ends like this, also
 * if another process signed in, and is read by the caller's next process. It needs no lock: one caller waits for each of
 * its calls.
 */

/** Milliseconds. */
const holdsFor = 10_000

const held: ReadonlySet<ErrorCode> = new Set(["signInRefused", "codeRefused", "passwordExpired", "cancelled"])

export interface RefusalSettings {
  /** Of the request (`flightKey`). */
  readonly key: string
  readonly profile: string
  /** The program that this process answers (`findCaller`). */
  readonly caller: string
  readonly home: string
  readonly clock: Clock
  readonly redact: (text: string) => string
}

export class RecentRefusals {
  private readonly settings: RefusalSettings
  private readonly key: string

  constructor(settings: RefusalSettings) {
    this.settings = settings
    this.key = JSON.stringify([settings.key, settings.caller])
  }

  /**
   * The refusal that still holds.
   * @throws PumError `file`
   */
  find(): PumError | undefined {
    const text = readOwnFile(this.file)
    if (text === undefined || parseOwn(text)?.key !== this.key) return undefined
    const refusal = parseHeldRefusal(text, this.settings.clock)
    return refusal && toError(refusal)
  }

  /** Keeps the error for the caller's next call, if it is one that holds. Its first attempt to write is synchronous. */
  async keep(error: unknown): Promise<void> {
    if (!(error instanceof PumError) || !held.has(error.code)) return
    const { clock, redact } = this.settings
    const content = { key: this.key, at: momentNow(clock), failure: toFailure(error, redact) }
    try {
      await writeSessionFile(this.file, content)
    } catch (trouble) {
      // The caller's next call then signs in again.
      if (!(trouble instanceof PumError)) throw trouble
    }
  }

  private get file() {
    const { home, profile } = this.settings
    return ownFile(home, fileNameOf(this.key, profile, "refusal"))
  }
}

/** @returns `undefined` if the text is no refusal, or one that does not hold any more */
export function parseHeldRefusal(text: string, clock: Clock) {
  const { at, failure } = parseOwn(text) ?? {}
  const moment = parseMoment(at)
  return moment !== undefined && isRecent(moment, clock) ? readFailure(failure) : undefined
}

/** A time in the future (the wall clock was set back) is not recent, nor is an earlier boot of the machine. */
function isRecent(moment: Moment, clock: Clock): boolean {
  if (moment.boot !== clock.boot) return false
  const age = monotonicAge(moment, clock) ?? wallAge(moment, clock)
  return age >= 0 && age < holdsFor
}
