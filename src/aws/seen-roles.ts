import { isObject } from "../domain/json.ts"
import { parseOwn } from "../files/own-content.ts"
import { ownFile, readOwnFile } from "../files/read-own-file.ts"
import type { Options } from "../options/options.ts"

/* `~/.aws/pum-aws/roles.json`: the accounts and roles of the last sign-in of each user, for completion in shells. */

interface SeenRole {
  /** Twelve digits. */
  readonly account: string
  /** Name, with its path if it has one. */
  readonly role: string
}

export interface SeenRoles {
  readonly idp: string
  readonly user: string
  /** Milliseconds since 1970. */
  readonly seen: number
  readonly roles: readonly SeenRole[]
}

export interface SeenSettings {
  readonly home: string
  readonly now: number
}

const lifetime = 30 * 86_400_000

export const roleFile = (home: string) => ownFile(home, "roles.json")

/** The roles that were seen last at this identity provider: of the user whom the options name, else of all users. */
export function readSeenRoles(
  { accountNames, idpUrl, username, lastUsername }: Options,
  { home, now }: SeenSettings,
): readonly SeenRole[] {
  if (!accountNames) return []
  const user = (username ?? lastUsername)?.toLowerCase()
  try {
    return entriesIn(readOwnFile(roleFile(home)) ?? "", now)
      .filter(one => one.idp === idpUrl.href && (user === undefined || one.user === user))
      .flatMap(({ roles }) => roles)
  } catch {
    return []
  }
}

/** What the file holds, but for what is too old. */
export function entriesIn(text: string, now: number): readonly SeenRoles[] {
  const { entries } = parseOwn(text) ?? {}
  return (Array.isArray(entries) ? (entries as readonly unknown[]) : []).filter(
    (one): one is SeenRoles =>
      isObject(one) &&
      typeof one.idp === "string" &&
      typeof one.user === "string" &&
      typeof one.seen === "number" &&
      Math.abs(now - one.seen) < lifetime &&
      Array.isArray(one.roles) &&
      one.roles.every(
        role => isObject(role) && typeof role.account === "string" && typeof role.role === "string",
      ),
  )
}
