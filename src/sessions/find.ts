import type { Session } from "../domain/session.ts"
import type { Options } from "../options/options.ts"
import { isUsable, keptFile, parseKept, readOurs } from "./kept.ts"
import { type ExpectedUser, fileNameOf, keyOf } from "./key.ts"

/**
 * The session that is kept for these options, while it lasts long enough to be given out.
 * @param damaged told where there is a file, but no session in it
 * @throws PumError `file`
 */
export function findKept(
  options: Options,
  user: ExpectedUser | undefined,
  home: string,
  now: number,
  damaged: (shown: string) => void = () => {},
): Session | undefined {
  const key = keyOf(options, user)
  const file = keptFile(home, fileNameOf(key, options.profile))
  const text = readOurs(file)
  const kept = text === undefined ? undefined : parseKept(text)
  if (text !== undefined && kept === undefined) damaged(file.shown)
  return kept?.key === key && isUsable(kept.session, now) ? kept.session : undefined
}
