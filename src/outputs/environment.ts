import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"

/** Changes to an environment, after which AWS tools use the session. */
export interface Variables {
  readonly set: Readonly<Record<string, string>>
  /** Variables that would win over the session, or name another one. */
  readonly unset: readonly string[]
}

export function sessionVariables(session: Session): Variables {
  return {
    set: {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: formatUtc(session.expiration),
      AWS_REGION: session.region,
      AWS_DEFAULT_REGION: session.region,
    },
    unset: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"],
  }
}
