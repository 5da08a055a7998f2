import type { Aliases, Wanted } from "./roles.ts"

/** Who temporary credentials make their holder. */
export interface Principal {
  readonly account: string
  /** Without its path, which is not told; a name is there once in an account. */
  readonly role: string
}

/** From `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>`, or the ARN of the role itself. */
export function principalOf(arn: string): Principal | undefined {
  const [, assumed, ofAssumed, whole, ofWhole] =
    /^arn:[\w-]+:(?:sts::(\d{12}):assumed-role\/([^/]+)\/.+|iam::(\d{12}):role\/(?:.*\/)?([^/]+))$/.exec(
      arn,
    ) ?? []
  const account = assumed ?? whole
  const role = ofAssumed ?? ofWhole
  return account === undefined || role === undefined ? undefined : { account, role }
}

/**
 * Whether this is what was asked for. The beginning of a name is not enough: without signing in nobody knows
 * whether it is the only one, or another name fits exactly.
 */
export function isWanted({ account, role }: Principal, wanted: Wanted, aliases: Aliases): boolean {
  const same = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase()
  const isAccount =
    wanted.account === undefined ||
    same(wanted.account, account) ||
    same(aliases.get(account), wanted.account)
  if (wanted.role === undefined || !isAccount) return isAccount
  const named = principalOf(wanted.role)
  if (named !== undefined) return same(named.account, account) && same(named.role, role)
  return same(wanted.role.split("/").at(-1), role)
}
