import { readdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Session } from "../domain/session.ts"
import { isLocked } from "../files/lock-folder.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Options } from "../options/options.ts"
import { type Clock, monotonicAge, wallAge } from "./clock.ts"
import { parseOutcome } from "./outcome.ts"
import { parseHeldRefusal } from "./recent-refusals.ts"
import { type KeptSession, parseKeptSession, readIfExists, sessionFile } from "./session-file.ts"
import { type ExpectedUser, fileNameOf, sessionKey } from "./session-key.ts"

/**
 * Keeps a session for a user and these options.
 * @throws PumError `file`
 */
export async function keepSession(
  session: Session,
  options: Options,
  owner: ExpectedUser,
  home: string,
): Promise<void> {
  const key = sessionKey(options, owner)
  const kept: KeptSession = { key, profile: options.profile, session }
  const file = sessionFile(home, fileNameOf(key, options.profile, "json"))
  await writePrivately(file, JSON.stringify(kept))
}

const oneDay = 24 * 3600_000

/** Removes files whose content is of no use since a day. A file that cannot be removed does no harm. */
export function removeOldFiles(home: string, clock: Clock): void {
  const folder = sessionFile(home, "").path
  try {
    for (const name of readdirSync(folder)) {
      const extension = /\.(json|outcome|refusal)$/.exec(name)?.[1]
      const path = join(folder, name)
      const text = extension === undefined ? undefined : readIfExists(sessionFile(home, name))
      if (text !== undefined && isOld(text, extension, path, clock)) rmSync(path, { force: true })
    }
  } catch {}
}

function isOld(text: string, extension: string | undefined, path: string, clock: Clock): boolean {
  if (extension === "refusal") return parseHeldRefusal(text, clock) === undefined
  if (extension === "outcome") {
    if (isLocked(path)) return false
    const ended = parseOutcome(text)?.ended
    // By the monotonic clock if possible: processes may wait for this sign-in while the wall clock is set.
    if (ended === undefined) return clock.now() - statSync(path).mtimeMs > oneDay
    return (monotonicAge(ended.at, clock) ?? wallAge(ended.at, clock)) > oneDay
  }
  const kept = parseKeptSession(text)
  return kept !== undefined && kept.session.expiration.getTime() < clock.now() - oneDay
}
