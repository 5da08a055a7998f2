import { readdirSync, readFileSync } from "node:fs"
import type { Session } from "../domain/session.ts"
import { type ErrorCode, isErrorCode } from "../errors.ts"
import { codeOf, fileTrouble, type UserFile } from "../files/file-error.ts"

/** A session as it is kept in a file. */
export interface KeptSession {
  readonly key: string
  readonly profile: string
  readonly session: Session
}

/** A sign-in that others wait for: under way, or how it ended. */
export interface Outcome {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Names the terminal its questions are asked on; nothing where nobody can be asked. */
  readonly place: string | undefined
  readonly session: Session | undefined
  readonly failure: Failure | undefined
}

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
}

/** `~/.aws/pum-aws/<name>` */
export function keptFile(home: string, name: string): UserFile {
  return { path: `${home}/.aws/pum-aws/${name}`, shown: `~/.aws/pum-aws/${name}` }
}

/**
 * The text of a file of ours; nothing where there is none.
 * @throws PumError `file`
 */
export function readOurs(file: UserFile): string | undefined {
  try {
    return readFileSync(file.path, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw fileTrouble("cannot read", file, error)
  }
}

/**
 * All sessions that are kept, expired ones included; what is none is passed over.
 * @throws PumError `file`
 */
export function keptSessions(home: string): readonly KeptSession[] {
  const folder = keptFile(home, "")
  let names: string[]
  try {
    names = readdirSync(folder.path).filter(name => name.endsWith(".json"))
  } catch (error) {
    if (codeOf(error) === "ENOENT") return []
    throw fileTrouble("cannot read", folder, error)
  }
  return names.sort().flatMap(name => parseKept(readOurs(keptFile(home, name)) ?? "") ?? [])
}

const shortestLeft = 15 * 60

/** Whether a session lasts long enough to be given out: 15 minutes, or half of one that is short by itself. */
export function isUsable({ expiration, duration }: Session, now: number): boolean {
  return expiration.getTime() - now >= Math.min(shortestLeft, duration / 2) * 1000
}

/** @returns nothing for what is no session of ours: cut off, or somebody else's */
export function parseKept(text: string): KeptSession | undefined {
  const kept = objectOf(text)
  const session = readSession(kept?.session)
  if (typeof kept?.key !== "string" || typeof kept.profile !== "string" || session === undefined)
    return undefined
  return { key: kept.key, profile: kept.profile, session }
}

export function parseOutcome(text: string): Outcome | undefined {
  const outcome = objectOf(text)
  if (typeof outcome?.key !== "string" || typeof outcome.at !== "number") return undefined
  return {
    key: outcome.key,
    at: outcome.at,
    place: typeof outcome.place === "string" ? outcome.place : undefined,
    session: readSession(outcome.session),
    failure: readFailure(outcome.failure),
  }
}

function readFailure(value: unknown): Failure | undefined {
  if (!isObject(value)) return undefined
  const { code, message, hint } = value
  if (!isErrorCode(code) || typeof message !== "string") return undefined
  return { code, message, hint: typeof hint === "string" ? hint : undefined }
}

function readSession(value: unknown): Session | undefined {
  if (!isObject(value) || !isObject(value.role)) return undefined
  const text = (of: Record<string, unknown>, name: string) => {
    const found = of[name]
    return typeof found === "string" ? found : ""
  }
  const expiration = new Date(text(value, "expiration"))
  const { role, duration } = value
  const session = {
    role: {
      arn: text(role, "arn"),
      providerArn: text(role, "providerArn"),
      partition: text(role, "partition"),
      account: text(role, "account"),
      path: text(role, "path"),
      name: text(role, "name"),
    },
    accessKeyId: text(value, "accessKeyId"),
    secretAccessKey: text(value, "secretAccessKey"),
    sessionToken: text(value, "sessionToken"),
    principalArn: text(value, "principalArn"),
    region: text(value, "region"),
  }
  const { role: readRole, ...rest } = session
  const isWhole = [...Object.values(readRole), ...Object.values(rest)].every(part => part !== "")
  if (!isWhole || typeof duration !== "number" || Number.isNaN(expiration.getTime())) return undefined
  return { ...session, expiration, duration }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
