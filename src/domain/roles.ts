import { PumError, plain } from "../errors.ts"

/** A role the assertion offers, with the provider that AWS must trust for it. */
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

export interface Wanted {
  /** Account id, alias, or the beginning of one. */
  readonly account?: string | undefined
  /** Role name, path and name, ARN, or the beginning of one. */
  readonly role?: string | undefined
}

/** Account aliases by account id. */
export type Aliases = ReadonlyMap<string, string>

const roleArn = /^arn:([\w-]+):iam::(\d{12}):role(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]+)$/
const providerArn = /^arn:([\w-]+):iam::(\d{12}):saml-provider\/[\w./-]+$/

/**
 * Roles from the values of the Role attribute: two ARNs separated by a comma, in either order, with any
 * white space around them. Values that are no such pair are reported and left out.
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
  return { roles: [...roles.values()], warnings }
}

function readPair(value: string): Role | string {
  const parts = value.split(",").map(part => part.trim())
  const role = parts.map(part => roleArn.exec(part)).find(match => match !== null)
  const provider = parts.map(part => providerArn.exec(part)).find(match => match !== null)
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

/**
 * The roles that fit what was asked for: exactly where something fits exactly, else by its beginning, which
 * must then be the beginning of one name only, unless all are to be shown.
 * @throws PumError `noRole` when none fits, or a beginning fits several
 */
export function matchRoles(
  roles: readonly Role[],
  wanted: Wanted,
  aliases: Aliases,
  beginningOf: "one" | "all" = "one",
): readonly Role[] {
  if (roles.length === 0) {
    throw new PumError("noRole", "you are signed in, but ADFS offers you no AWS role", {
      hint: "access to AWS accounts follows your groups; ask for membership where you asked for your privileged user",
    })
  }
  const ofAccount = narrow(roles, wanted.account, { what: "account", beginningOf }, role => [
    role.account,
    aliases.get(role.account),
  ])
  return narrow(ofAccount, wanted.role, { what: "role", beginningOf }, role => [
    role.name,
    `${role.path}${role.name}`,
    `${role.path}${role.name}`.slice(1),
    role.arn,
  ])
}

function narrow(
  roles: readonly Role[],
  wanted: string | undefined,
  { what, beginningOf }: { readonly what: "account" | "role"; readonly beginningOf: "one" | "all" },
  namesOf: (role: Role) => readonly (string | undefined)[],
): readonly Role[] {
  if (wanted === undefined) return roles
  const sought = wanted.toLowerCase()
  const having = (test: (name: string) => boolean) =>
    roles.filter(role => namesOf(role).some(name => name !== undefined && test(name.toLowerCase())))
  const exact = having(name => name === sought)
  if (exact.length > 0) return exact
  const begun = having(name => name.startsWith(sought))
  const labels = (some: readonly Role[]) =>
    [
      ...new Set(some.map(role => (what === "account" ? (namesOf(role)[1] ?? role.account) : role.name))),
    ].sort()
  if (labels(begun).length > 1 && beginningOf === "one") {
    throw new PumError("noRole", `--${what} ${wanted} fits several: ${labels(begun).join(", ")}`, {
      hint: "write it out",
    })
  }
  if (begun.length === 0) {
    throw new PumError("noRole", `none of your roles fits --${what} ${wanted}`, {
      hint: `you have: ${labels(roles).join(", ")}`,
    })
  }
  return begun
}

/** The account's alias in brackets, to stand behind an ARN; nothing where it has none. */
export function inAccount(role: Role, aliases: Aliases): string {
  const alias = aliases.get(role.account)
  return alias === undefined ? "" : ` (${alias})`
}

/** Sorted by alias or account, then role; the role that was used last comes first. */
export function sortRoles(
  roles: readonly Role[],
  aliases: Aliases,
  lastUsed: string | undefined,
): readonly Role[] {
  const key = (role: Role) =>
    `${aliases.get(role.account) ?? role.account} ${role.path}${role.name} ${role.arn}`
  const isLast = (role: Role) => lastUsed !== undefined && wasAssumed(role, lastUsed)
  return [...roles].sort(
    (a, b) => Number(isLast(b)) - Number(isLast(a)) || key(a).localeCompare(key(b), "en"),
  )
}

/** Whether `principalArn` (`arn:aws:sts::<account>:assumed-role/<role>/<session>`) is a session of this role. */
export function wasAssumed(role: Role, principalArn: string): boolean {
  return (
    principalArn.startsWith(`arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/`) ||
    principalArn === role.arn
  )
}
