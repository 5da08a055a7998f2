import { nearestOf } from "../domain/nearest.ts"
import { matchRoles, type RoleFilter } from "../domain/role-filter.ts"
import { type Aliases, accountLabel, aliasSuffix, type Role, shownName, sortRoles } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface RoleChoice {
  readonly wanted: RoleFilter
  readonly aliases: Aliases
  /** ARN of the principal that the profile was last used as: its role comes first. */
  readonly lastUsed: string | undefined
  /** Names for the accounts of a menu, asked for only if a menu is shown. */
  readonly nameAccounts: (accounts: ReadonlySet<string>) => Promise<Aliases>
  /** The names that are known without asking AWS. */
  readonly knownNames: (accounts: ReadonlySet<string>) => Aliases
}

/**
 * The role to assume. If several fit, the user chooses.
 * @throws PumError `noRole`, `cancelled`
 */
export async function chooseRole(
  roles: readonly Role[],
  { wanted, aliases, lastUsed, nameAccounts, knownNames }: RoleChoice,
  terminal: Terminal,
): Promise<Role> {
  const fitting = fittingRoles(roles, { wanted, aliases, knownNames })
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only
  if (!terminal.interactive) {
    throw new PumError(
      "noRole",
      `${fitting.length} roles fit, and there is no terminal to ask on: ${describeRoles(sortRoles(fitting, aliases, lastUsed), aliases)}`,
      { hint: "choose one with --account and --role" },
    )
  }
  const names = await nameAccounts(new Set(fitting.map(role => role.account)))
  const sorted = sortRoles(fitting, names, lastUsed)
  const rows = sorted.map(role => [accountLabel(role.account, names), shownName(role), role.arn])
  const message = "Please choose the AWS account and role you would like to assume:"
  const index = await terminal.choose({ message }, rows)
  const role = sorted[index]
  if (role === undefined) throw new RangeError(`no role ${index}`)
  return role
}

/** As `matchRoles`. A name that AWS gave the account stands in the menu, but decides nothing: the error names its id. */
function fittingRoles(
  roles: readonly Role[],
  { wanted, aliases, knownNames }: Pick<RoleChoice, "wanted" | "aliases" | "knownNames">,
): readonly Role[] {
  try {
    return matchRoles(roles, wanted, aliases)
  } catch (error) {
    const sought = wanted.account?.toLowerCase() ?? ""
    const isKnown = ({ account }: Role) =>
      [account, aliases.get(account) ?? ""].some(name => name.toLowerCase().startsWith(sought))
    if (roles.some(isKnown)) throw error
    const names = knownNames(new Set(roles.map(role => role.account)))
    const namesOfAws = [...names].filter(([id]) => !aliases.has(id))
    // A name that is near to one of the user's own is that one, mistyped.
    const [near] = nearestOf(sought, [...names.values()])
    const [id] = namesOfAws.find(([, name]) => name === near) ?? []
    if (!(error instanceof PumError) || id === undefined) throw error
    throw new PumError(error.code, error.message, {
      hint: `AWS calls the account ${id} ${near}: write its number, or give it this name under [account-mapping] of ~/.pum-aws`,
      cause: error,
    })
  }
}

function describeRoles(roles: readonly Role[], aliases: Aliases): string {
  const shown = roles.slice(0, 10).map(role => `${role.arn}${aliasSuffix(role, aliases)}`)
  return [...shown, ...(roles.length > shown.length ? ["…"] : [])].join(", ")
}
