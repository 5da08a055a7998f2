import { matchRoles } from "../domain/role-filter.ts"
import { type Aliases, type Role, sortRoles } from "../domain/roles.ts"
import type { Options } from "../options/options.ts"
import { inLines, tableOf } from "../terminal/rows.ts"
import { accountFields, asJson } from "./json.ts"

export interface ListSettings {
  readonly options: Options
  /** Names of accounts by id, beside the user's aliases. */
  readonly names: (accounts: ReadonlySet<string>) => Aliases
  /** Width of the table in characters. */
  readonly columns: number
  /** In place of what does not fit. */
  readonly ellipsis: string
}

/**
 * `--list`: the roles that match the options, as a table, or as JSON with names as AWS writes them.
 * @throws PumError `noRole`
 */
export function formatRoles(
  roles: readonly Role[],
  { options, names, columns, ellipsis }: ListSettings,
): string {
  const { aliases, mode } = options
  const matching = matchRoles(roles, options, aliases, "keep all")
  if (mode.kind === "list" && mode.json) {
    const entries = sortRoles(matching, aliases, undefined).map(({ account, arn, name, providerArn }) => ({
      ...accountFields(account, aliases),
      RoleName: name,
      RoleArn: arn,
      ProviderArn: providerArn,
    }))
    return asJson({ Roles: entries })
  }
  const labels = names(new Set(matching.map(({ account }) => account)))
  const rows = sortRoles(matching, labels, undefined).map(({ account, arn, name, path }) => [
    labels.get(account) ?? account,
    `${path}${name}`.slice(1),
    arn,
  ])
  return inLines(tableOf([["ACCOUNT", "ROLE", "ARN"], ...rows], { width: columns, needed: 2, ellipsis }))
}
