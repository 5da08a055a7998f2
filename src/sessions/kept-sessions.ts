import { readdirSync } from "node:fs"
import type { Session } from "../domain/session.ts"
import { codeOf, fileTrouble } from "../files/file-error.ts"
import type { Options } from "../options/options.ts"
import { type KeptSession, parseKeptSession, readIfExists, sessionFile } from "./session-file.ts"
import { type ExpectedUser, fileNameOf, sessionKey } from "./session-key.ts"

/*
 * The cache of sessions: one file for each request, `~/.aws/pum-aws/<profile>-<hash>.json`. This is its reading part,
 * which answers a `credential_process` call by itself; keep-session.ts writes.
 */

/**
 * The kept session for these options, if it lasts long enough to be used.
 * @param now milliseconds since 1970
 * @param onDamaged told the name of a file that is not a kept session
 * @throws PumError `file`
 */
export function findKeptSession(
  options: Options,
  user: ExpectedUser | undefined,
  { home, now, onDamaged }: { home: string; now: number; onDamaged?: (name: string) => void },
): Session | undefined {
  const key = sessionKey(options, user)
  const file = sessionFile(home, fileNameOf(key, options.profile, "json"))
  const text = readIfExists(file)
  const kept = text === undefined ? undefined : parseKeptSession(text)
  if (text !== undefined && kept === undefined) onDamaged?.(file.shown)
  if (kept?.key !== key) return undefined
  const { session } = kept
  return isLongEnough((session.expiration.getTime() - now) / 1000, session) ? session : undefined
}

const shortestLeft = 15 * 60

/**
 * Whether a session can be used with this many seconds left: 15 minutes, or half of the time of a session that lasts
 * less than 30 minutes.
 */
export function isLongEnough(secondsLeft: number, { duration }: Session): boolean {
  return secondsLeft >= Math.min(shortestLeft, duration / 2)
}

/**
 * All kept sessions, expired ones included, by file name.
 * @throws PumError `file`
 */
export function listKeptSessions(home: string): readonly KeptSession[] {
  const folder = sessionFile(home, "")
  let names: string[]
  try {
    names = readdirSync(folder.path).filter(name => name.endsWith(".json"))
  } catch (error) {
    if (codeOf(error) === "ENOENT") return []
    throw fileTrouble("cannot read", folder, error)
  }
  return names.sort().flatMap(name => parseKeptSession(readIfExists(sessionFile(home, name)) ?? "") ?? [])
}
