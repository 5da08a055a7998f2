import { alwaysAllowedDuration, type Session } from "../domain/session.ts"
import { policySuffix } from "../domain/session-policy.ts"
import { formatDuration, formatTimeOfDay } from "../domain/time.ts"
import { exampleOfUse } from "../options/hint-commands.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { environmentShadows, shadowsOfStored } from "../profiles/shadows.ts"
import { storeProfiles } from "../profiles/store-profiles.ts"
import type { OnDemandRequest } from "../sessions/on-demand-requests.ts"
import type { Obtained } from "../sessions/shared-session.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface ProfileSettings {
  readonly paths: AwsFilePaths
  readonly options: Options
  /** Whether the profile held a long-term key, which the user agreed to lose. */
  readonly hadLongTermKey: boolean
  readonly env: Environment
  readonly terminal: Terminal
}

/**
 * Stores the session in its profile, and prints which role it is and how to use it.
 * @throws PumError `file`
 */
export async function storeInProfile(session: Session, settings: ProfileSettings): Promise<void> {
  const { paths, options, env, hadLongTermKey, terminal } = settings
  const { profile } = options
  const warnings: string[] = []
  const before = await storeProfiles(
    paths,
    [{ profile, session, region: session.region, regionAsked: options.region !== undefined }],
    { overwrite: options.overwrite || hadLongTermKey, warn: line => warnings.push(line) },
  )
  terminal.succeed(`Stored in profile [${profile}] of ${userFiles(paths).credentials.shown}`)
  tellSession(session, options, terminal)
  warnIfShorter(session, options, terminal)
  for (const line of [...warnings, ...environmentShadows(profile, env), ...shadowsOfStored(before, profile)])
    terminal.warn(line)
}

/**
 * Keeps the session for a profile on demand, which gets it when it is used, and prints which role it is.
 * @throws PumError `file`
 */
export async function keepForProfile(
  { session, typedUsername }: Obtained,
  request: OnDemandRequest,
  { options, env, terminal }: Pick<ProfileSettings, "options" | "env" | "terminal">,
): Promise<void> {
  await request.keepSession(session, typedUsername)
  terminal.succeed(`Kept for profile [${options.profile}], which asks for credentials when it is used`)
  tellSession(session, options, terminal)
  warnIfShorter(session, options, terminal)
  for (const shadow of environmentShadows(options.profile, env)) terminal.warn(shadow)
}

function tellSession(session: Session, { profile, aliases }: Options, terminal: Terminal): void {
  const alias = aliases.get(session.role.account)
  const role = `${alias === undefined ? "" : `${alias}: `}${session.role.arn}`
  const validity = `${formatTimeOfDay(session.expiration)} (${formatDuration(session.duration)})${policySuffix(session.policy)}`
  terminal.tell(`  ${role}, valid until ${validity}`)
  terminal.tell(`  ${exampleOfUse(profile)}`)
}

/** Warns if AWS granted the session for less time than was asked for. */
export function warnIfShorter({ duration }: Session, options: Options, terminal: Terminal): void {
  if (duration >= options.duration) return
  const [asked, granted] = [formatDuration(options.duration), formatDuration(duration)]
  // Another time than the one that every role allows: AWS gave less without a word.
  const reason =
    duration === alwaysAllowedDuration ? `the role does not allow ${asked}` : `AWS did not grant ${asked}`
  terminal.warn(`${reason}; these credentials last ${granted}`)
}
