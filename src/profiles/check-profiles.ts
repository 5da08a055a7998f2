import { principalOf } from "../domain/principal.ts"
import { maxConcurrentStsCalls, preferredRegion, regionPattern } from "../domain/regions.ts"
import { isExactMatch } from "../domain/role-filter.ts"
import { policyMark, policySuffix } from "../domain/session-policy.ts"
import { formatDuration, formatTimeOfDay } from "../domain/time.ts"
import { PumError, plain } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { AwsFilePaths } from "./paths.ts"
import type { ProfileState } from "./profile-state.ts"
import { readProfilesToStore, type WantedProfile } from "./read-profiles.ts"
import { environmentShadows, shadowsOf } from "./shadows.ts"

/** What profiles hold before they are written, by name. */
export type ProfileStates = ReadonlyMap<string, ProfileState>

/** The profiles that are known before the sign-in: with --all none, as they follow from the roles. */
function wantedProfiles(options: Options): readonly WantedProfile[] {
  if (options.several === undefined) return [options]
  return options.several === "all" ? [] : options.several
}

/** The regions of the STS calls that will run at the same time: one entry for each call. */
export function regionsOf(options: Options, states: ProfileStates): [string, ...string[]] {
  const first = preferredRegion(options.region, states.get(options.profile)?.region)
  if (options.several === "all") return [first, ...Array<string>(maxConcurrentStsCalls - 1).fill(first)]
  const own = ({ profile, region }: WantedProfile) => preferredRegion(region, states.get(profile)?.region)
  const [one = first, ...more] = wantedProfiles(options).slice(0, maxConcurrentStsCalls).map(own)
  return [one, ...more]
}

/**
 * Finds every problem with these profiles that can be found before the password is asked. A long-term key cannot be
 * restored, so it is replaced only after a yes.
 * @returns what the profiles hold, by name
 * @throws PumError `usage`, `file`, `answerMissing`, `cancelled`
 */
export async function checkProfiles(
  options: Options,
  paths: AwsFilePaths,
  terminal: Terminal,
  wanted: readonly WantedProfile[] = wantedProfiles(options),
): Promise<ProfileStates> {
  const states = readProfilesToStore(paths, wanted)
  for (const one of wanted) checkRegion(one, states.get(one.profile))
  const holders = [...states].filter(([, { longTermKey }]) => longTermKey).map(([profile]) => `[${profile}]`)
  if (holders.length > 0 && !options.overwrite) await confirmLossOfKeys(holders, terminal)
  return states
}

/**
 * Asks whether long-term keys may be replaced.
 * @param holders the profiles that have one, in brackets; at least one
 * @throws PumError `cancelled` after a no, `answerMissing` without a terminal
 */
async function confirmLossOfKeys(holders: readonly string[], terminal: Terminal): Promise<void> {
  const [hold, it, key] =
    holders.length === 1
      ? [`profile ${holders[0]} holds a long-term key`, "it", "the key"]
      : [`profiles ${holders.join(", ")} hold long-term keys`, "them", "the keys"]
  if (!terminal.interactive) {
    throw new PumError(
      "answerMissing",
      `the ${hold}, and there is no terminal to ask whether to replace ${it}`,
      { hint: `choose another --profile, or replace ${key} with --overwrite` },
    )
  }
  const yes = await terminal.confirm({ message: `The ${hold}, which would be lost. Replace ${it}?` })
  if (yes) return
  throw new PumError("cancelled", "cancelled, nothing was changed", {
    hint: "choose another profile with --profile",
  })
}

/**
 * Checks the region in the AWS files, unless the user named one.
 * @returns the region that the user named
 * @throws PumError `file` if the one in the AWS files is malformed
 */
export function checkRegion(
  { profile, region }: WantedProfile,
  state: ProfileState | undefined,
): string | undefined {
  const stored = state?.region
  if (region !== undefined || stored === undefined || regionPattern.test(stored)) return region
  throw new PumError(
    "file",
    `the region of profile [${profile}] in the AWS files is not a region: '${plain(stored)}'`,
    { hint: "AWS tools take all of that line for the region: correct it, or give --region" },
  )
}

export interface ValidityCheck {
  readonly options: Options
  readonly paths: AwsFilePaths
  readonly env: Environment
  /** Milliseconds since 1970. */
  readonly now: number
  readonly terminal: Terminal
}

/**
 * Says so if --if-needed has nothing to do: the profile holds credentials of the wanted role, in the wanted region, for
 * as long as was asked for.
 * @returns whether it has nothing to do
 */
export function reportIfStillValid(
  { principalArn, expires, region, policy, onDemand }: ProfileState,
  { options, paths, env, now, terminal }: ValidityCheck,
): boolean {
  const { aliases, force, ifNeeded, profile } = options
  const principal = principalArn === undefined ? undefined : principalOf(principalArn)
  if (
    ifNeeded === undefined ||
    force ||
    (options.region !== undefined && options.region !== region) ||
    policy !== policyMark(options.policy) ||
    principal === undefined ||
    expires === undefined
  )
    return false
  const left = (expires.getTime() - now) / 1000
  if (left < ifNeeded || !isExactMatch(principal, options, aliases)) return false
  terminal.succeed(`Profile [${profile}] needs nothing`)
  terminal.tell(
    `  ${plain(principalArn ?? "")}, valid until ${formatTimeOfDay(expires)} (${formatDuration(left)})${policySuffix(policy)}`,
  )
  // A profile on demand stores no keys, so fileShadows would warn of that.
  const shadows = onDemand ? environmentShadows(profile, env) : shadowsOf(paths, profile, env)
  for (const shadow of shadows) terminal.warn(shadow)
  return true
}
