import type { Sts } from "../aws/sts.ts"
import { maxConcurrentStsCalls } from "../domain/regions.ts"
import type { Role } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { PumError } from "../errors.ts"

/** A profile, and the role whose session goes there. */
export interface Target {
  readonly profile: string
  readonly role: Role
  readonly region: string
  readonly regionAsked: boolean
  /** Seconds. */
  readonly duration: number
}

export interface Outcome {
  readonly target: Target
  /** A session, or why there is none. */
  readonly result: Session | PumError
}

/**
 * A session for each of the targets, in their order, with one assertion. When AWS takes that no more, the targets
 * that are left are not tried.
 */
export async function assumeAll(
  targets: readonly Target[],
  samlResponse: string,
  sts: Pick<Sts, "assumeRole">,
): Promise<readonly Outcome[]> {
  const results: (Session | PumError)[] = []
  let ranOut: PumError | undefined
  const queue = targets.entries()
  async function work(): Promise<void> {
    for (const [index, target] of queue) {
      results[index] = ranOut ?? (await sessionFor(target))
    }
  }
  async function sessionFor({ role, duration, ...place }: Target): Promise<Session | PumError> {
    try {
      return await sts.assumeRole(role, samlResponse, duration, place)
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      if (error.code === "assertionExpired") {
        const { hint } = error
        ranOut ??= new PumError(error.code, "not tried: the sign-in had run out", { hint })
      }
      return error
    }
  }
  await Promise.all(Array.from({ length: maxConcurrentStsCalls }, work))
  return targets.flatMap((target, index) => {
    const result = results[index]
    return result === undefined ? [] : [{ target, result }]
  })
}
