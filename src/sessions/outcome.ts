import { existsSync } from "node:fs"
import { isObject } from "../domain/json.ts"
import type { Session } from "../domain/session.ts"
import { type ErrorCode, isErrorCode, kindOf, PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { parseOwn } from "../files/own-content.ts"
import { ownFile, readOwnFile } from "../files/read-own-file.ts"
import { type Moment, parseMoment } from "./clock.ts"
import { readSession } from "./session-file.ts"
import { writeSessionFile } from "./write-session-file.ts"

/** The sign-ins for one request (single-flight.ts). */
export interface Outcome {
  /** The sign-in that is under way now, or whose process was killed. */
  readonly underWay: { readonly tty: string | undefined } | undefined
  /** The last sign-in that ended. */
  readonly ended: EndedSignIn | undefined
}

export interface EndedSignIn {
  /** Different for each sign-in. */
  readonly id: string
  readonly at: Moment
  /** The terminal that its questions were on; `undefined` if there was none. */
  readonly tty: string | undefined
  /** The session, or the failure. */
  readonly result: { readonly session: Session } | { readonly failure: Failure }
}

/** A PumError as other processes read it. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
}

/** The file `<name>.outcome`. */
export class OutcomeFile {
  private readonly file: UserFile
  private readonly key: string

  /** @param key of the request (`flightKey`) */
  constructor(home: string, name: string, key: string) {
    this.file = ownFile(home, name)
    this.key = key
  }

  /**
   * @returns `undefined` if there is none for this key
   * @throws PumError `file`
   */
  read(): Outcome | undefined {
    const text = readOwnFile(this.file)
    return text === undefined ? undefined : parseOutcome(text, this.key)
  }

  exists(): boolean {
    return existsSync(this.file.path)
  }

  /** @throws PumError `file` */
  async write(outcome: Outcome): Promise<void> {
    await writeSessionFile(this.file, { key: this.key, ...outcome })
  }
}

/**
 * @param redact removes secrets: a server may have quoted what it was sent, and other processes do not know what is
 *   secret
 */
export function toFailure({ code, message, hint }: PumError, redact: (text: string) => string): Failure {
  return { code, message: redact(message), hint: hint === undefined ? undefined : redact(hint) }
}

/** Whether a process that waited ends with the leader's failure as well, or signs in itself. */
export function concernsWaiter(
  { code }: Failure,
  leaderTty: string | undefined,
  ownTty: string | undefined,
): boolean {
  // Ctrl-C cancels every process that waits on the same tty, and no other.
  if (code === "cancelled") return leaderTty !== undefined && leaderTty === ownTty
  // Without a terminal there was no menu to choose a role in.
  if (code === "noRole" && leaderTty === undefined && ownTty !== undefined) return false
  return kindOf(code).isShared
}

/** Whether the process ends because of Ctrl-C; another signal was meant for this process alone. */
export function isCtrlC(reason: unknown): reason is PumError {
  return reason instanceof PumError && reason.code === "cancelled" && reason.cause === "SIGINT"
}

export function toError({ code, message, hint }: Failure): PumError {
  return new PumError(code, message, { hint })
}

/** @param wantedKey default: any */
export function parseOutcome(text: string, wantedKey?: string): Outcome | undefined {
  const { key, underWay, ended } = parseOwn(text) ?? {}
  if (typeof key !== "string" || (wantedKey !== undefined && key !== wantedKey)) return undefined
  return {
    underWay: isObject(underWay) ? { tty: textOrUndefined(underWay.tty) } : undefined,
    ended: readEnded(ended),
  }
}

function readEnded(value: unknown): EndedSignIn | undefined {
  if (!isObject(value) || !isObject(value.result) || typeof value.id !== "string") return undefined
  const at = parseMoment(value.at)
  const session = readSession(value.result.session)
  const failure = readFailure(value.result.failure)
  if (at === undefined) return undefined
  const { id } = value
  const tty = textOrUndefined(value.tty)
  if (session !== undefined) return { id, at, tty, result: { session } }
  return failure === undefined ? undefined : { id, at, tty, result: { failure } }
}

export function readFailure(value: unknown): Failure | undefined {
  if (!isObject(value)) return undefined
  const { code, message, hint } = value
  if (!isErrorCode(code) || typeof message !== "string") return undefined
  return { code, message, hint: textOrUndefined(hint) }
}

const textOrUndefined = (value: unknown) => (typeof value === "string" ? value : undefined)
