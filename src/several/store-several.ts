import type { Sts } from "../aws/sts.ts"
import { preferredRegion } from "../domain/regions.ts"
import { matchRoles } from "../domain/role-filter.ts"
import { type Role, sortRoles } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import type { Environment, Options } from "../options/options.ts"
import type { ProfileOptions } from "../options/profile-options.ts"
import { checkProfiles, type ProfileStates } from "../profiles/check-profiles.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import type { ProfileWrite } from "../profiles/profile-changes.ts"
import { environmentShadows, shadowsOfStored } from "../profiles/shadows.ts"
import { storeProfiles } from "../profiles/store-profiles.ts"
import { tableOf } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { assumeRoles, type Target, type TargetResult } from "./assume-roles.ts"
import { roleFor } from "./match-roles.ts"
import { profileNames } from "./profile-names.ts"
import { errorOfResults, printResults } from "./report.ts"

export interface SeveralSettings {
  readonly options: Options
  /** State of the profiles that were known before the sign-in. */
  readonly states: ProfileStates
  readonly paths: AwsFilePaths
  readonly env: Environment
  readonly terminal: Terminal
}

/** The profiles to store, and their state before. */
interface Plan {
  readonly targets: readonly Target[]
  readonly states: ProfileStates
}

/**
 * Assumes the roles of several profiles with one assertion, stores the sessions and reports the results.
 * @returns the error that ends the run if some or all profiles failed; the others are stored by then
 * @throws PumError `noRole`, `cancelled`, `file`, `answerMissing`
 */
export async function storeSeveral(
  roles: readonly Role[],
  samlResponse: string,
  sts: Sts,
  settings: SeveralSettings,
): Promise<PumError | undefined> {
  const { options, paths, env, terminal } = settings
  const { targets, states } =
    options.several === "all"
      ? await planAll(roles, settings)
      : planNamed(options.several ?? [], roles, settings)
  const done = terminal.progress(`Assuming ${targets.length} roles`)
  const results = await assumeRoles(targets, samlResponse, sts).finally(done)

  const writes = writesFor(results, terminal)
  let shadows: readonly string[] = []
  if (writes.length > 0) {
    const withLongTermKey = [...states]
      .filter(([, { longTermKey }]) => longTermKey)
      .map(([profile]) => profile)
    const overwrite = options.overwrite || new Set(withLongTermKey)
    const before = await storeProfiles(paths, writes, { overwrite })
    const inFiles = writes.flatMap(({ profile }) => shadowsOfStored(before, profile))
    shadows = [...environmentShadows(undefined, env), ...inFiles]
  }
  printResults(results, { file: userFiles(paths).credentials.shown, aliases: options.aliases, terminal })
  shadows.forEach(terminal.warn)
  return errorOfResults(results, options.several !== "all")
}

/** The sessions among the results, whose secrets the terminal hides from now on. */
function writesFor(results: readonly TargetResult[], terminal: Terminal): readonly ProfileWrite[] {
  const writes: ProfileWrite[] = []
  for (const { target, result } of results) {
    if (result instanceof PumError) continue
    terminal.keepSecret(result.secretAccessKey)
    terminal.keepSecret(result.sessionToken)
    const { profile, regionAsked } = target
    writes.push({ profile, session: result, region: result.region, regionAsked })
  }
  return writes
}

/** `--profiles`: finds the roles of all profiles before the first one is assumed. */
function planNamed(
  profiles: readonly ProfileOptions[],
  roles: readonly Role[],
  { options, states }: SeveralSettings,
): Plan {
  const targets = profiles.map(one => targetFor(one, roleFor(one, roles, options.aliases), states))
  return { targets, states }
}

/** `--all`: a profile for every role. If there is a terminal, the user sees their names first and agrees. */
async function planAll(roles: readonly Role[], { options, paths, terminal }: SeveralSettings): Promise<Plan> {
  const { account, role, region, duration, aliases } = options
  const matching = matchRoles(roles, { account, role }, aliases)
  // Several entries with one ARN are one role, offered by several SAML providers.
  const unique = [...new Map(matching.map(one => [one.arn, one])).values()]
  const names = profileNames(unique, aliases)
  const planned = sortRoles(unique, aliases, undefined).map(one => {
    const profile = names.get(one) ?? one.name
    const entry = options.entries.get(profile)
    return { role: one, profile: entry ?? { profile, account, role, region, duration, byName: false } }
  })
  if (terminal.interactive) {
    const rows = planned.map(({ profile: { profile }, role: { account: id, name } }) => [
      profile,
      aliases.get(id) ?? id,
      name,
    ])
    await confirmProfiles(rows, terminal)
  }
  const profiles = planned.map(({ profile }) => profile)
  const states = await checkProfiles(options, paths, terminal, profiles)
  return { targets: planned.map(one => targetFor(one.profile, one.role, states)), states }
}

/**
 * @param rows profile, account and role
 * @throws PumError `cancelled`
 */
async function confirmProfiles(rows: readonly (readonly string[])[], terminal: Terminal): Promise<void> {
  for (const line of tableOf(rows, { width: Number.POSITIVE_INFINITY })) terminal.tell(`  ${line}`)
  const message = rows.length === 1 ? "Store this profile?" : `Store these ${rows.length} profiles?`
  if (await terminal.confirm({ message })) return
  throw new PumError("cancelled", "cancelled, nothing was changed", {
    hint: "--account and --role leave fewer of them",
  })
}

function targetFor({ profile, region, duration }: ProfileOptions, role: Role, states: ProfileStates): Target {
  return {
    profile,
    role,
    region: preferredRegion(region, states.get(profile)?.region),
    regionAsked: region !== undefined,
    duration,
  }
}
