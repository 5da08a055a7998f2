import { rmSync, statSync } from "node:fs"
import { parseObject } from "../domain/json.ts"
import { isLocked } from "../files/lock-folder.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { type Clock, monotonicAge, wallAge } from "./clock.ts"
import { sessionFileNames } from "./kept-sessions.ts"
import { parseOutcome } from "./outcome.ts"
import { parseHeldRefusal } from "./recent-refusals.ts"
import { parseKeptRequest, parseKeptSession } from "./session-file.ts"

const oneDay = 24 * 3600_000

/**
 * Removes files whose content has been of no use for a day, and those of version 0.1. A file that cannot be removed does
 * no harm.
 */
export function removeOldFiles(home: string, clock: Clock): void {
  try {
    checkOwnFolder(ownFolder(home))
    for (const name of sessionFileNames(home)) {
      const file = ownFile(home, name)
      const isOurs = /\.(json|request|outcome|refusal)$/.test(name)
      const text = isOurs ? readOwnFile(file) : undefined
      if (text !== undefined && (isOfFirstVersion(text, name) || isOld(text, file.path, clock)))
        rmSync(file.path, { force: true })
    }
  } catch {}
}

/** Version 0.1 wrote `<profile>-<hash>.<extension>` with a key in it, and `accounts.json`. */
function isOfFirstVersion(text: string, name: string): boolean {
  const content = parseObject(text)
  if (content === undefined || content.version !== undefined) return false
  if (name === "accounts.json") return true
  return /-[\da-f]{14}\.(json|outcome|refusal)$/.test(name) && typeof content.key === "string"
}

function isOld(text: string, path: string, clock: Clock): boolean {
  if (isOfLaterVersion(text)) return false
  const yesterday = clock.now() - oneDay
  const extension = path.slice(path.lastIndexOf("."))
  if (extension === ".refusal") return parseHeldRefusal(text, clock) === undefined
  if (extension === ".request") return (parseKeptRequest(text)?.ends ?? Number.POSITIVE_INFINITY) < yesterday
  if (extension === ".outcome") {
    if (isLocked(path)) return false
    const ended = parseOutcome(text)?.ended
    // By the monotonic clock if possible: processes may wait for this sign-in while the wall clock is set.
    if (ended === undefined) return statSync(path).mtimeMs < yesterday
    return (monotonicAge(ended.at, clock) ?? wallAge(ended.at, clock)) > oneDay
  }
  const kept = parseKeptSession(text)
  return kept !== undefined && kept.session.expiration.getTime() < yesterday
}
