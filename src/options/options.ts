import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { enoughTime } from "../domain/session.ts"
import type { SessionPolicy } from "../domain/session-policy.ts"
import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { type Environment, expandHome } from "../platform/platform.ts"
import type { RunLine } from "./command-line.ts"
import type { ConfigFile, ConfigSection } from "./config-file.ts"
import type { Given, ParsedName } from "./given.ts"
import { lookUp, type Sources } from "./look-up.ts"
import { type Mode, readMode, refuseSave, refuseSeveral } from "./modes.ts"
import type { WrittenValue } from "./option-definition.ts"
import type { Remember } from "./parse-values.ts"
import { entriesReader, type ProfileOptions, readProfileOptions, sharedSection } from "./profile-options.ts"
import { type ProfileSelection, selectProfiles } from "./profile-selection.ts"
import { misspeltVariables, readConfigFile, readEnvFile, resolveBeside } from "./read-files.ts"
import { isReadOnly, readPolicy } from "./read-policy.ts"
import { readConfirm, readRemember } from "./remember.ts"
import { settingsGiven } from "./settings-given.ts"

/** Everything the user decided before the first question. */
export interface Options {
  readonly mode: Mode
  /** Several profiles with one sign-in: those of --profiles, or one for each role (--all). */
  readonly several: readonly ProfileOptions[] | "all" | undefined
  /** `[profile NAME]` of `~/.pum-aws` by name. */
  readonly entries: ReadonlyMap<string, ProfileOptions>
  /** Not asked for. */
  readonly username: string | undefined
  /** The one that was typed last, from `[default]` of `~/.pum-aws`: offered with the question. */
  readonly lastUsername: string | undefined
  readonly profile: string
  /** Whether an option or `PUM_PROFILE` named the profile; else it is `default`. */
  readonly profileNamed: boolean
  readonly account: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number
  /** What limits the session besides its role. */
  readonly policy: SessionPolicy | undefined
  /** Whether to ask again after a refused sign-in. */
  readonly retry: boolean
  readonly passwordStdin: boolean
  readonly passwordCommand: string | undefined
  readonly otpCommand: string | undefined
  /** `undefined` with --no-op. */
  readonly onePassword: { readonly account: string; readonly item: string } | undefined
  /** Whether the command line names account or item. */
  readonly onePasswordNamed: boolean
  readonly idpUrl: URL
  /** Further origins that the password may be sent to. */
  readonly idpOrigins: readonly string[]
  /** Path of a PEM file. */
  readonly caBundle: string | undefined
  /** Account aliases by account id. */
  readonly aliases: ReadonlyMap<string, string>
  /** Whether AWS may be asked for the names of accounts without an alias. */
  readonly accountNames: boolean
  /** Whether to replace a long-term key without asking. */
  readonly overwrite: boolean
  /** Whether to sign in even if a kept session could be used. */
  readonly force: boolean
  /** Seconds that the profile's credentials must last, so that nothing is done. */
  readonly ifNeeded: number | undefined
  /** What outlives this run; `undefined` if nothing was said. */
  readonly remember: Remember | undefined
  /** Whether to ask before a remembered sign-in is used. */
  readonly confirm: boolean
  readonly verbose: boolean
  /** Whether to write plain lines, for a screen reader. */
  readonly plain: boolean
  /** `AWS_ENDPOINT_URL_STS` */
  readonly stsEndpoint: string | undefined
  /** `~/.pum-aws`, or the file that `PUM_CONFIG` names. */
  readonly configFile: UserFile
  /** Whether to write what leads to this session again into `~/.pum-aws`. */
  readonly save: boolean
  /**
   * With --on-demand and --save: what `[profile NAME]` of `~/.pum-aws` is to say besides account and role, by key; the
   * user only with --save.
   */
  readonly settingsToSave: Readonly<Record<string, string>>
  /** Lines of the files that were ignored, and why. */
  readonly warnings: readonly string[]
}

/**
 * Reads all options from their sources (`lookUp` in look-up.ts).
 * @param home folder of the user
 * @throws PumError `usage` that names the source of a bad value, `file` if one of the files cannot be read
 */
export function readOptions({ given, command }: RunLine, env: Environment, home: string): Options {
  const mode = readMode(given, command)
  const sources = openSources(given, env, home)
  const selection = selectProfiles(sources)
  const several = severalOf(selection, sources, mode)
  const { config, configFile } = sources
  const section = sectionOf(selection, config)
  const option = optionReader(sources, section)
  const save = given.save === true
  if (save) refuseSave(given, mode, selection)
  const entries = entriesReader(sources)
  return Object.freeze({
    mode,
    several,
    get entries() {
      return entries()
    },
    username: lookUp("username", sources, [section]),
    lastUsername: lastUsernameOf(sources),
    ...selectedProfile(selection),
    account: option("account"),
    role: option("role"),
    region: option("region"),
    duration: option("duration"),
    policy: policyOf(sources, section, several, home),
    retry: option("retry"),
    passwordStdin: given.passwordStdin ?? false,
    passwordCommand: option("passwordCommand"),
    otpCommand: option("otpCommand"),
    onePassword: option("noOp") ? undefined : { account: option("opAccount"), item: option("opItem") },
    onePasswordNamed: namesOnePassword(given),
    idpUrl: option("idpUrl"),
    idpOrigins: option("idpOrigins"),
    caBundle: caBundleOf(sources, section, home),
    aliases: option("useAccountAliases") ? config.aliases : new Map(),
    accountNames: option("accountNames"),
    overwrite: given.overwrite ?? false,
    force: given.force ?? false,
    ifNeeded: ifNeededOf(sources, option("duration")),
    remember: readRemember(sources, home),
    confirm: readConfirm(sources, section, several === "all"),
    verbose: given.verbose ?? false,
    plain: option("plain"),
    stsEndpoint: option("stsEndpoint"),
    configFile,
    save,
    settingsToSave: save || mode.kind === "onDemand" ? settingsGiven(sources, home, save) : {},
    warnings: [...config.warnings, ...missingConfig(sources), ...misspeltVariables(env)],
  })
}

/**
 * Seconds that the profile's credentials must last. Without a number, as long as a kept session must: a profile of
 * sessions of 15 minutes would need new ones at each run.
 */
function ifNeededOf(sources: Sources, duration: number): number | undefined {
  const { given, variable } = sources
  const seconds = lookUp("ifNeeded", sources, [])
  const text = String(given.ifNeeded ?? variable("PUM_IF_NEEDED")?.text)
  return seconds === undefined || /\d/.test(text) ? seconds : enoughTime(duration)
}

const namesOnePassword = ({ opItem, opAccount }: Given) => opItem !== undefined || opAccount !== undefined

/** A misspelt name would have no effect. */
function missingConfig({ variable, configFile }: Sources): readonly string[] {
  if (!variable("PUM_CONFIG")?.text || existsSync(configFile.path)) return []
  return [`PUM_CONFIG names ${configFile.shown}, which is not there; the first sign-in makes it`]
}

/** @throws PumError `usage` or `file` if one of the files cannot be used */
export function openSources(given: Given, env: Environment, home: string): Sources {
  refuseTwoPasswords(given)
  const fromFile = given.envFile === undefined ? undefined : readEnvFile(given.envFile, home)
  const variable = variableReader(env, fromFile)
  const shown = lookUp("config", { given, variable }, [])
  const configFile = { path: resolve(expandHome(shown, home)), shown }
  return { given, variable, config: readConfigFile(configFile), configFile }
}

/** Looks variables up in the environment, then in the file of --env-file. */
export function variableReader(
  env: Environment,
  fromFile: ReadonlyMap<string, WrittenValue> = new Map(),
): Sources["variable"] {
  return name => {
    const text = env[name]
    return text === undefined ? fromFile.get(name) : { text, source: name }
  }
}

function policyOf(
  sources: Sources,
  section: ConfigSection | undefined,
  several: Options["several"],
  home: string,
): Options["policy"] {
  const { config, given } = sources
  const entries = Array.isArray(several) ? several : []
  return readPolicy(given, isReadOnly(sources, [section, config.defaults]), entries, home)
}

/** Looks options up for one profile, or for several that share a section. */
function optionReader(sources: Sources, section: ConfigSection | undefined) {
  return <Name extends ParsedName>(name: Name) => lookUp(name, sources, [section, sources.config.defaults])
}

function refuseTwoPasswords(given: Given): void {
  if (given.passwordStdin === undefined || given.passwordCommand === undefined) return
  throw new PumError("usage", "--password-stdin and --password-command both give the password", {
    hint: "leave one of them out",
  })
}

const defaultProfile = "default"

function selectedProfile(selection: ProfileSelection): Pick<Options, "profile" | "profileNamed"> {
  const named = selection.kind === "one" ? selection.profile : undefined
  return { profile: named ?? defaultProfile, profileNamed: named !== undefined }
}

/** What `~/.pum-aws` says of the selected profiles. */
function sectionOf(selection: ProfileSelection, config: ConfigFile): ConfigSection | undefined {
  switch (selection.kind) {
    case "one":
      return config.profiles.get(selection.profile ?? defaultProfile)
    case "named":
      return sharedSection(selection.names, config)
    case "all":
      return undefined
  }
}

function severalOf(selection: ProfileSelection, sources: Sources, mode: Mode): Options["several"] {
  if (selection.kind === "one") return undefined
  refuseSeveral(mode, sources.given)
  return selection.kind === "all" ? "all" : selection.names.map(name => readProfileOptions(name, sources))
}

/** A name that ADFS would refuse is not offered: the Python script kept whatever was typed. */
function lastUsernameOf({ config }: Sources): string | undefined {
  const name = config.defaults.get("username")?.text ?? ""
  return usernameProblem(name) === undefined ? name : undefined
}

/** @param section what `~/.pum-aws` says of the profile; default: only what it says of all */
export function caBundleOf(
  sources: Sources,
  section: ConfigSection | undefined,
  home: string,
): string | undefined {
  const fromUser = lookUp("caBundle", sources, [])
  if (fromUser !== undefined) return expandHome(fromUser, home)
  const fromFile = lookUp("caBundle", sources, [section, sources.config.defaults])
  return fromFile === undefined ? undefined : resolveBeside(sources.configFile, fromFile, home)
}
