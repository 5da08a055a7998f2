import { plain } from "../errors.ts"
import { firstFew } from "./first-few.ts"

/** A role of the assertion, with the SAML provider that AWS must trust for it. */
export interface Role {
  readonly arn: string
  readonly providerArn: string
  readonly partition: string
  /** Twelve digits. */
  readonly account: string
  /** With slashes: `/` or `/team/`. */
  readonly path: string
  readonly name: string
}

/** Longest account name that is shown, in characters. AWS allows aliases of 63. */
export const maxAccountNameLength = 64

/** Account aliases by account id. */
export type Aliases = ReadonlyMap<string, string>

const roleArn = /^arn:([\w-]+):iam::(\d{12}):role(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]+)$/
const providerArn = /^arn:([\w-]+):iam::(\d{12}):saml-provider\/[\w./-]+$/

/**
 * Reads the values of the Role attribute (AWS, "Configure SAML assertions for the authentication response"): the ARNs
 * of role and provider with a comma between them, in either order, with any white space around them.
 * @returns each role once, and warnings of the values that are not such a pair (`firstFew`)
 */
export function readRoles(values: readonly string[]): {
  readonly roles: readonly Role[]
  readonly warnings: readonly string[]
} {
  const roles = new Map<string, Role>()
  const warnings: string[] = []
  for (const value of values) {
    const result = readPair(value)
    if (typeof result === "string")
      warnings.push(`ignored a role that ADFS sent: ${result}: ${plain(value, 120)}`)
    else roles.set(`${result.arn},${result.providerArn}`, result)
  }
  return { roles: [...roles.values()], warnings: firstFew(warnings, String) }
}

/** @returns the role, or why the value is not one */
function readPair(value: string): Role | string {
  // IAM allows a comma in the name of a role.
  const parts = value.split(/,(?=\s*arn:)/).map(part => part.trim())
  const role = matchIn(parts, ":role/", roleArn)
  const provider = matchIn(parts, ":saml-provider/", providerArn)
  const [arn, partition, account, path, name] = role ?? []
  if (
    parts.length !== 2 ||
    provider === undefined ||
    arn === undefined ||
    partition === undefined ||
    account === undefined ||
    path === undefined ||
    name === undefined
  ) {
    return "not a role and a provider"
  }
  if (provider[2] !== account) return "role and provider are of different accounts"
  if (provider[1] !== partition) return "role and provider are of different partitions"
  return { arn, providerArn: provider[0], partition, account, path, name }
}

/** The first match; `needed` is a piece that every match has, which is looked for in no time. */
function matchIn(parts: readonly string[], needed: string, pattern: RegExp): RegExpExecArray | undefined {
  for (const part of parts) {
    const match = part.includes(needed) ? pattern.exec(part) : null
    if (match !== null) return match
  }
  return undefined
}

/** `Admin`, or `team/Admin`: the role's name with its path, as tables show it. */
export const shownName = ({ path, name }: Pick<Role, "path" | "name">) => `${path}${name}`.slice(1)

/** `Admin`, or `/team/Admin`: the role as `--role` and `~/.pum-aws` name it. */
export const roleSetting = ({ path, name }: Pick<Role, "path" | "name">) =>
  path === "/" ? name : `${path}${name}`

/** What the user knows an account by: its name, else its id. */
export const accountLabel = (account: string, names: Aliases) => names.get(account) ?? account

/** ` (alias)`, to follow the role's ARN in a message; empty if the account has no alias. */
export function aliasSuffix(role: Role, aliases: Aliases): string {
  const alias = aliases.get(role.account)
  return alias === undefined ? "" : ` (${alias})`
}

/**
 * Sorts by alias or account, then role, in any case of letters; the role that was used last comes first. Without
 * `Intl`: to make its collator takes longer than all the rest of a menu.
 * @param lastUsed ARN of the principal it was used as
 */
export function sortRoles(
  roles: readonly Role[],
  aliases: Aliases,
  lastUsed: string | undefined,
): readonly Role[] {
  const entries = roles.map(role => ({
    role,
    key: `${accountLabel(role.account, aliases)} ${role.path}${role.name} ${role.arn}`.toLowerCase(),
    isLast: lastUsed !== undefined && isRoleOf(lastUsed, role),
  }))
  entries.sort((a, b) => Number(b.isLast) - Number(a.isLast) || compareTexts(a.key, b.key))
  return entries.map(({ role }) => role)
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/**
 * Whether a principal has this role.
 * @param principalArn `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>`, or a role's ARN
 */
export function isRoleOf(principalArn: string, role: Role): boolean {
  return (
    principalArn.startsWith(`arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/`) ||
    principalArn === role.arn
  )
}
