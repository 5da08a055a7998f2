import { findOnePassword } from "../answers/find-one-password.ts"
import type { Session } from "../domain/session.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Environment, Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { systemClock } from "./clock.ts"
import { type KeptFor, keepSession, removeOldFiles } from "./keep-session.ts"
import { cacheOwners, userOf } from "./session-key.ts"

/** A session that is in a profile of the AWS files now. */
export interface StoredSession {
  readonly profile: string
  readonly session: Session
  /** Asked for, in seconds; default: that of the options. */
  readonly duration?: number
}

/**
 * Keeps sessions that were stored in profiles, so that the modes that hand sessions out find them. If that fails, a
 * warning: they are stored.
 */
export async function keepStored(
  stored: readonly StoredSession[],
  typedUsername: string | undefined,
  { options, env, home, terminal }: { options: Options; env: Environment; home: string; terminal: Terminal },
): Promise<void> {
  const owners = cacheOwners(userOf(options, findOnePassword(options, env)), typedUsername)
  try {
    for (const { profile, session, duration = options.duration } of stored)
      for (const owner of owners)
        await keepSession(session, { ...requestFor(profile, options), duration }, owner, home)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(`sessions are not kept: ${inOneLine(error)}`)
  }
  removeOldFiles(home, systemClock())
}

/** What a later run would ask for that names this profile alone. */
function requestFor(profile: string, options: Options): KeptFor {
  if (options.several === undefined) return options
  const entry = options.entries.get(profile)
  if (entry === undefined) return { ...options, profile }
  const { account, byName } = entry
  return { ...options, profile, account, role: byName ? undefined : entry.role }
}
