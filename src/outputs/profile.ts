import type * as Files from "../aws-files/index.ts"
import { spoken } from "../duration.ts"
import { PumError, plain } from "../errors.ts"
import type { Environment, Options } from "../options/index.ts"
import { isWanted, principalOf } from "../principal.ts"
import type { Session } from "../sts.ts"
import type { Terminal } from "../terminal/index.ts"

export interface Destination {
  readonly files: typeof Files
  readonly paths: Files.AwsFilePaths
  readonly options: Options
  /** Whether it held a long-term key before, which the user then let go. */
  readonly hadLongTermKey: boolean
  readonly env: Environment
  readonly home: string
}

/**
 * A long-term key cannot be had again: it is replaced only after a yes.
 * @throws PumError `answerMissing`, `cancelled`
 */
export async function confirmOverwrite(
  before: Files.ProfileState,
  { profile, overwrite }: Options,
  terminal: Terminal,
): Promise<void> {
  if (!before.longTermKey || overwrite) return
  if (!terminal.interactive) {
    throw new PumError(
      "answerMissing",
      `the profile [${profile}] holds a long-term key, and there is no terminal to ask whether to replace it`,
      {
        hint: "choose another --profile, or replace the key with --overwrite",
      },
    )
  }
  const yes = await terminal.confirm({
    message: `The profile [${profile}] holds a long-term key, which would be lost. Replace it?`,
  })
  if (!yes)
    throw new PumError("cancelled", "cancelled, nothing was changed", {
      hint: "choose another profile with --profile",
    })
}

/**
 * Whether the profile holds credentials of the wanted role for as long as was asked for, and so nothing is to be
 * done; says so.
 */
export function isStillGood(
  { principalArn, expires }: Files.ProfileState,
  options: Options,
  now: number,
  terminal: Terminal,
): boolean {
  const { aliases, force, ifNeeded, profile } = options
  const principal = principalArn === undefined ? undefined : principalOf(principalArn)
  if (ifNeeded === undefined || force || principal === undefined || expires === undefined) return false
  const left = (expires.getTime() - now) / 1000
  if (left < ifNeeded || !isWanted(principal, options, aliases)) return false
  terminal.succeed(`Profile [${profile}] needs nothing`)
  terminal.tell(`  ${plain(principalArn ?? "")}, valid until ${clock(expires)} (${spoken(left)})`)
  return true
}

/** Stores the session in its profile and says what can be done with it. */
export async function deliver(session: Session, destination: Destination, terminal: Terminal): Promise<void> {
  const { files, paths, options, env, home, hadLongTermKey } = destination
  const { profile } = options
  await files.storeProfiles(
    paths,
    [{ profile, session, region: session.region, regionAsked: options.region !== undefined }],
    { overwrite: options.overwrite || hadLongTermKey },
  )
  const path = paths.credentials.startsWith(`${home}/`)
    ? `~${paths.credentials.slice(home.length)}`
    : paths.credentials
  terminal.succeed(`Stored in profile [${profile}] of ${path}`)
  terminal.tell(
    `  ${session.role.arn}, valid until ${clock(session.expiration)} (${spoken(session.duration)})`,
  )
  terminal.tell(`  aws${profile === "default" ? "" : ` --profile ${profile}`} s3api list-buckets`)
  if (session.duration < options.duration) {
    terminal.warn(
      `the role allows ${spoken(session.duration)}, not the ${spoken(options.duration)} asked for`,
    )
  }
  for (const shadow of files.shadowsOf(paths, profile, env)) terminal.warn(shadow)
}

const clock = (date: Date) => date.toTimeString().slice(0, 5)
