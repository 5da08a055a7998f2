import type { Options } from "../options/options.ts"
import type { ProfileSession } from "./kept-sessions.ts"

/**
 * Whether stored credentials are known to be those of another user than the one that the options name. AWS tools'
 * files do not say whose they are, but the principal ends with the session name that ADFS gives a user, and each kept
 * session knows its user.
 */
export function areOfOtherUser(
  principalArn: string,
  { username, idpUrl }: Pick<Options, "username" | "idpUrl">,
  kept: readonly ProfileSession[],
): boolean {
  if (username === undefined) return false
  const user = username.toLowerCase()
  const known = kept.filter(({ owner }) => owner?.idp === idpUrl.href && !owner.isItem)
  const ofUser = known.filter(({ owner }) => owner?.user === user)
  const ofName = known.filter(
    ({ session }) => sessionNameOf(session.principalArn) === sessionNameOf(principalArn),
  )
  return ofName.length + ofUser.length > 0 && !ofName.some(one => ofUser.includes(one))
}

/** The last part of `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>`. */
export const sessionNameOf = (principalArn: string) => principalArn.slice(principalArn.lastIndexOf("/") + 1)
