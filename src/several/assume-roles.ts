import type { Sts } from "../aws/sts.ts"
import { maxConcurrentStsCalls } from "../domain/regions.ts"
import type { Role } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import type { SessionPolicy } from "../domain/session-policy.ts"
import { PumError } from "../errors.ts"

/** A profile to store, and the role to assume for it. */
export interface Target {
  readonly profile: string
  readonly role: Role
  readonly region: string
  /** Whether the user named the region. */
  readonly regionAsked: boolean
  /** Seconds. */
  readonly duration: number
  readonly policy?: SessionPolicy | undefined
}

export interface TargetResult {
  readonly target: Target
  /** The session, or the error of STS. */
  readonly result: Session | PumError
}

/**
 * Assumes the roles of all targets with one assertion, several at a time. As soon as AWS refuses the assertion as
 * expired, the remaining targets fail without a call.
 * @returns the results in the order of the targets
 */
export async function assumeRoles(
  targets: readonly Target[],
  samlResponse: string,
  sts: Pick<Sts, "assumeRole">,
): Promise<readonly TargetResult[]> {
  const results: (Session | PumError)[] = []
  let expired: PumError | undefined
  async function assume({
    role,
    duration,
    policy,
    region,
    regionAsked,
  }: Target): Promise<Session | PumError> {
    try {
      return await sts.assumeRole(role, samlResponse, duration, { region, regionAsked, policy })
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      if (error.code === "assertionExpired") {
        const { hint } = error
        expired ??= new PumError(error.code, "not tried: the sign-in had run out", { hint })
      }
      return error
    }
  }
  const queue = targets.entries()
  async function work(): Promise<void> {
    for (const [index, target] of queue) results[index] = expired ?? (await assume(target))
  }
  await Promise.all(Array.from({ length: maxConcurrentStsCalls }, work))
  return targets.flatMap((target, index) => {
    const result = results[index]
    return result === undefined ? [] : [{ target, result }]
  })
}
