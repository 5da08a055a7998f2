import { readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { codeOf, fileTrouble, type UserFile } from "../aws-files/file-trouble.ts"
import { PumError } from "../errors.ts"
import { checkUsername } from "../username.ts"
import type { CommandLine } from "./command-line.ts"
import { type ConfigFile, readConfig } from "./config-file.ts"
import { type Given, readEnvFile } from "./env-file.ts"
import { type Mode, modeOf, refuseSeveral } from "./modes.ts"
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
  const inEnvironment = (variable: string): Given | undefined => {
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
  const profile = (which === "profile" ? outside("profile") : undefined) ?? "default"
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
    lastUsername: checkUsername(lastUsername) === undefined ? lastUsername : undefined,
    profile,
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

/** The first that says anything; an empty value says nothing. */
function firstOf<T>(setting: Setting<T>, candidates: readonly (Given | undefined)[]): T | undefined {
  const found = candidates.find(candidate => candidate !== undefined && candidate.text !== "")
  return found === undefined ? undefined : parsed(setting, found)
}

function parsed<T>(setting: Setting<T>, { text, place }: Given): T {
  try {
    return setting.parse(text)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    throw new PumError(
      "usage",
      `${place}: ${error.message}`,
      error.hint === undefined ? {} : { hint: error.hint },
    )
  }
}

const variables = new Set([...Object.values(settings).flatMap(({ env }) => env), "PUM_CONFIG"])

/** @throws PumError `usage` also for a variable that there is not: a misspelt one would be ignored without a word */
function readVariables(path: string, home: string): ReadonlyMap<string, Given> {
  const found = readEnvFile(readText({ path: expandHome(path, home) ?? path, shown: path }), path)
  for (const [variable, { place }] of found) {
    if (variables.has(variable)) continue
    throw new PumError("usage", `${place} is no variable of pum-aws`, {
      hint: "pum-aws --help lists the options; each is a variable of that name",
    })
  }
  return found
}

function whereConfigIs(moved: string | undefined, home: string): UserFile {
  if (moved === undefined || moved === "") return { path: join(home, ".pum-aws"), shown: "~/.pum-aws" }
  return { path: resolve(expandHome(moved, home) ?? moved), shown: moved }
}

function readConfigFile(file: UserFile): ConfigFile {
  let text = ""
  try {
    text = readFileSync(file.path, "utf8")
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw fileTrouble("cannot read", file, error)
  }
  const known = Object.values(settings).filter(({ key }) => key !== undefined)
  const config = readConfig(text, file.shown, new Set(known.map(({ key }) => key ?? "")))
  // All of it, not only what this run uses: a mistake shows itself when it is made.
  for (const [name, section] of [...config.profiles, ["", config.defaults] as const]) {
    for (const setting of known) {
      const value = section.get(setting.key ?? "")
      if (name !== "" || setting !== settings.username) firstOf<unknown>(setting, [value])
    }
  }
  return config
}

/** @throws PumError `usage`: the user named that file */
function readText(file: UserFile): string {
  try {
    return readFileSync(file.path, "utf8")
  } catch (error) {
    const { message } = fileTrouble("cannot read", file, error)
    const what = codeOf(error) === "ENOENT" ? `cannot read ${file.shown}: there is no such file` : message
    throw new PumError("usage", what, { cause: error })
  }
}

/** No shell has expanded `~` in a file, after `=` or in quotes. */
function expandHome(path: string | undefined, home: string): string | undefined {
  return path?.replace(/^~(?=$|[/\\])/, () => home)
}

/** A path in the file is meant from there, wherever the program is started. */
function besideConfig(
  path: string | undefined,
  { path: config }: UserFile,
  home: string,
): string | undefined {
  return path === undefined ? undefined : resolve(dirname(config), expandHome(path, home) ?? path)
}

function stsEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined
  if (!URL.canParse(text)) throw new PumError("usage", `AWS_ENDPOINT_URL_STS: '${text}' is no address`)
  return requireHttps(new URL(text), "the assertion would be readable on its way").href
}
