import { matchRoles } from "../domain/role-filter.ts"
import { type Aliases, accountLabel, type Role } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import type { ProfileOptions } from "../options/profile-options.ts"

/** What a profile asks for. */
type ProfileFilter = Pick<ProfileOptions, "profile" | "account" | "role" | "byName">

/**
 * The one role that a profile is for. If several match, that is an error and not a question: many profiles would mean
 * many menus.
 * @throws PumError `noRole` if no role matches, or more than one
 */
export function roleFor(filter: ProfileFilter, roles: readonly Role[], aliases: Aliases): Role {
  const matching = rolesMatching(filter, roles, aliases)
  const [role] = matching
  // Several entries with one ARN are one role, offered by several SAML providers.
  if (role !== undefined && matching.every(({ arn }) => arn === role.arn)) return role
  throw ambiguous(filter.profile, matching, aliases)
}

function rolesMatching(filter: ProfileFilter, roles: readonly Role[], aliases: Aliases): readonly Role[] {
  const { profile, byName } = filter
  const remaining = matchOptions(filter, roles, aliases)
  if (!byName) return remaining
  const sought = profile.toLowerCase()
  const exact = remaining.filter(({ name }) => name.toLowerCase() === sought)
  const matching = exact.length > 0 ? exact : remaining.filter(({ name }) => beginsWithWord(name, profile))
  if (matching.length > 0) return matching
  const names = remaining.map(({ name }) => name)
  throw new PumError("noRole", `none of your roles begins with the word '${profile}'`, {
    hint: `name account and role in [profile ${profile}] of ~/.pum-aws; you have: ${listShortly(names)}`,
  })
}

/** @throws PumError `noRole` that names the profile */
function matchOptions({ profile, account, role }: ProfileFilter, roles: readonly Role[], aliases: Aliases) {
  try {
    return matchRoles(roles, { account, role }, aliases)
  } catch (error) {
    // That there are no roles at all is not about this profile.
    if (!(error instanceof PumError) || roles.length === 0) throw error
    throw new PumError(error.code, `profile ${profile}: ${error.message}`, { hint: error.hint })
  }
}

/** The end of a word in a role's name: before a separator, before the next hump of `CamelCase`, and at the end. */
const wordEnd = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?=[^A-Za-z0-9])|$/g

/** Whether the name begins with this word, or these words: `prod` for `Prod-Admin`, `power` for `PowerUserAccess`. */
export function beginsWithWord(name: string, word: string): boolean {
  if (!name.toLowerCase().startsWith(word.toLowerCase())) return false
  return [...name.matchAll(wordEnd)].some(({ index }) => index === word.length)
}

function ambiguous(profile: string, matching: readonly Role[], aliases: Aliases): PumError {
  const byAccount = new Map<string, Set<string>>()
  for (const { account, name } of matching) {
    const label = accountLabel(account, aliases)
    byAccount.set(label, (byAccount.get(label) ?? new Set()).add(name))
  }
  const hint = `name account and role in [profile ${profile}] of ~/.pum-aws`
  const [[account, names] = ["", new Set<string>()]] = byAccount
  if (byAccount.size === 1) {
    const what = `profile ${profile} fits several roles of ${account}: ${listShortly(names)}`
    return new PumError("noRole", what, { hint })
  }
  const accounts = [...byAccount].map(([label, roleNames]) => `${label} (${listShortly(roleNames)})`)
  return new PumError("noRole", `profile ${profile} fits several accounts: ${listShortly(accounts)}`, {
    hint,
  })
}

/** The first ten names, sorted. */
function listShortly(names: Iterable<string>): string {
  const all = [...new Set(names)].sort()
  return [...all.slice(0, 10), ...(all.length > 10 ? ["…"] : [])].join(", ")
}
