import type * as Files from "../aws-files/index.ts"
import { clock, spoken } from "../duration.ts"
import { PumError, plain } from "../errors.ts"
import type { Environment, Options } from "../options/index.ts"
import { isWanted, principalOf } from "../principal.ts"
import { callsAtOnce, regionOf, regionPattern } from "../regions.ts"
import type { Session } from "../sts.ts"
import type { Terminal } from "../terminal/index.ts"

export interface Destination {
  readonly files: typeof Files
  readonly paths: Files.AwsFilePaths
  readonly options: Options
  /** Whether it held a long-term key before, which the user then let go. */
  readonly hadLongTermKey: boolean
  readonly env: Environment
}

/** What profiles hold before they are written, by name. */
export type ProfileStates = ReadonlyMap<string, Files.ProfileState>

/** The profiles that are known before the sign-in. */
function wantedProfiles(options: Options): readonly Files.WantedProfile[] {
  if (options.several === undefined) return [options]
  return options.several === "all" ? [] : options.several
}

/** Where STS will be called at once: in the profiles' regions. */
export function regionsOf(options: Options, states: ProfileStates): [string, ...string[]] {
  const first = regionOf(options.region, states.get(options.profile)?.region)
  if (options.several === "all") return [first, ...Array<string>(callsAtOnce - 1).fill(first)]
  const own = ({ profile, region }: Files.WantedProfile) => regionOf(region, states.get(profile)?.region)
  const [one = first, ...more] = wantedProfiles(options).slice(0, callsAtOnce).map(own)
  return [one, ...more]
}

/**
 * Everything that can be said about these profiles before anybody has typed a password. A long-term key cannot be
 * had again: it is replaced only after a yes.
 * @throws PumError `usage`, `file`, `answerMissing`, `cancelled`
 */
export async function checkProfiles(
  options: Options,
  { files, paths }: Pick<Destination, "files" | "paths">,
  terminal: Terminal,
  wanted: readonly Files.WantedProfile[] = wantedProfiles(options),
): Promise<ProfileStates> {
  const states = files.readProfiles(paths, wanted)
  for (const one of wanted) checkRegion(one, states.get(one.profile))
  const kept = [...states].filter(([, { longTermKey }]) => longTermKey).map(([profile]) => `[${profile}]`)
  if (kept.length === 0 || options.overwrite) return states
  const [hold, it, key] =
    kept.length === 1
      ? [`profile ${kept[0]} holds a long-term key`, "it", "the key"]
      : [`profiles ${kept.join(", ")} hold long-term keys`, "them", "the keys"]
  if (!terminal.interactive) {
    throw new PumError(
      "answerMissing",
      `the ${hold}, and there is no terminal to ask whether to replace ${it}`,
      {
        hint: `choose another --profile, or replace ${key} with --overwrite`,
      },
    )
  }
  const yes = await terminal.confirm({ message: `The ${hold}, which would be lost. Replace ${it}?` })
  if (yes) return states
  throw new PumError("cancelled", "cancelled, nothing was changed", {
    hint: "choose another profile with --profile",
  })
}

/**
 * The profile's own region is used where none was asked for.
 * @returns the region that was asked for
 * @throws PumError `file` where it is none
 */
export function checkRegion(
  { profile, region }: Files.WantedProfile,
  state: Files.ProfileState | undefined,
): string | undefined {
  const stored = state?.region
  if (region !== undefined || stored === undefined || regionPattern.test(stored)) return region
  throw new PumError(
    "file",
    `the region of profile [${profile}] in the AWS files is none: '${plain(stored)}'`,
    {
      hint: "AWS tools take all of that line for the region: correct it, or give --region",
    },
  )
}

/**
 * Whether the profile holds credentials of the wanted role for as long as was asked for, and so nothing is to be
 * done; says so.
 */
export function isStillGood(
  { principalArn, expires, region }: Files.ProfileState,
  { files, paths, options, env }: Omit<Destination, "hadLongTermKey">,
  now: number,
  terminal: Terminal,
): boolean {
  const { aliases, force, ifNeeded, profile } = options
  const principal = principalArn === undefined ? undefined : principalOf(principalArn)
  if (
    options.several !== undefined ||
    ifNeeded === undefined ||
    force ||
    (options.region !== undefined && options.region !== region) ||
    principal === undefined ||
    expires === undefined
  )
    return false
  const left = (expires.getTime() - now) / 1000
  if (left < ifNeeded || !isWanted(principal, options, aliases)) return false
  terminal.succeed(`Profile [${profile}] needs nothing`)
  terminal.tell(`  ${plain(principalArn ?? "")}, valid until ${clock(expires)} (${spoken(left)})`)
  for (const shadow of files.shadowsOf(paths, profile, env)) terminal.warn(shadow)
  return true
}

/** Stores the session in its profile and says what can be done with it. */
export async function deliver(session: Session, destination: Destination, terminal: Terminal): Promise<void> {
  const { files, paths, options, env, hadLongTermKey } = destination
  const { profile } = options
  await files.storeProfiles(
    paths,
    [{ profile, session, region: session.region, regionAsked: options.region !== undefined }],
    { overwrite: options.overwrite || hadLongTermKey },
  )
  terminal.succeed(`Stored in profile [${profile}] of ${files.userFiles(paths).credentials.shown}`)
  const alias = options.aliases.get(session.role.account)
  terminal.tell(
    `  ${alias === undefined ? "" : `${alias}: `}${session.role.arn}, valid until ${clock(session.expiration)} (${spoken(session.duration)})`,
  )
  terminal.tell(`  aws${profile === "default" ? "" : ` --profile ${profile}`} s3api list-buckets`)
  warnOfShorter(session, options, terminal)
  for (const shadow of files.shadowsOf(paths, profile, env)) terminal.warn(shadow)
}

export function warnOfShorter({ duration }: Session, options: Options, terminal: Terminal): void {
  if (duration < options.duration)
    terminal.warn(
      `the role does not allow ${spoken(options.duration)}; these credentials last ${spoken(duration)}`,
    )
}
