import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"

/** What `credential_process` answers (AWS SDKs and Tools Reference Guide, "Process credential provider"). */
export function credentialProcessAnswer(
  session: Pick<Session, "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration">,
): string {
  return `${JSON.stringify(credentialsOf(session))}\n`
}

/** The same, and what else there is to know; names as AWS writes them. */
export function sessionAsJson(session: Session, profile: string, aliases: Aliases): string {
  const alias = aliases.get(session.role.account)
  return asJson({
    ...credentialsOf(session),
    Profile: profile,
    Region: session.region,
    AccountId: session.role.account,
    ...(alias === undefined ? {} : { AccountAlias: alias }),
    RoleArn: session.role.arn,
    PrincipalArn: session.principalArn,
  })
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function credentialsOf(session: Parameters<typeof credentialProcessAnswer>[0]) {
  return {
    Version: 1,
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: formatUtc(session.expiration),
  }
}
