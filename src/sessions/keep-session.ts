import { rmSync } from "node:fs"
import type { Session } from "../domain/session.ts"
import type { UserFile } from "../files/file-error.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import type { KeptRequest, KeptSession } from "./session-file.ts"
import {
  type ExpectedUser,
  type KeyOptions,
  requestFileName,
  requestKey,
  sessionFileName,
  sessionKey,
} from "./session-key.ts"
import { writeSessionFile } from "./write-session-file.ts"

/**
 * Keeps a session for these options, under each of its owners (`cacheOwners`). If that fails, the request leads to no
 * older session either: that may be of another role than the one that was just chosen.
 * @throws PumError `file`
 */
export async function keepSession(
  session: Session,
  options: KeyOptions,
  owners: readonly ExpectedUser[],
  home: string,
): Promise<void> {
  for (const owner of owners) await keepFor(owner, session, options, home)
}

async function keepFor(
  owner: ExpectedUser,
  session: Session,
  options: KeyOptions,
  home: string,
): Promise<void> {
  checkOwnFolder(ownFolder(home))
  const { role, expiration } = session
  const key = sessionKey(options, owner, role)
  const wanted = requestKey(options, owner)
  const { profile } = options
  const requestFile = ownFile(home, requestFileName(wanted, profile))
  try {
    const kept: KeptSession = { key, session }
    await writeSessionFile(ownFile(home, sessionFileName(key, role)), kept)
    const request: KeptRequest = { key: wanted, profile, role, sessionKey: key, ends: expiration.getTime() }
    await writeSessionFile(requestFile, request)
  } catch (error) {
    removeRequest(requestFile)
    throw error
  }
}

function removeRequest(file: UserFile): void {
  try {
    if (!isOfLaterVersion(readOwnFile(file) ?? "")) rmSync(file.path, { force: true })
  } catch {
    // The folder cannot be written to: there the older session stays in use.
  }
}
