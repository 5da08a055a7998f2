import { matchRoles } from "../domain/role-filter.ts"
import type { Aliases, Role } from "../domain/roles.ts"
import { PumError } from "../errors.ts"

/** What was asked of one profile. */
interface Wanted {
  readonly profile: string
  readonly account: string | undefined
  readonly role: string | undefined
  /** Whether its name is how the role's name begins. */
  readonly byName: boolean
}

/**
 * The one role that a profile is for. Nobody is asked: several would mean a menu for each profile.
 * @throws PumError `noRole` when none fits, or several
 */
export function roleFor(wanted: Wanted, roles: readonly Role[], aliases: Aliases): Role {
  const fitting = fittingRoles(wanted, roles, aliases)
  const [role] = fitting
  // The same role by another provider is no other role.
  if (role !== undefined && fitting.every(({ arn }) => arn === role.arn)) return role
  throw ambiguous(wanted, fitting, aliases)
}

function fittingRoles(wanted: Wanted, roles: readonly Role[], aliases: Aliases): readonly Role[] {
  const { profile, byName } = wanted
  const left = matched(wanted, roles, aliases)
  if (!byName) return left
  const sought = profile.toLowerCase()
  const exact = left.filter(({ name }) => name.toLowerCase() === sought)
  const fitting = exact.length > 0 ? exact : left.filter(({ name }) => beginsWithWord(name, profile))
  if (fitting.length > 0) return fitting
  throw new PumError("noRole", `none of your roles begins with the word '${profile}'`, {
    hint: `name account and role in [profile ${profile}] of ~/.pum-aws; you have: ${few(left.map(({ name }) => name))}`,
  })
}

/** @throws PumError that says which profile it is about */
function matched({ profile, account, role }: Wanted, roles: readonly Role[], aliases: Aliases) {
  try {
    return matchRoles(roles, { account, role }, aliases)
  } catch (error) {
    if (!(error instanceof PumError) || roles.length === 0) throw error
    throw new PumError(error.code, `profile ${profile}: ${error.message}`, { hint: error.hint })
  }
}

/** Where a word of a role's name ends: before a sign, before the next hump of `CamelCase`, and at the end. */
const wordEnd = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?=[^A-Za-z0-9])|$/g

/** Whether the name begins with this word, or these: `prod` for `Prod-Admin`, `power` for `PowerUserAccess`. */
export function beginsWithWord(name: string, word: string): boolean {
  if (!name.toLowerCase().startsWith(word.toLowerCase())) return false
  return [...name.matchAll(wordEnd)].some(({ index }) => index === word.length)
}

function ambiguous({ profile }: Wanted, fitting: readonly Role[], aliases: Aliases): PumError {
  const byAccount = new Map<string, Set<string>>()
  for (const { account, name } of fitting) {
    const label = aliases.get(account) ?? account
    byAccount.set(label, (byAccount.get(label) ?? new Set()).add(name))
  }
  const hint = `name account and role in [profile ${profile}] of ~/.pum-aws`
  const [[account, names] = ["", new Set<string>()]] = byAccount
  if (byAccount.size === 1)
    return new PumError("noRole", `profile ${profile} fits several roles of ${account}: ${few(names)}`, {
      hint,
    })
  const accounts = [...byAccount].map(([label, its]) => `${label} (${few(its)})`)
  return new PumError("noRole", `profile ${profile} fits several accounts: ${few(accounts)}`, { hint })
}

function few(names: Iterable<string>): string {
  const all = [...new Set(names)].sort()
  return [...all.slice(0, 10), ...(all.length > 10 ? ["…"] : [])].join(", ")
}
