import type { Options } from "../options/index.ts"
import { matchRoles, type Role, sortRoles } from "../roles.ts"
import { tableOf } from "../terminal/rows.ts"
import { asJson } from "./json.ts"

/**
 * The roles on offer that fit what was asked for, as a table, or as JSON with names as AWS writes them.
 * @throws PumError `noRole`
 */
export function listOf(roles: readonly Role[], options: Options): string {
  const { aliases, mode } = options
  const fitting = sortRoles(matchRoles(roles, options, aliases), aliases, undefined)
  if (mode.kind === "list" && mode.json) {
    const entries = fitting.map(({ account, arn, name, providerArn }) => {
      const alias = aliases.get(account)
      return {
        AccountId: account,
        ...(alias === undefined ? {} : { AccountAlias: alias }),
        RoleName: name,
        RoleArn: arn,
        ProviderArn: providerArn,
      }
    })
    return asJson({ Roles: entries })
  }
  const rows = fitting.map(({ account, arn, name, path }) => [
    aliases.get(account) ?? account,
    `${path}${name}`.slice(1),
    arn,
  ])
  return inLines(tableOf([["ACCOUNT", "ROLE", "ARN"], ...rows], Number.POSITIVE_INFINITY))
}

export const inLines = (lines: readonly string[]) => lines.map(line => `${line}\n`).join("")
