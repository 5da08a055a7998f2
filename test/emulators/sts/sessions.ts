import { randomBytes, randomInt } from "node:crypto"

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** A session that the emulator gave out. */
export interface IssuedSession extends Credentials {
  readonly account: string
  readonly partition: string
  readonly role: string
  /** `arn:<partition>:sts::<account>:assumed-role/<role name without path>/<session name>` */
  readonly assumedRoleArn: string
  /** `AROA…:<session name>` */
  readonly assumedRoleId: string
  readonly durationSeconds: number
  readonly expiration: Date
}

export interface NewSession {
  readonly role: string
  readonly roleSessionName: string
  readonly durationSeconds: number
}

export function newSession({ role, roleSessionName, durationSeconds }: NewSession): IssuedSession {
  const [, partition = "", , , account = "", path = ""] = role.split(":")
  const roleName = path.slice(path.lastIndexOf("/") + 1)
  return {
    ...newCredentials(),
    account,
    partition,
    role,
    assumedRoleArn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${roleSessionName}`,
    assumedRoleId: `AROA${base32(16)}:${roleSessionName}`,
    durationSeconds,
    // STS gives whole seconds.
    expiration: new Date((Math.floor(Date.now() / 1000) + durationSeconds) * 1000),
  }
}

/** Random text as STS makes it, with the characters that need care: `/`, `+` and, in the token, `=`. */
function newCredentials(): Credentials {
  const secret = randomBytes(30).toString("base64")
  // 3n + 1 bytes: base64 then ends with "==".
  const token = randomBytes(3 * randomInt(256, 480) + 1).toString("base64")
  return {
    accessKeyId: `ASIA${base32(16)}`,
    secretAccessKey: `${secret.slice(0, 18)}/+${secret.slice(20)}`,
    sessionToken: `IQoJb3JpZ2luX2Vj/+${token.slice(18)}`,
  }
}

function base32(length: number): string {
  return [...randomBytes(length)].map(byte => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]).join("")
}
