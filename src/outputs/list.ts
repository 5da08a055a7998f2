import { isExactMatch, matchRoles } from "../domain/role-filter.ts"
import { type Aliases, accountLabel, type Role, shownName, sortRoles } from "../domain/roles.ts"
import { plain } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { OnDemandRequests } from "../sessions/on-demand-requests.ts"
import { inLines, tableOf } from "../terminal/rows.ts"
import { accountFields, asJson } from "./json.ts"

export interface ListSettings {
  readonly options: Options
  /** Names of accounts by id, beside the user's aliases. */
  readonly names: (accounts: ReadonlySet<string>) => Aliases
  /** What profiles on demand ask for. */
  readonly requests: OnDemandRequests
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
  { options, names, requests, columns, ellipsis }: ListSettings,
): string {
  const { aliases, mode } = options
  const profilesOf = (role: Role) =>
    [...requests].filter(([, request]) => asksFor(request.options, role, aliases)).map(([profile]) => profile)
  const matching = matchRoles(roles, options, aliases, "keep all")
  if (mode.kind === "list" && mode.json) {
    const entries = sortRoles(matching, aliases, undefined).map(role => ({
      ...accountFields(role.account, aliases),
      RoleName: role.name,
      RoleArn: role.arn,
      ProviderArn: role.providerArn,
      OnDemand: profilesOf(role),
    }))
    return asJson({ Roles: entries })
  }
  const labels = names(new Set(matching.map(({ account }) => account)))
  const sorted = sortRoles(matching, labels, undefined)
  const profiles = sorted.map(role =>
    profilesOf(role)
      .map(each => plain(each))
      .join(", "),
  )
  const withProfiles = profiles.some(each => each !== "")
  const rows = sorted.map((role, index) => {
    const cells = [accountLabel(role.account, labels), shownName(role)]
    return [...cells, ...(withProfiles ? [profiles[index] ?? ""] : []), role.arn]
  })
  const head = ["ACCOUNT", "ROLE", ...(withProfiles ? ["ON DEMAND"] : []), "ARN"]
  return inLines(tableOf([head, ...rows], { width: columns, needed: 2, ellipsis }))
}

/** Whether a request names this role. */
function asksFor(request: Options, { account, name }: Role, aliases: Aliases): boolean {
  if (request.account === undefined || request.role === undefined) return false
  return isExactMatch({ account, role: name }, request, aliases)
}
