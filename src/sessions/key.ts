import type { OnePassword } from "../answers/find-one-password.ts"
import type { Options } from "../options/options.ts"

type KeyOptions = Pick<
  Options,
  | "account"
  | "aliases"
  | "duration"
  | "idpUrl"
  | "lastUsername"
  | "profile"
  | "role"
  | "stsEndpoint"
  | "username"
>

/** Who is going to sign in, as far as it is known before anybody is asked. */
export interface ExpectedUser {
  /** In a key. */
  readonly id: string
  /** Whether it is the owner of a 1Password item: only there may somebody else be typed without being named. */
  readonly ownsItem: boolean
}

/**
 * The user that was named; else whoever the 1Password item belongs to; else the last one that was typed, whom ADFS
 * would be told without a question, or the person is offered. Nothing where nobody is known: then there is nobody's
 * session to be had.
 */
export function userOf(options: KeyOptions, vault: OnePassword | undefined): ExpectedUser | undefined {
  if (options.username !== undefined) return byName(options.username)
  if (vault !== undefined)
    return { id: JSON.stringify(["1Password", vault.account, vault.item]), ownsItem: true }
  return options.lastUsername === undefined ? undefined : byName(options.lastUsername)
}

/** Names are compared as Active Directory does: without regard to case. */
const byName = (username: string): ExpectedUser => ({ id: username.toLowerCase(), ownsItem: false })

/**
 * Whose session it is, once it is there: whoever was typed, not whoever was expected; but where 1Password could not
 * answer, the next call expects its item's owner again, and must find what was typed in its place.
 */
export function holdersOf(
  expected: ExpectedUser | undefined,
  typedUsername: string | undefined,
): readonly ExpectedUser[] {
  const known = expected === undefined ? [] : [expected]
  if (typedUsername === undefined) return known
  return [byName(typedUsername), ...known.filter(({ ownsItem }) => ownsItem)]
}

/**
 * What a session is kept under: everything that decides which one it is, as it was asked for. An alias counts with
 * the accounts it stands for, so that a changed `[account-mapping]` finds no session of another account.
 */
export function keyOf(options: KeyOptions, user: ExpectedUser | undefined): string {
  const { account, aliases, duration, idpUrl, profile, role, stsEndpoint } = options
  const sought = account?.toLowerCase()
  const meant = [...aliases].filter(
    ([, alias]) => sought !== undefined && alias.toLowerCase().startsWith(sought),
  )
  return JSON.stringify([idpUrl.href, stsEndpoint, user?.id, profile, account, meant, role, duration])
}

/** The file of a key. Two keys of one name do no harm: the file holds its key, and another's is none. */
export function fileNameOf(key: string, profile: string): string {
  // cyrb53: 53 bits, without loading a module for it.
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < key.length; at++) {
    const char = key.charCodeAt(at)
    high = Math.imul(high ^ char, 2654435761)
    low = Math.imul(low ^ char, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  const hash = (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, "0")
  return `${profile.replace(/[^\w.-]/g, "_").slice(0, 40)}-${hash}.json`
}
