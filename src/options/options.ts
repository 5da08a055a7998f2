import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import type { CommandLine } from "./command-line.ts"
import type { Found } from "./env-file.ts"
import { firstOf, parsed } from "./first-of.ts"
import { type Mode, modeOf, refuseSeveral } from "./modes.ts"
import { besideConfig, expandHome, readConfigFile, readVariables, whereConfigIs } from "./read-files.ts"
import { type Setting, settings } from "./settings.ts"
import { requireHttps } from "./values.ts"
import { type ProfileOptions, sharedSection, whichProfiles } from "./which-profiles.ts"

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything the user decided before the first question. */
export interface Options {
  /** What becomes of the credentials. */
  readonly mode: Mode
  /** Several profiles from one sign-in: those of --profiles, or with --all one for each role. */
  readonly several: readonly ProfileOptions[] | "all" | undefined
  /** `[profile NAME]` of `~/.pum-aws` by name. */
  readonly entries: ReadonlyMap<string, ProfileOptions>
  /** Given once and for all: not asked for. */
  readonly username: string | undefined
  /** `username` of `[default]`: the last one that was typed, offered next time. */
  readonly lastUsername: string | undefined
  readonly profile: string
  /** Whether an option or `PUM_PROFILE` named the profile; else it is `default`. */
  readonly profileNamed: boolean
  readonly account: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number
  readonly retry: boolean
  readonly passwordStdin: boolean
  readonly passwordCommand: string | undefined
  readonly otpCommand: string | undefined
  /** Nothing with --no-op. */
  readonly onePassword: { readonly account: string; readonly item: string } | undefined
  readonly idpUrl: URL
  /** Further origins that may be sent the password. */
  readonly idpOrigins: readonly string[]
  readonly caBundle: string | undefined
  /** Account aliases by account id. */
  readonly aliases: ReadonlyMap<string, string>
  /** Whether AWS may be asked for the names of accounts that have no alias. */
  readonly accountNames: boolean
  readonly overwrite: boolean
  /** Whether to sign in even where a session is there. */
  readonly force: boolean
  /** How long what the profile holds must last for nothing to be done, in seconds. */
  readonly ifNeeded: number | undefined
  readonly verbose: boolean
  /** `AWS_ENDPOINT_URL_STS` */
  readonly stsEndpoint: string | undefined
  /** `~/.pum-aws`, or what `PUM_CONFIG` names. */
  readonly configFile: UserFile
  /** What in the files was left out. */
  readonly warnings: readonly string[]
}

const oneHour = 3600
const vismaIdp =
  "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"

type Known = typeof settings
type Value<Name extends keyof Known> = ReturnType<Known[Name]["parse"]>

/**
 * One value for each setting: option, environment (its lines in `--env-file` where the environment itself says
 * nothing), `[profile NAME]` and `[default]` of `~/.pum-aws`, default.
 * @throws PumError `usage` that names where the bad value stands, `file` where one of the files cannot be read
 */
export function readOptions(
  { given, command }: Extract<CommandLine, { wants: "run" }>,
  env: Environment,
  home: string,
): Options {
  if (given.passwordStdin === true && given.passwordCommand !== undefined) {
    throw new PumError("usage", "--password-stdin and --password-command both give the password", {
      hint: "leave one of them out",
    })
  }
  const mode = modeOf(given, command)
  const envFile = typeof given.envFile === "string" ? readVariables(given.envFile, home) : undefined
  const inEnvironment = (variable: string): Found | undefined => {
    const text = env[variable]
    return text === undefined ? envFile?.get(variable) : { text, place: variable }
  }
  const configFile = whereConfigIs(inEnvironment("PUM_CONFIG")?.text, home)
  const config = readConfigFile(configFile)

  const outside = <Name extends keyof Known>(name: Name): Value<Name> | undefined => {
    const setting = settings[name] as Setting<Value<Name>>
    const option = given[name]
    if (option !== undefined)
      return parsed(setting, {
        text: String(option),
        place: (setting.flags ?? "").replace(/^-\w, | [<[].*$/g, ""),
      })
    return firstOf(setting, setting.env.map(inEnvironment))
  }
  const which = whichProfiles(given, inEnvironment)
  const names = which === "profiles" ? outside("profiles") : undefined
  const namedProfile = which === "profile" ? outside("profile") : undefined
  const profile = namedProfile ?? "default"
  const own = which === "profile" ? config.profiles.get(profile) : sharedSection(names ?? [], config)
  const settingOf = <Name extends keyof Known>(name: Name, sections = [own, config.defaults]) => {
    const setting = settings[name] as Setting<Value<Name>>
    const key = setting.key ?? ""
    return (
      outside(name) ??
      firstOf(
        setting,
        sections.map(section => section?.get(key)),
      )
    )
  }
  const profileOptions = (name: string): ProfileOptions => {
    const section = config.profiles.get(name)
    const sections = [section, config.defaults]
    const byName = section?.get("account") === undefined && section?.get("role") === undefined
    return {
      profile: name,
      account: settingOf("account", sections),
      role: byName ? outside("role") : settingOf("role", sections),
      region: settingOf("region", sections),
      duration: settingOf("duration", sections) ?? oneHour,
      byName,
    }
  }
  const several = which === "all" ? "all" : names?.map(profileOptions)
  if (several !== undefined) refuseSeveral(mode, given)
  // The Python script stored whatever was typed: what ADFS would not take is not offered.
  const lastUsername = config.defaults.get("username")?.text ?? ""
  return Object.freeze({
    mode,
    username: settingOf("username", [own]),
    lastUsername: usernameProblem(lastUsername) === undefined ? lastUsername : undefined,
    profile,
    profileNamed: namedProfile !== undefined,
    account: settingOf("account"),
    role: settingOf("role"),
    region: settingOf("region"),
    duration: settingOf("duration") ?? oneHour,
    several,
    entries: new Map([...config.profiles.keys()].map(name => [name, profileOptions(name)])),
    retry: settingOf("retry") ?? false,
    passwordStdin: given.passwordStdin === true,
    passwordCommand: settingOf("passwordCommand"),
    otpCommand: settingOf("otpCommand"),
    onePassword: settingOf("noOp")
      ? undefined
      : { account: settingOf("opAccount") ?? "visma", item: settingOf("opItem") ?? "Federation ADM" },
    idpUrl: settingOf("idpUrl") ?? new URL(vismaIdp),
    idpOrigins: settingOf("idpOrigins") ?? [],
    caBundle: expandHome(outside("caBundle"), home) ?? besideConfig(settingOf("caBundle"), configFile, home),
    aliases: settingOf("useAccountAliases") === false ? new Map() : config.aliases,
    accountNames: settingOf("accountNames") ?? true,
    overwrite: given.overwrite === true,
    force: given.force === true,
    ifNeeded: outside("ifNeeded"),
    verbose: given.verbose === true,
    stsEndpoint: stsEndpoint(env.AWS_ENDPOINT_URL_STS),
    configFile,
    warnings: config.warnings,
  })
}

function stsEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined
  if (!URL.canParse(text)) throw new PumError("usage", `AWS_ENDPOINT_URL_STS: '${text}' is no address`)
  return requireHttps(new URL(text), "the assertion would be readable on its way").href
}
