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
}

export const readOnlyPolicy: SessionPolicy = {
  readOnly: true,
  arns: [],
  text: undefined,
}

/** The managed policies to send to STS for a role of this partition. */
export function managedPolicies({ readOnly, arns }: SessionPolicy, partition: string): readonly string[] {
  return readOnly ? [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] : arns
}

/**
 * What a policy says, without regard to how it was written: for AWS, neither the order of policies, statements, actions
 * and resources nor white space has a meaning.
 */
export function policyContent({ readOnly, arns, text }: SessionPolicy): readonly unknown[] {
  return [readOnly, [...new Set(arns)].sort(), text === undefined ? undefined : canonicalJson(text)]
}

/** Tells sessions with different policies apart: `read-only`, or a hash. `undefined`: the session has no policy. */
export function policyMark(policy: SessionPolicy | undefined): string | undefined {
  if (policy === undefined) return undefined
  return policy.readOnly ? "read-only" : shortHash(JSON.stringify(policyContent(policy).slice(1)))
}

/** JSON without white space, its keys and lists sorted. */
function canonicalJson(text: string): string {
  const compact = text.replace(/("(?:\\.|[^"\\])*")|\s+/g, "$1")
  const value: unknown = JSON.parse(text)
  // A key that is there twice, or a number with too many digits: what parsing loses may be a difference.
  return JSON.stringify(value) === compact ? JSON.stringify(sorted(value)) : compact
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const texts = value.map(each => JSON.stringify(sorted(each)))
    return texts.sort().map(each => JSON.parse(each))
  }
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const)
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
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
