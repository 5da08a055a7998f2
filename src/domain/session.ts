import type { Role } from "./roles.ts"

/** Temporary credentials for one role, as STS returned them. */
export interface Session {
  readonly role: Role
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  /** `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>` */
  readonly principalArn: string
  /** The profile's region, or one of the role's partition if the profile's is not in it. */
  readonly region: string
  /** Granted length in seconds; shorter than requested if the role allows less. */
  readonly duration: number
  /** What limits it besides its role (`policyMark`). */
  readonly policy?: string | undefined
}

/** In seconds. Every role allows one hour: its maximum is between 1 and 12 hours. */
export const alwaysAllowedDuration = 3600

/**
 * How much of a session must be left, so that no new one is made: 15 minutes, or half of one that lasts less than 30.
 * @param duration in seconds
 */
export const enoughTime = (duration: number) => Math.min(15 * 60, duration / 2)
