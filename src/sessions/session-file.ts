import { isObject } from "../domain/json.ts"
import type { Role } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { parseOwn } from "../files/own-content.ts"

/** A session with everything that decides who may use it (`sessionKey`). */
export interface KeptSession {
  readonly key: string
  readonly session: Session
}

/** The role that a request led to. */
export interface KeptRequest {
  /** `requestKey` */
  readonly key: string
  readonly profile: string
  readonly role: Role
  /** Of the session (`sessionKey`). */
  readonly sessionKey: string
  /** When the session ends, in milliseconds since 1970. After that the role is chosen anew. */
  readonly ends: number
}

/** @returns `undefined` if the text is not a kept session: cut off, or another program's */
export function parseKeptSession(text: string): KeptSession | undefined {
  const { key, session: value } = parseOwn(text) ?? {}
  const session = readSession(value)
  return typeof key === "string" && session !== undefined ? { key, session } : undefined
}

/** @returns `undefined` if the text is not a kept request */
export function parseKeptRequest(text: string): KeptRequest | undefined {
  const { key, profile, sessionKey, ends, role: value } = parseOwn(text) ?? {}
  const role = readRole(value)
  if (typeof key !== "string" || typeof profile !== "string" || typeof sessionKey !== "string")
    return undefined
  return typeof ends === "number" && role !== undefined ? { key, profile, role, sessionKey, ends } : undefined
}

/** Reads a session that went through JSON. */
export function readSession(value: unknown): Session | undefined {
  if (!isObject(value)) return undefined
  const role = readRole(value.role)
  const texts = textsOf(value, [
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "principalArn",
    "region",
    "expiration",
  ])
  const { duration, policy } = value
  if (role === undefined || texts === undefined || typeof duration !== "number") return undefined
  const expiration = new Date(texts.expiration)
  return Number.isNaN(expiration.getTime())
    ? undefined
    : { ...texts, role, expiration, duration, ...(typeof policy === "string" ? { policy } : {}) }
}

function readRole(value: unknown): Role | undefined {
  return isObject(value)
    ? textsOf(value, ["arn", "providerArn", "partition", "account", "path", "name"])
    : undefined
}

/** The fields of these names; `undefined` if one of them is missing, empty or no text. */
function textsOf<Name extends string>(
  object: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Record<Name, string> | undefined {
  const entries = names.map(name => [name, object[name]])
  if (!entries.every(([, value]) => typeof value === "string" && value !== "")) return undefined
  return Object.fromEntries(entries)
}
