import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { credentialFields } from "./credential-process.ts"

/** `--json`: the fields of a `credential_process` answer and those of the session; names as AWS writes them. */
export function sessionAsJson(session: Session, profile: string, aliases: Aliases): string {
  return asJson({
    ...credentialFields(session),
    Profile: profile,
    Region: session.region,
    ...accountFields(session.role.account, aliases),
    RoleArn: session.role.arn,
    PrincipalArn: session.principalArn,
    ...(session.policy === undefined ? {} : { SessionPolicy: session.policy }),
  })
}

export function accountFields(account: string, aliases: Aliases) {
  const alias = aliases.get(account)
  return { AccountId: account, ...(alias === undefined ? {} : { AccountAlias: alias }) }
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
