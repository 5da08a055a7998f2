import type { Sts } from "../aws/sts.ts"
import { preferredRegion } from "../domain/regions.ts"
import { matchRoles } from "../domain/role-filter.ts"
import { type Role, sortRoles } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import type { Environment, Options } from "../options/options.ts"
import type { ProfileOptions } from "../options/which-profiles.ts"
import { checkProfiles, type ProfileStates } from "../profiles/check-profiles.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import type { ProfileWrite } from "../profiles/read-profiles.ts"
import { environmentShadows, fileShadows } from "../profiles/shadows.ts"
import { storeProfiles } from "../profiles/store-profiles.ts"
import { tableOf } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { assumeAll, type Target } from "./assume-all.ts"
import { roleFor } from "./match-roles.ts"
import { profileNames } from "./profile-names.ts"
import { report, verdict } from "./report.ts"

export interface Several {
  readonly options: Options
  /** What the profiles hold that were known before the sign-in. */
  readonly states: ProfileStates
  readonly paths: AwsFilePaths
  readonly env: Environment
  readonly terminal: Terminal
}

/**
 * What happens between the roles and the last line when one sign-in is for several profiles.
 * @returns what ends the run when some or all of them failed; those that did not are stored by then
 * @throws PumError `noRole`, `cancelled`, `file`, `answerMissing`
 */
export async function storeSeveral(
  roles: readonly Role[],
  samlResponse: string,
  sts: Sts,
  several: Several,
): Promise<PumError | undefined> {
  const { options, paths, env, terminal } = several
  const { targets, states } = await targetsOf(roles, several)
  const done = terminal.progress(`Assuming ${targets.length} roles`)
  const outcomes = await assumeAll(targets, samlResponse, sts).finally(done)

  const writes: ProfileWrite[] = []
  for (const { target, result } of outcomes) {
    if (result instanceof PumError) continue
    terminal.keepSecret(result.secretAccessKey)
    terminal.keepSecret(result.sessionToken)
    const { profile, regionAsked } = target
    writes.push({ profile, session: result, region: result.region, regionAsked })
  }
  if (writes.length > 0) {
    const letGo = [...states].filter(([, { longTermKey }]) => longTermKey).map(([profile]) => profile)
    await storeProfiles(paths, writes, { overwrite: options.overwrite || new Set(letGo) })
  }
  report(outcomes, userFiles(paths).credentials.shown, options.aliases, terminal)
  const stored = writes.map(({ profile }) => profile)
  const inFiles = fileShadows(paths, stored).map(({ text }) => text)
  const shadows = [...environmentShadows(undefined, env), ...inFiles]
  if (stored.length > 0) shadows.forEach(terminal.warn)
  return verdict(outcomes, options.several !== "all")
}

async function targetsOf(
  roles: readonly Role[],
  several: Several,
): Promise<{ readonly targets: readonly Target[]; readonly states: ProfileStates }> {
  const { options, states } = several
  if (options.several === "all") return everyRole(roles, several)
  const wanted = options.several ?? []
  // Every role is found before the first is assumed.
  const targets = wanted.map(one => targetFor(one, roleFor(one, roles, options.aliases), states))
  return { targets, states }
}

/** `--all`: on a terminal nothing is stored under names that nobody has seen. */
async function everyRole(roles: readonly Role[], several: Several) {
  const { options, terminal } = several
  const { account, role, region, duration, aliases } = options
  const matching = matchRoles(roles, { account, role }, aliases)
  // The same role by another provider is no other role.
  const each = [...new Map(matching.map(one => [one.arn, one])).values()]
  const names = profileNames(each, aliases)
  const wanted = sortRoles(each, aliases, undefined).map(one => {
    const profile = names.get(one) ?? one.name
    const entry = options.entries.get(profile)
    return { role: one, asked: entry ?? { profile, account, role, region, duration, byName: false } }
  })
  if (terminal.interactive) {
    const rows = wanted.map(({ asked, role: { account, name } }) => [
      asked.profile,
      aliases.get(account) ?? account,
      name,
    ])
    for (const line of tableOf(rows, Number.POSITIVE_INFINITY)) terminal.tell(`  ${line}`)
    const message = wanted.length === 1 ? "Store this profile?" : `Store these ${wanted.length} profiles?`
    if (!(await terminal.confirm({ message })))
      throw new PumError("cancelled", "cancelled, nothing was changed", {
        hint: "--account and --role leave fewer of them",
      })
  }
  const profiles = wanted.map(({ asked }) => asked)
  const states = await checkProfiles(options, several.paths, terminal, profiles)
  return { targets: wanted.map(({ asked, role }) => targetFor(asked, role, states)), states }
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
