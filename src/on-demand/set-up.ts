import { chooseRole, type RoleChoice } from "../aws/choose-role.ts"
import { defaultRegion } from "../domain/partitions.ts"
import { preferredRegion, regionInPartition } from "../domain/regions.ts"
import { accountLabel, type Role, roleSetting } from "../domain/roles.ts"
import { policyMark, policySuffix } from "../domain/session-policy.ts"
import { isSameFile, type Snapshot } from "../files/read-file.ts"
import { checkUpdatable, updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { exampleOfUse } from "../options/hint-commands.ts"
import type { Options } from "../options/options.ts"
import { type ProfileSettingsWrite, withSettings } from "../options/save-settings.ts"
import type { Environment } from "../platform/platform.ts"
import { checkProfiles, type ProfileStates } from "../profiles/check-profiles.ts"
import { type OnDemandWrite, onDemandChanges, refuseOtherSources } from "../profiles/on-demand-changes.ts"
import { onDemandLine, type ProgramPaths } from "../profiles/on-demand-line.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { mergedChanges } from "../profiles/profile-changes.ts"
import { type AwsDocuments, parseSnapshot, readAwsFile, readAwsFiles } from "../profiles/profile-state.ts"
import { environmentShadows } from "../profiles/shadows.ts"
import type { Target } from "../several/assume-roles.ts"
import { planTargets } from "../several/plan.ts"
import { tellTable } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { findProgramPaths } from "./find-program.ts"

export interface OnDemandSettings {
  readonly options: Options
  readonly paths: AwsFilePaths
  readonly env: Environment
  readonly terminal: Terminal
  /** The files of this process. */
  readonly program: ProgramPaths
}

/** What is known before the sign-in. */
export interface Preparation {
  /** What the lines of the profiles start. */
  readonly program: ProgramPaths
  readonly warnings: readonly string[]
  readonly states: ProfileStates
}

/**
 * Finds every problem that can be found before the password is asked.
 * @throws PumError `usage`, `file`, `answerMissing`, `cancelled`
 */
export async function prepareOnDemand(settings: OnDemandSettings): Promise<Preparation> {
  const { options, paths, env, terminal } = settings
  const { paths: program, warnings } = findProgramPaths(settings.program, env)
  const states = await checkProfiles(options, paths, terminal)
  checkOnDemand([...states.keys()], program, paths)
  const configFile = readAwsFile(options.configFile)
  // On trial, as account and role are not known yet: it throws if the file could not be written later.
  const values = { account: "any", role: "any", username: "any", ...options.settingsToSave }
  withSettings(
    configFile,
    [...states.keys()].map(profile => ({ profile, values })),
  )
  for (const file of [configFile, readAwsFiles(paths).snapshots.config]) checkUpdatable(file)
  return { program, warnings, states }
}

/**
 * Makes the changes of both AWS files on trial, and drops the new texts.
 * @throws PumError `usage`, `file` if one of them cannot be made
 */
function checkOnDemand(profiles: readonly string[], program: ProgramPaths, paths: AwsFilePaths): void {
  const { documents } = readAwsFiles(paths)
  const writes = profiles.map(profile => {
    refuseOtherSources(documents, profile)
    const line = onDemandLine(program, profile)
    return { profile, line, region: defaultRegion, regionAsked: false }
  })
  const { credentials, config } = onDemandChanges(documents, writes)
  editIni(documents.credentials, credentials)
  editIni(documents.config, config)
}

/** The result of the sign-in. */
export interface Offer extends Pick<RoleChoice, "nameAccounts" | "knownNames"> {
  readonly roles: readonly Role[]
  /** The user name, if it was typed in this run. */
  readonly typedUsername: string | undefined
}

/**
 * Sets up each profile so that AWS tools ask pum-aws when they use it: `~/.pum-aws` says what to ask for,
 * `~/.aws/config` whom to ask, and stored keys go. All three files change together, or none.
 * @throws PumError `noRole`, `cancelled`, `file`, `answerMissing`
 */
export async function setUpOnDemand(
  offer: Offer,
  { program, warnings, states }: Preparation,
  { options, paths, env, terminal }: OnDemandSettings,
): Promise<void> {
  const { targets } =
    options.several === undefined
      ? { targets: [await chooseTarget(offer, states, options, terminal)] }
      : await planTargets(offer.roles, { options, paths, terminal, states }, "Set up")
  const profiles = targets.map(({ profile }) => profile)
  checkOnDemand(profiles, program, paths)
  const writes = targets.map(
    ({ profile, role, region, regionAsked }): OnDemandWrite => ({
      profile,
      line: onDemandLine(program, profile),
      region: regionInPartition(role.partition, region, regionAsked),
      regionAsked,
    }),
  )
  const settings = targets.map(target =>
    settingsOf(target, options.username ?? offer.typedUsername, options.settingsToSave),
  )
  await writeAll(paths, options, writes, settings)
  report(targets, options, { paths, terminal })
  const [only, ...more] = targets
  for (const warning of [
    ...warnings,
    ...environmentShadows(more.length === 0 ? only?.profile : undefined, env),
  ])
    terminal.warn(warning)
}

async function chooseTarget(
  { roles, nameAccounts, knownNames }: Offer,
  states: ProfileStates,
  options: Options,
  terminal: Terminal,
): Promise<Target> {
  const { profile, region, duration, policy, aliases } = options
  const before = states.get(profile)
  const choice = { wanted: options, aliases, lastUsed: before?.principalArn, nameAccounts, knownNames }
  const role = await chooseRole(roles, choice, terminal)
  const known = preferredRegion(region, before?.region)
  return { profile, role, region: known, regionAsked: region !== undefined, duration, policy }
}

/** @param username `undefined` if 1Password names the user */
function settingsOf(
  { profile, role }: Target,
  username: string | undefined,
  settings: Readonly<Record<string, string>>,
): ProfileSettingsWrite {
  // The region is in ~/.aws/config, where AWS tools read it, too.
  const { region: _, ...more } = settings
  return {
    profile,
    values: {
      account: role.account,
      role: roleSetting(role),
      ...(username === undefined ? {} : { username }),
      ...more,
    },
  }
}

/** Writes `~/.pum-aws` first and takes keys away last: if the machine stops in between, each state works. */
async function writeAll(
  paths: AwsFilePaths,
  { configFile }: Options,
  writes: readonly OnDemandWrite[],
  settings: readonly ProfileSettingsWrite[],
): Promise<void> {
  const files = userFiles(paths)
  const isOneFile = isSameFile(files.credentials, files.config)
  const awsFiles = isOneFile ? [files.credentials] : [files.config, files.credentials]
  const newTexts = ([own, ...aws]: readonly Snapshot[]) => {
    if (own === undefined) throw new RangeError("a file was not read")
    return [withSettings(own, settings), ...newAwsTexts(aws, writes)]
  }
  await updateFiles([configFile, ...awsFiles], newTexts, { read: readAwsFile })
}

/** @param snapshots config and credentials, or the one file that is both */
function newAwsTexts(
  snapshots: readonly Snapshot[],
  writes: readonly OnDemandWrite[],
): readonly (string | undefined)[] {
  const [config, credentials = config] = snapshots.map(parseSnapshot)
  if (config === undefined || credentials === undefined) throw new RangeError("a file was not read")
  const documents: AwsDocuments = { config, credentials }
  for (const { profile } of writes) refuseOtherSources(documents, profile)
  const changes = onDemandChanges(documents, writes)
  if (config !== credentials)
    return [
      editIni(config, changes.config),
      // A file that is not there stays so.
      changes.credentials.size === 0 ? undefined : editIni(credentials, changes.credentials),
    ]
  return [editIni(config, mergedChanges(changes.credentials, changes.config))]
}

function report(
  targets: readonly Target[],
  { aliases }: Options,
  { paths, terminal }: Pick<OnDemandSettings, "paths" | "terminal">,
): void {
  const file = userFiles(paths).config.shown
  const what = targets.length === 1 ? "1 profile" : `${targets.length} profiles`
  terminal.succeed(`Set up ${what} in ${file}: AWS tools ask pum-aws for credentials when they need them`)
  const rows = targets.map(({ profile, role, policy }) => [
    profile,
    accountLabel(role.account, aliases),
    `${role.name}${policySuffix(policyMark(policy))}`,
  ])
  tellTable(rows, terminal.tell)
  const [first] = targets
  if (first !== undefined) terminal.tell(`  ${exampleOfUse(first.profile)}`)
}
