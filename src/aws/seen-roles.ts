import { isObject } from "../domain/json.ts"
import { type Role, roleSetting } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import { formatVersion, isOfLaterVersion, parseOwn } from "../files/own-content.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Options } from "../options/options.ts"

/* `~/.aws/pum-aws/roles.json`: the accounts and roles of the last sign-in of each user, for completion in shells. */

interface SeenRole {
  /** Twelve digits. */
  readonly account: string
  /** Name, with its path if it has one. */
  readonly role: string
}

interface SeenRoles {
  readonly idp: string
  readonly user: string
  /** Milliseconds since 1970. */
  readonly seen: number
  readonly roles: readonly SeenRole[]
}

interface SeenSettings {
  readonly home: string
  readonly now: number
}

const lifetime = 30 * 86_400_000

const roleFile = (home: string) => ownFile(home, "roles.json")

/** Keeps the roles that this user was offered. Without them only completion lacks something: a failure is ignored. */
export async function keepSeenRoles(
  roles: readonly Role[],
  user: string,
  { accountNames, idpUrl }: Pick<Options, "accountNames" | "idpUrl">,
  { home, now }: SeenSettings,
): Promise<void> {
  if (!accountNames) return
  const file = roleFile(home)
  try {
    checkOwnFolder(ownFolder(home))
    const text = readOwnFile(file) ?? ""
    if (isOfLaterVersion(text)) return
    const idp = idpUrl.href
    const others = entriesIn(text, now).filter(one => one.idp !== idp || one.user !== user)
    const offered = roles.map(role => ({ account: role.account, role: roleSetting(role) }))
    const entries: readonly SeenRoles[] = [...others, { idp, user, seen: now, roles: offered }]
    await writePrivately(file, JSON.stringify({ version: formatVersion, entries }), { lasts: false })
  } catch (error) {
    if (!(error instanceof PumError)) throw error
  }
}

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

function entriesIn(text: string, now: number): readonly SeenRoles[] {
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
