import { findOnePassword } from "../answers/find-one-password.ts"
import { shortHash } from "../domain/hash.ts"
import type { Role } from "../domain/roles.ts"
import { policyContent } from "../domain/session-policy.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"

/** The options that decide which role a request leads to, and whose session it gets. */
export type KeyOptions = Pick<
  Options,
  | "account"
  | "aliases"
  | "duration"
  | "idpUrl"
  | "lastUsername"
  | "policy"
  | "profile"
  | "role"
  | "stsEndpoint"
  | "username"
>

/** The user who will sign in, as far as it is known before the first question. */
export interface ExpectedUser {
  /** Part of a key. */
  readonly id: string
  /** Whether it is the owner of a 1Password item. If 1Password fails, another user name may be typed in its place. */
  readonly ownsItem: boolean
}

/**
 * The user that the options name, else the owner of the 1Password item, else the user name that was typed last, which is
 * offered or used without a question.
 * @returns `undefined` if there is none of them: then no kept session can be used
 */
export function expectedUser(options: Options, env: Environment): ExpectedUser | undefined {
  if (options.username !== undefined) return userNamed(options.username)
  const onePassword = findOnePassword(options, env)
  if (onePassword !== undefined)
    return { id: JSON.stringify([itemMark, onePassword.account, onePassword.item]), ownsItem: true }
  return options.lastUsername === undefined ? undefined : userNamed(options.lastUsername)
}

/** The `id` of a 1Password item's owner begins with it. */
const itemMark = "1Password"

/** Active Directory ignores the case of user names. */
const userNamed = (username: string): ExpectedUser => ({ id: username.toLowerCase(), ownsItem: false })

/**
 * The users under whom a new session is kept: the one who was typed, else the expected one. If a user name was typed
 * because 1Password failed, the session is kept for the owner of the item as well, whom the next call expects again.
 */
export function cacheOwners(
  expected: ExpectedUser | undefined,
  typedUsername: string | undefined,
): readonly ExpectedUser[] {
  const expectedUsers = expected === undefined ? [] : [expected]
  if (typedUsername === undefined) return expectedUsers
  return [userNamed(typedUsername), ...expectedUsers.filter(({ ownsItem }) => ownsItem)]
}

/**
 * The cache key of a request: everything that decides which role it leads to, as it was asked for. An account alias
 * counts with the accounts it may stand for, so that a changed `[account-mapping]` finds no role of another account.
 * An alias in full, with which no other alias begins, is the same request as the id of its account.
 */
export function requestKey(options: KeyOptions, user: ExpectedUser | undefined): string {
  const { account, aliases, duration, idpUrl, policy, profile, role, stsEndpoint } = options
  const sought = account?.toLowerCase()
  const fitting = [...aliases].filter(
    ([, alias]) => sought !== undefined && alias.toLowerCase().startsWith(sought),
  )
  const [only] = fitting.length === 1 ? fitting : []
  // Digits may be the beginning of another account's id.
  const isWhole = only !== undefined && only[1].toLowerCase() === sought && /\D/.test(sought)
  const asked = isWhole ? [only[0], []] : [sought, fitting]
  // Names of accounts and roles are matched without regard to case.
  const named = [profile, ...asked, role?.toLowerCase(), duration, policy && policyContent(policy)]
  return JSON.stringify([idpUrl.href, stsEndpoint, user?.id, ...named])
}

/** The cache key of a session: everything that decides what it can be used for, whichever request it was made for. */
export function sessionKey(
  { duration, idpUrl, policy, stsEndpoint }: KeyOptions,
  user: ExpectedUser | undefined,
  { arn, providerArn }: Role,
): string {
  const limits = policy && policyContent(policy)
  return JSON.stringify([user?.id, idpUrl.href, stsEndpoint, arn, providerArn, duration, limits])
}

/** Whose a session is, and of which identity provider, as its `sessionKey` says. */
export interface SessionOwner {
  /** `ExpectedUser.id` */
  readonly user: string
  /** Whether that is the owner of a 1Password item, whose user name is not known. */
  readonly isItem: boolean
  readonly idp: string
}

/** @returns `undefined` if the text is no key of a session */
export function ownerOfSession(key: string): SessionOwner | undefined {
  const [user, idp] = partsOf(key)
  if (typeof user !== "string" || typeof idp !== "string") return undefined
  return { user, isItem: partsOf(user)[0] === itemMark, idp }
}

function partsOf(key: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(key)
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

/**
 * The key of a request that processes share. A user name that is only offered is not the same request as one that is
 * named: the user may type another one.
 */
export function flightKey(options: KeyOptions, user: ExpectedUser | undefined): string {
  return JSON.stringify([requestKey(options, user), options.username === undefined])
}

/** The profile in a `requestKey`, in a `flightKey`, or in a key that begins with one of them. */
export function profileOfKey(key: string): string | undefined {
  const parts = partsOf(key)
  if (parts.length === 0) return undefined
  const [first, , , profile] = parts
  // Only a whole request has so many parts.
  return parts.length > 3 ? String(profile) : profileOfKey(String(first))
}

/** The name of the file for a request (`requestKey`). */
export const requestFileName = (key: string, profile: string) => fileNameOf(key, profile, "request")

/** The name of the file for a session (`sessionKey`). */
export const sessionFileName = (key: string, { account, name }: Role) =>
  fileNameOf(key, `${account}-${name}`, "json")

/**
 * The file name for a key, with a label for readers. A hash collision is harmless: the file stores the full
 * key, and a different key is a cache miss.
 * @param extension without a dot
 */
export function fileNameOf(key: string, label: string, extension: string): string {
  return `${label.replace(/[^\w.-]/g, "_").slice(0, 40)}-${shortHash(key)}.${extension}`
}
