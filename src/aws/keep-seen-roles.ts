import { type Role, roleSetting } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import { formatVersion, isOfLaterVersion } from "../files/own-content.ts"
import { checkOwnFolder, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Options } from "../options/options.ts"
import { entriesIn, roleFile, type SeenRoles, type SeenSettings } from "./seen-roles.ts"

/* Apart from seen-roles.ts, because the answer to a completion script only reads. */

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
