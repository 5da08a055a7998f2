import { shortHash } from "./hash.ts"

/**
 * What limits a session besides its role (IAM User Guide, "Session policies"): managed policies by their ARNs, and one
 * policy as a text.
 */
export interface SessionPolicy {
  /** AWS' managed policy ReadOnlyAccess, of the role's partition. */
  readonly readOnly: boolean
  readonly arns: readonly string[]
  readonly text: string | undefined
  /** The words that named it on the command line. */
  readonly asked: readonly string[]
}

export const readOnlyPolicy: SessionPolicy = {
  readOnly: true,
  arns: [],
  text: undefined,
  asked: ["read-only"],
}

/** The managed policies to send to STS for a role of this partition. */
export function managedPolicies({ readOnly, arns }: SessionPolicy, partition: string): readonly string[] {
  return readOnly ? [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] : arns
}

/** Tells sessions with different policies apart: `read-only`, or a hash. `undefined`: the session has no policy. */
export function policyMark(policy: SessionPolicy | undefined): string | undefined {
  if (policy === undefined) return undefined
  return policy.readOnly ? "read-only" : shortHash(JSON.stringify([policy.arns, policy.text]))
}

/** To follow "a session": `that is read-only`. */
export function describePolicy(mark: string | undefined): string {
  if (mark === undefined) return "without a session policy"
  return mark === "read-only" ? "that is read-only" : "that a policy limits"
}

/** To follow the description of a session: `, read-only`; empty if nothing limits it. */
export function policySuffix(mark: string | undefined): string {
  if (mark === undefined) return ""
  return mark === "read-only" ? ", read-only" : ", limited by a policy"
}
