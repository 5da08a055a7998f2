import { preferredRegion } from "../domain/regions.ts"
import { matchRoles } from "../domain/role-filter.ts"
import { accountLabel, type Role, sortRoles } from "../domain/roles.ts"
import { readOnlyPolicy } from "../domain/session-policy.ts"
import { PumError } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { ProfileOptions } from "../options/profile-options.ts"
import type { Environment } from "../platform/platform.ts"
import { checkProfiles, type ProfileStates } from "../profiles/check-profiles.ts"
import type { AwsFilePaths } from "../profiles/paths.ts"
import type { OnDemandRequests } from "../sessions/on-demand-requests.ts"
import { tellTable } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Target } from "./assume-roles.ts"
import { roleFor } from "./match-roles.ts"
import { profileNames } from "./profile-names.ts"

export interface SeveralSettings {
  readonly options: Options
  /** State of the profiles that were known before the sign-in. */
  readonly states: ProfileStates
  readonly paths: AwsFilePaths
  readonly env: Environment
  readonly home: string
  readonly terminal: Terminal
  /** What profiles on demand ask for. */
  readonly requests: OnDemandRequests
  /** The user name, if it was typed in this run. */
  readonly typedUsername: string | undefined
}

/** What a plan is made from. */
export type PlanSettings = Pick<SeveralSettings, "options" | "paths" | "states" | "terminal">

/** The profiles to store, and their state before. */
export interface Plan {
  readonly targets: readonly Target[]
  readonly states: ProfileStates
}

/**
 * Finds the role of each profile; with --all a profile for each role, after the user's yes.
 * @param verb what is to be done with the profiles, for the question: `Store`
 * @throws PumError `noRole`, `cancelled`, `file`, `answerMissing`
 */
export async function planTargets(
  roles: readonly Role[],
  settings: PlanSettings,
  verb: string,
): Promise<Plan> {
  const { several } = settings.options
  return several === "all" ? planAll(roles, settings, verb) : planNamed(several ?? [], roles, settings)
}

/** `--profiles`: finds the roles of all profiles before the first one is assumed. */
function planNamed(
  profiles: readonly ProfileOptions[],
  roles: readonly Role[],
  { options, states }: PlanSettings,
): Plan {
  const targets = profiles.map(one => targetFor(one, roleFor(one, roles, options.aliases), states, options))
  return { targets, states }
}

/** `--all`: a profile for every role. If there is a terminal, the user sees their names first and agrees. */
async function planAll(
  roles: readonly Role[],
  { options, paths, terminal }: PlanSettings,
  verb: string,
): Promise<Plan> {
  const { account, role, region, duration, aliases } = options
  const matching = matchRoles(roles, { account, role }, aliases)
  // Several entries with one ARN are one role, offered by several SAML providers.
  const unique = [...new Map(matching.map(one => [one.arn, one])).values()]
  const names = profileNames(unique, aliases)
  const planned = sortRoles(unique, aliases, undefined).map(one => {
    const profile = names.get(one) ?? one.name
    const entry = options.entries.get(profile)
    return {
      role: one,
      profile: entry ?? {
        profile,
        account,
        role,
        region,
        duration,
        readOnly: options.policy?.readOnly === true,
        byName: false,
      },
    }
  })
  if (terminal.interactive) {
    const rows = planned.map(({ profile: { profile }, role: { account: id, name } }) => [
      profile,
      accountLabel(id, aliases),
      name,
    ])
    await confirmProfiles(rows, verb, terminal)
  }
  const profiles = planned.map(({ profile }) => profile)
  const states = await checkProfiles(options, paths, terminal, profiles)
  return { targets: planned.map(one => targetFor(one.profile, one.role, states, options)), states }
}

/**
 * @param rows profile, account and role
 * @throws PumError `cancelled`
 */
async function confirmProfiles(
  rows: readonly (readonly string[])[],
  verb: string,
  terminal: Terminal,
): Promise<void> {
  tellTable(rows, terminal.tell)
  const message = rows.length === 1 ? `${verb} this profile?` : `${verb} these ${rows.length} profiles?`
  if (await terminal.confirm({ message })) return
  throw new PumError("cancelled", "cancelled, nothing was changed", {
    hint: "--account and --role leave fewer of them",
  })
}

function targetFor(
  { profile, region, duration, readOnly }: ProfileOptions,
  role: Role,
  states: ProfileStates,
  { policy }: Pick<Options, "policy">,
): Target {
  return {
    profile,
    role,
    region: preferredRegion(region, states.get(profile)?.region),
    regionAsked: region !== undefined,
    duration,
    policy: readOnly ? readOnlyPolicy : policy?.readOnly ? undefined : policy,
  }
}
