import { PumError } from "../errors.ts"
import { checkUsername } from "../username.ts"
import type { CommandLine } from "./command-line.ts"
import { requireHttps, type Setting, settings } from "./settings.ts"

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything the user decided before the first question. */
export interface Options {
  readonly username: string | undefined
  readonly profile: string
  readonly account: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number
  readonly retry: boolean
  readonly passwordStdin: boolean
  readonly idpUrl: URL
  readonly caBundle: string | undefined
  readonly overwrite: boolean
  readonly verbose: boolean
  /** `AWS_ENDPOINT_URL_STS` */
  readonly stsEndpoint: string | undefined
}

const vismaIdp =
  "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"

/**
 * One value for each setting: option, then environment, then default.
 * @throws PumError `usage` that names where the bad value stands
 */
export function readOptions({ given }: Extract<CommandLine, { wants: "run" }>, env: Environment): Options {
  function settingOf<T>(name: string, setting: Setting<T>): T | undefined {
    const option = given[name]
    if (typeof option === "boolean") return setting.parse(String(option))
    if (option !== undefined) return parsed(setting, option, setting.flags.replace(/^-\w, | <.*$/g, ""))
    for (const variable of setting.env) {
      const value = env[variable]
      if (value !== undefined && value !== "") return parsed(setting, value, variable)
    }
    return undefined
  }
  const username = settingOf("username", settings.username)
  const complaint = username === undefined ? undefined : checkUsername(username)
  if (complaint !== undefined)
    throw new PumError("usage", `'${username}' is no user name for ADFS`, { hint: complaint })
  return Object.freeze({
    username,
    profile: settingOf("profile", settings.profile) ?? "default",
    account: settingOf("account", settings.account),
    role: settingOf("role", settings.role),
    region: settingOf("region", settings.region),
    duration: settingOf("duration", settings.duration) ?? 3600,
    retry: settingOf("retry", settings.retry) ?? false,
    passwordStdin: given.passwordStdin === true,
    idpUrl: settingOf("idpUrl", settings.idpUrl) ?? new URL(vismaIdp),
    caBundle: settingOf("caBundle", settings.caBundle),
    overwrite: given.overwrite === true,
    verbose: given.verbose === true,
    stsEndpoint: stsEndpoint(env.AWS_ENDPOINT_URL_STS),
  })
}

function parsed<T>(setting: Setting<T>, text: string, place: string): T {
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

function stsEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined
  if (!URL.canParse(text)) throw new PumError("usage", `AWS_ENDPOINT_URL_STS: '${text}' is no address`)
  return requireHttps(new URL(text), "the assertion would be readable on its way").href
}
