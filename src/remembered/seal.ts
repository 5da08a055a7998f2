import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import { isObject, parseObject } from "../domain/json.ts"
import { formatVersion, isOfLaterVersion } from "../files/own-content.ts"
import type { SessionCookie } from "../sign-in/web-session.ts"

/*
 * The file of a remembered sign-in: one JSON object. Its fields can be read without the key, but not changed: all of
 * them are authenticated (AES-256-GCM, additional data).
 */

/** Whom a remembered sign-in belongs to, and by which way it was made. */
export interface SealedFor {
  /** Of the identity provider. */
  readonly origin: string
  /** `ExpectedUser.id` */
  readonly user: string
  /** Hash of everything else that decides whom the cookies reach (`boundTo`). */
  readonly bound: string
}

export interface SealedHeader extends SealedFor {
  /** Names the key in the keychain. */
  readonly keyId: string
  /** When the password was given, and when the sign-in is forgotten; milliseconds since 1970. */
  readonly began: number
  readonly ends: number
}

/** What is sealed. */
export interface SealedContent {
  readonly cookies: readonly SessionCookie[]
  /** `Assertion.identity` of the sign-in. */
  readonly identity: string
}

interface SealedFile extends SealedHeader {
  readonly nonce: string
  /** Base64: the encrypted content, then the tag. */
  readonly data: string
}

/** What the fields of a file say before it is opened. */
export type Reading =
  | { readonly state: "usable"; readonly file: SealedFile }
  /** Not for this run, but perhaps for another one. */
  | { readonly state: "passedBy"; readonly why: string; readonly keyId?: string }
  | { readonly state: "worthless"; readonly why: string; readonly keyId?: string }

/** How long a password is good for, in milliseconds. Visits in between do not move the end. */
export const longestSignIn = 12 * 3600_000
export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** @param parts everything that decides whom the cookies reach */
export function boundTo(parts: readonly (string | undefined)[]): string {
  return sha256Of(parts.map(part => part ?? null))
}

/** The name of the file for an identity provider and a user. */
export function sealedName(origin: string, user: string): string {
  return `sign-in-${sha256Of([origin, user]).slice(0, 32)}`
}

const sha256Of = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex")

/** @param nonce for tests of the reader; default: a new one, as each write needs */
export function seal(
  header: SealedHeader,
  content: SealedContent,
  key: Buffer,
  nonce = randomBytes(nonceBytes),
): string {
  const fields = { ...pickHeader(header), nonce: nonce.toString("base64") }
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(authenticated(fields))
  const encrypted = [cipher.update(JSON.stringify(content), "utf8"), cipher.final(), cipher.getAuthTag()]
  const data = Buffer.concat(encrypted).toString("base64")
  return JSON.stringify({ version: formatVersion, ...fields, data })
}

/** Decides by the fields alone whether a file is worth asking the keychain for its key. */
export function readSealed(text: string, wanted: SealedFor, now: number): Reading {
  if (isOfLaterVersion(text)) return { state: "passedBy", why: "a later version of pum-aws wrote it" }
  const file = parseSealed(text)
  if (file === undefined) return { state: "worthless", why: "it is damaged" }
  const { keyId } = file
  if (file.origin !== wanted.origin || file.user !== wanted.user)
    return { state: "passedBy", why: "it belongs to another user or identity provider" }
  if (file.began > now) return { state: "worthless", why: "it began in the future", keyId }
  if (file.ends <= now || file.ends - file.began > longestSignIn)
    return { state: "worthless", why: "its time is over", keyId }
  return file.bound === wanted.bound
    ? { state: "usable", file }
    : { state: "passedBy", why: "it was made with another address, STS endpoint, CA bundle or proxy", keyId }
}

/** @returns `undefined` if file and key do not belong together, or a field was changed */
export function unseal(file: SealedFile, key: Buffer): SealedContent | undefined {
  try {
    const nonce = Buffer.from(file.nonce, "base64")
    const bytes = Buffer.from(file.data, "base64")
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes })
      .setAAD(authenticated(file))
      .setAuthTag(bytes.subarray(-tagBytes))
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
    return readContent(parseObject(text.toString("utf8")))
  } catch {
    return undefined
  }
}

function readContent(content: Readonly<Record<string, unknown>> | undefined): SealedContent | undefined {
  const { cookies, identity } = content ?? {}
  if (!Array.isArray(cookies) || !cookies.every(isSessionCookie) || typeof identity !== "string")
    return undefined
  return { cookies, identity }
}

function isSessionCookie(value: unknown): value is SessionCookie {
  return isObject(value) && [value.name, value.value, value.path].every(each => typeof each === "string")
}

function pickHeader({ origin, user, bound, keyId, began, ends }: SealedHeader): SealedHeader {
  return { origin, user, bound, keyId, began, ends }
}

function authenticated(file: Omit<SealedFile, "data">): Buffer {
  const { origin, user, bound, keyId, began, ends } = file
  return Buffer.from(JSON.stringify([formatVersion, origin, user, bound, keyId, began, ends, file.nonce]))
}

/** @returns `undefined` if the text is no such file of this version */
export function parseSealed(text: string): SealedFile | undefined {
  const { version, origin, user, bound, keyId, began, ends, nonce, data } = parseObject(text) ?? {}
  const areTexts = [origin, user, bound, keyId, nonce, data].every(each => typeof each === "string")
  if (version !== formatVersion || !areTexts || !Number.isFinite(began) || !Number.isFinite(ends))
    return undefined
  return { origin, user, bound, keyId, began, ends, nonce, data } as SealedFile
}
