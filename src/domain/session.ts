import type { Role } from "./roles.ts"

/** Temporary credentials for one role. */
export interface Session {
  readonly role: Role
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  /** `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>` */
  readonly principalArn: string
  /** The region it was asked for in: the profile's, or one of the role's partition. */
  readonly region: string
  /** How long AWS granted it for, in seconds; less than asked for where the role allows less. */
  readonly duration: number
}
