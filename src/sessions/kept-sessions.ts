import { readdirSync } from "node:fs"
import { enoughTime, type Session } from "../domain/session.ts"
import { codeOf, fileTrouble } from "../files/file-error.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import type { Options } from "../options/options.ts"
import { parseKeptRequest, parseKeptSession } from "./session-file.ts"
import {
  type ExpectedUser,
  ownerOfSession,
  requestFileName,
  requestKey,
  type SessionOwner,
  sessionFileName,
  sessionKey,
} from "./session-key.ts"

/*
 * The cache of sessions, in `~/.aws/pum-aws`. Two look-ups:
 *
 *   <profile>-<hash>.request          what was asked for -> the role that it led to, as long as the session lasted
 *   <account>-<role>-<hash>.json      user, role, duration and policies -> their session
 *
 * This is the reading part, which answers a `credential_process` call by itself; keep-session.ts writes.
 */

interface CacheLookUp {
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Whether a new session could be signed in for, if the kept one is short. Default: yes. */
  readonly canSignIn?: boolean
  /** Told which file was not used, and why. */
  readonly onIgnored?: (what: string) => void
}

/**
 * The kept session for these options, if it lasts long enough to be used.
 * @throws PumError `file`
 */
export function findKeptSession(
  options: Options,
  user: ExpectedUser | undefined,
  { home, now, canSignIn = true, onIgnored }: CacheLookUp,
): Session | undefined {
  const read = <Kept>(name: string, parse: (text: string) => Kept | undefined): Kept | undefined => {
    const file = ownFile(home, name)
    const text = readOwnFile(file, reason => onIgnored?.(`${file.shown}: ${reason}`))
    const kept = text === undefined ? undefined : parse(text)
    if (text !== undefined && kept === undefined && !isOfLaterVersion(text))
      onIgnored?.(`${file.shown}: it holds no session of pum-aws`)
    return kept
  }
  const wanted = requestKey(options, user)
  const request = read(requestFileName(wanted, options.profile), parseKeptRequest)
  if (request?.key !== wanted || request.ends <= now) return undefined
  const key = sessionKey(options, user, request.role)
  const kept = read(sessionFileName(key, request.role), parseKeptSession)
  if (kept?.key !== key) return undefined
  const { session } = kept
  return isLongEnough((session.expiration.getTime() - now) / 1000, session, canSignIn) ? session : undefined
}

/**
 * ARN of the role that this request last led to, also after its session has ended: it comes first in the menu.
 * @throws PumError `file`
 */
export function findLastRole(
  options: Options,
  user: ExpectedUser | undefined,
  home: string,
): string | undefined {
  const wanted = requestKey(options, user)
  const text = readOwnFile(ownFile(home, requestFileName(wanted, options.profile)))
  const request = text === undefined ? undefined : parseKeptRequest(text)
  return request?.key === wanted ? request.role.arn : undefined
}

const shortestLeftForAll = 60

/**
 * Whether a session can be used with this many seconds left (`enoughTime`). If no new one can be signed in for, 60
 * seconds are enough: valid credentials beat an error.
 */
export function isLongEnough(secondsLeft: number, { duration }: Session, canSignIn = true): boolean {
  return secondsLeft >= (canSignIn ? enoughTime(duration) : shortestLeftForAll)
}

/** A kept session, and a profile that it was requested for. */
export interface ProfileSession {
  readonly profile: string
  readonly session: Session
  readonly owner: SessionOwner | undefined
}

/**
 * The kept sessions of each profile, expired ones included, sorted by profile.
 * @throws PumError `file`
 */
export function listKeptSessions(home: string): readonly ProfileSession[] {
  const found = new Map<string, ProfileSession>()
  for (const name of sessionFileNames(home).filter(each => each.endsWith(".request"))) {
    const request = parseKeptRequest(readOwnFile(ownFile(home, name)) ?? "")
    if (request === undefined) continue
    const { profile, role, sessionKey: key } = request
    const kept = parseKeptSession(readOwnFile(ownFile(home, sessionFileName(key, role))) ?? "")
    if (kept?.key === key)
      found.set(JSON.stringify([profile, key]), {
        profile,
        session: kept.session,
        owner: ownerOfSession(key),
      })
  }
  return [...found.values()]
}

/**
 * Names of the files in `~/.aws/pum-aws`, sorted.
 * @throws PumError `file`
 */
export function sessionFileNames(home: string): readonly string[] {
  const folder = ownFolder(home)
  try {
    return readdirSync(folder.path).sort()
  } catch (error) {
    if (codeOf(error) === "ENOENT") return []
    throw fileTrouble("cannot read", folder, error)
  }
}
