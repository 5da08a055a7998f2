import { PumError } from "./errors.ts"
import { type Aliases, matchRoles, type Role, sortRoles, type Wanted } from "./roles.ts"
import type { Terminal } from "./terminal/terminal.ts"

export interface RoleChoice {
  readonly wanted: Wanted
  readonly aliases: Aliases
  /** The principal this profile was last used as: its role is offered first. */
  readonly lastUsed: string | undefined
}

/**
 * The one role to assume: asked for only where several fit.
 * @throws PumError `noRole`, `cancelled`
 */
export async function chooseRole(
  roles: readonly Role[],
  { wanted, aliases, lastUsed }: RoleChoice,
  terminal: Terminal,
): Promise<Role> {
  const fitting = sortRoles(matchRoles(roles, wanted, aliases), aliases, lastUsed)
  if (fitting.length > 1 && !terminal.interactive) {
    throw new PumError(
      "noRole",
      `${fitting.length} roles fit, and there is no terminal to ask on: ${listed(fitting)}`,
      {
        hint: "choose one with --account and --role",
      },
    )
  }
  const rows = fitting.map(role => [
    aliases.get(role.account) ?? role.account,
    `${role.path}${role.name}`.slice(1),
    role.arn,
  ])
  const index =
    fitting.length === 1
      ? 0
      : await terminal.choose(
          { message: "Please choose the AWS account and role you would like to assume:" },
          rows,
        )
  const role = fitting[index]
  if (role === undefined) throw new RangeError(`no role ${index}`)
  return role
}

function listed(roles: readonly Role[]): string {
  const shown = roles.slice(0, 10).map(role => role.arn)
  return [...shown, ...(roles.length > shown.length ? ["…"] : [])].join(", ")
}
