import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"
import { promptLabel, promptText } from "./describe-session.ts"

/** Changes to an environment, after which AWS tools use the session. */
export interface Variables {
  readonly set: Readonly<Record<string, string>>
  /** Variables that would win over the session, or name another one. */
  readonly unset: readonly string[]
}

/** @param names of accounts by id */
export function sessionVariables(session: Session, names: Aliases): Variables {
  const { account, name } = session.role
  return {
    set: {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: formatUtc(session.expiration),
      AWS_REGION: session.region,
      AWS_DEFAULT_REGION: session.region,
      // For shell prompts. No option reads it.
      PUM_AWS_SESSION: promptText(`${promptLabel(account, names)}/${name}`),
    },
    unset: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"],
  }
}
