import { readFileSync } from "node:fs"
import type { Session } from "../domain/session.ts"
import { codeOf, fileTrouble, type UserFile } from "../files/file-error.ts"

/** A session with the request it was made for. */
export interface KeptSession {
  readonly key: string
  readonly profile: string
  readonly session: Session
}

/** `~/.aws/pum-aws/<name>` */
export function sessionFile(home: string, name: string): UserFile {
  return { path: `${home}/.aws/pum-aws/${name}`, shown: `~/.aws/pum-aws/${name}` }
}

/**
 * The text of a file; `undefined` if it does not exist.
 * @throws PumError `file`
 */
export function readIfExists(file: UserFile): string | undefined {
  try {
    return readFileSync(file.path, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw fileTrouble("cannot read", file, error)
  }
}

/** @returns `undefined` if the text is not a kept session: cut off, or another program's */
export function parseKeptSession(text: string): KeptSession | undefined {
  const kept = parseObject(text)
  const session = readSession(kept?.session)
  if (typeof kept?.key !== "string" || typeof kept.profile !== "string" || session === undefined)
    return undefined
  return { key: kept.key, profile: kept.profile, session }
}

/** Reads a session that went through JSON. */
export function readSession(value: unknown): Session | undefined {
  if (!isObject(value) || !isObject(value.role)) return undefined
  const role = textsOf(value.role, ["arn", "providerArn", "partition", "account", "path", "name"])
  const texts = textsOf(value, [
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "principalArn",
    "region",
    "expiration",
  ])
  const { duration } = value
  if (role === undefined || texts === undefined || typeof duration !== "number") return undefined
  const expiration = new Date(texts.expiration)
  return Number.isNaN(expiration.getTime()) ? undefined : { ...texts, role, expiration, duration }
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

export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}
