import { PumError } from "../errors.ts"
import { didYouMean, nearestOf } from "./nearest.ts"
import { type Principal, principalOf } from "./principal.ts"
import { type Aliases, accountLabel, type Role, shownName } from "./roles.ts"

/** What `--account` and `--role` ask for. */
export interface RoleFilter {
  /** Account id or alias, or a prefix of one. */
  readonly account?: string | undefined
  /** Role name, path and name, or ARN, or a prefix of one. */
  readonly role?: string | undefined
}

/**
 * The roles that match: exact matches if there are any, else those of which a name begins with the text.
 * @param ambiguousPrefix what to do if the text is a prefix of several names
 * @throws PumError `noRole` if no role matches, or a prefix is ambiguous and `ambiguousPrefix` is "refuse"
 */
export function matchRoles(
  roles: readonly Role[],
  filter: RoleFilter,
  aliases: Aliases,
  ambiguousPrefix: "refuse" | "keep all" = "refuse",
): readonly Role[] {
  if (roles.length === 0) {
    throw new PumError("noRole", "you are signed in, but ADFS offers you no AWS role", {
      hint: "access to AWS accounts follows your groups; ask for membership where you asked for your privileged user",
    })
  }
  const account: Criterion = {
    option: "--account",
    namesOf: role => [role.account, aliases.get(role.account)],
    labelOf: role => accountLabel(role.account, aliases),
  }
  const { account: wantedAccount, role: wantedRole } = filter
  const ofAccount = matchOne(roles, wantedAccount, account, ambiguousPrefix)
  if (ofAccount.length === 0) throw noneFits(wantedAccount, roles, account)
  const ofRole = matchOne(ofAccount, wantedRole, byRole, ambiguousPrefix)
  if (ofRole.length > 0) return ofRole
  const what = `${byRole.option} ${wantedRole}`
  const elsewhere = matchOne(roles, wantedRole, byRole, "keep all")
  if (elsewhere.length === 0) throw noneFits(wantedRole, ofAccount, byRole)
  throw new PumError("noRole", `none of your roles fits ${what} together with --account ${wantedAccount}`, {
    hint: `in that account you have: ${labelsOf(ofAccount, byRole)}; ${wantedRole} is in: ${labelsOf(elsewhere, account)}`,
  })
}

interface Criterion {
  readonly option: string
  /** Every text that means this role. */
  readonly namesOf: (role: Role) => readonly (string | undefined)[]
  /** The text that messages show. */
  readonly labelOf: (role: Role) => string
}

const byRole: Criterion = {
  option: "--role",
  namesOf: role => [role.name, `${role.path}${role.name}`, shownName(role), role.arn],
  labelOf: role => role.name,
}

/** @throws PumError `noRole` if a prefix is ambiguous */
function matchOne(
  roles: readonly Role[],
  text: string | undefined,
  criterion: Criterion,
  ambiguousPrefix: "refuse" | "keep all",
): readonly Role[] {
  if (text === undefined) return roles
  const sought = text.toLowerCase()
  const rolesWith = (isMatch: (name: string) => boolean) =>
    roles.filter(role =>
      criterion.namesOf(role).some(name => name !== undefined && isMatch(name.toLowerCase())),
    )
  const exact = rolesWith(name => name === sought)
  if (exact.length > 0) return exact
  const byPrefix = rolesWith(name => name.startsWith(sought))
  const count = new Set(byPrefix.map(criterion.labelOf)).size
  if (count > 1 && ambiguousPrefix === "refuse") {
    const matched = labelsOf(byPrefix, criterion)
    throw new PumError("noRole", `${criterion.option} ${text} fits several: ${matched}`, {
      hint: "write it out",
    })
  }
  return byPrefix
}

/** The nearest name comes first: the list of all may be cut. */
function noneFits(text = "", roles: readonly Role[], criterion: Criterion): PumError {
  const isArn = (name: string) => name.startsWith("arn:")
  const names = roles.flatMap(criterion.namesOf).filter(name => name !== undefined)
  // A role has several: Git Bash would make a path of one that begins with /.
  const near = nearestOf(
    text,
    names.filter(name => !name.startsWith("/") && isArn(name) === isArn(text)),
  )
  const isUnknownName = criterion.option === "--account" && near.length === 0 && !/^\d+$/.test(text)
  const hint = [
    didYouMean(near),
    `you have: ${labelsOf(roles, criterion)}`,
    isUnknownName ? "(a name counts if it stands under [account-mapping] of ~/.pum-aws)" : undefined,
  ]
  return new PumError("noRole", `none of your roles fits ${criterion.option} ${text}`, {
    hint: hint.filter(Boolean).join(" "),
  })
}

const labelsOf = (roles: readonly Role[], { labelOf }: Criterion) =>
  [...new Set(roles.map(labelOf))].sort().join(", ")

/**
 * Whether a principal is exactly what the filter asks for. A prefix does not count: only the list of roles, which needs
 * a sign-in, tells whether a prefix is unique.
 */
export function isExactMatch({ account, role }: Principal, filter: RoleFilter, aliases: Aliases): boolean {
  const isSame = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase()
  const matchesAccount =
    filter.account === undefined ||
    isSame(filter.account, account) ||
    isSame(aliases.get(account), filter.account)
  if (filter.role === undefined || !matchesAccount) return matchesAccount
  const fromArn = principalOf(filter.role)
  if (fromArn !== undefined) return isSame(fromArn.account, account) && isSame(fromArn.role, role)
  return isSame(filter.role.split("/").at(-1), role)
}

/**
 * The part in which a filter asks for another role than one that is written in full, if it does. A prefix, an alias and
 * another spelling of the full name are the same.
 */
export function otherPart(
  asked: RoleFilter,
  full: RoleFilter,
  aliases: Aliases,
): "account" | "role" | undefined {
  const accountsOf = (text: string) => [
    text,
    ...[...aliases].flatMap(([id, alias]) => (id === text ? alias : [])),
  ]
  const fromArn = principalOf(asked.role ?? "")
  const isOther = (
    text: string | undefined,
    other: string | undefined,
    namesOf: (text: string) => string[],
  ) => {
    if (text === undefined || other === undefined) return text !== other
    return !namesOf(other).some(name => name.toLowerCase().startsWith(text.toLowerCase()))
  }
  if (isOther(asked.account, full.account, accountsOf)) return "account"
  if (fromArn !== undefined && isOther(fromArn.account, full.account, accountsOf)) return "role"
  const role = fromArn?.role ?? asked.role
  const rolesOf = (text: string) => [text, principalOf(text)?.role ?? text.split("/").at(-1) ?? text]
  return isOther(role?.split("/").at(-1), full.role, rolesOf) ? "role" : undefined
}
