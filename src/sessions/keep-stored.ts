import type { Session } from "../domain/session.ts"
import type { SessionPolicy } from "../domain/session-policy.ts"
import { inOneLine, PumError } from "../errors.ts"
import { exampleCommand } from "../options/hint-commands.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { quoteWord } from "../platform/quoting.ts"
import { systemClock } from "./clock.ts"
import { keepSession } from "./keep-session.ts"
import { removeOldFiles } from "./remove-old-files.ts"
import { cacheOwners, expectedUser, type KeyOptions } from "./session-key.ts"
import type { SharingSettings } from "./shared-session.ts"

/** A session that is in a profile of the AWS files now. */
export interface StoredSession {
  readonly profile: string
  readonly session: Session
  /** Asked for, in seconds. */
  readonly duration: number
  readonly policy: SessionPolicy | undefined
}

type KeepSettings = Pick<SharingSettings, "options" | "home" | "terminal"> & { readonly env: Environment }

/**
 * Stores sessions in profiles. If that fails, they are kept all the same, and said to be: each cost a code, which works
 * once.
 * @throws PumError what `store` throws
 */
export async function storeOrKeep<T>(
  store: () => Promise<T>,
  sessions: readonly StoredSession[],
  typedUsername: string | undefined,
  settings: KeepSettings,
): Promise<T> {
  try {
    return await store()
  } catch (error) {
    const [first] = sessions
    if (first === undefined || !(error instanceof PumError)) throw error
    if (await keepStored(sessions, typedUsername, settings)) {
      const use = `pum-aws --profile ${quoteWord(first.profile)} ${exampleCommand}`
      settings.terminal.tell(`What you signed in for is kept, and used without a question: ${use}`)
    }
    throw error
  }
}

/**
 * Keeps sessions that were stored in profiles, so that the modes that hand sessions out find them. If that fails, a
 * warning: they are stored.
 * @returns whether they are kept
 */
export async function keepStored(
  stored: readonly StoredSession[],
  typedUsername: string | undefined,
  { options, env, home, terminal }: KeepSettings,
): Promise<boolean> {
  const owners = cacheOwners(expectedUser(options, env), typedUsername)
  try {
    for (const { profile, session, duration, policy } of stored)
      for (const request of requestsFor(profile, options))
        await keepSession(session, { ...request, duration, policy }, owners, home)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(`sessions are not kept: ${inOneLine(error)}`)
    return false
  }
  removeOldFiles(home, systemClock())
  return true
}

/** What a later run would ask for that names this profile alone, or this profile with the same options. */
function requestsFor(profile: string, options: Options): readonly KeyOptions[] {
  if (options.several === undefined) return [options]
  const named = { ...options, profile }
  const entry = options.entries.get(profile)
  if (entry !== undefined)
    return [{ ...named, account: entry.account, role: entry.byName ? undefined : entry.role }]
  const { account, role, several } = options
  const isChosen = account !== undefined || role !== undefined
  // With --all each profile stands for one role: there --account and --role only choose among the profiles.
  if (several !== "all" || !isChosen) return [named]
  return [named, { ...named, account: undefined, role: undefined }]
}
