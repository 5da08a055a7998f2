import { isLoopback } from "../addresses.ts"
import { parseDuration } from "../duration.ts"
import { PumError } from "../errors.ts"
import { regionPattern } from "../regions.ts"

/** A setting: an option of the command line, with the environment variables that give it too. */
export interface Setting<T> {
  /** As commander wants it: `-u, --username <name>`. */
  readonly flags: string
  readonly help: string
  /** Tried in this order. */
  readonly env: readonly string[]
  /** @throws PumError `usage` */
  readonly parse: (text: string) => T
}

function setting<T>(
  flags: string,
  env: readonly string[],
  parse: (text: string) => T,
  help: string,
): Setting<T> {
  return { flags, help, env, parse }
}

/** Every setting that takes part in signing in, choosing roles and storing. */
export const settings = {
  username: setting(
    "-u, --username <name>",
    ["PUM_USERNAME"],
    nonEmpty,
    "privileged user: DOMAIN\\user or user@domain",
  ),
  profile: setting(
    "-p, --profile <name>",
    ["PUM_PROFILE"],
    nonEmpty,
    "AWS profile to store the credentials in (default: default)",
  ),
  account: setting("-a, --account <id>", ["PUM_ACCOUNT"], nonEmpty, "only roles of this account"),
  role: setting("--role <name>", ["PUM_ROLE"], nonEmpty, "only this role: its name, path and name, or ARN"),
  region: setting(
    "-r, --region <region>",
    ["PUM_REGION"],
    region,
    "the profile's region (default: its own, else eu-central-1)",
  ),
  duration: setting(
    "-d, --duration <time>",
    ["PUM_DURATION"],
    parseDuration,
    "how long: 1 (hours), 90m, 1h30m; 15m to 12h (default: 1)",
  ),
  retry: setting(
    "-R, --retry",
    ["PUM_RETRY"],
    yesOrNo,
    "after a refused sign-in, ask again (3 tries in all)",
  ),
  idpUrl: setting(
    "--idp-url <url>",
    ["PUM_IDP_URL"],
    idpUrl,
    "where to sign in (default: Visma's federation)",
  ),
  caBundle: setting(
    "--ca-bundle <file>",
    ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"],
    nonEmpty,
    "PEM file with the certificates to trust",
  ),
} as const

function nonEmpty(text: string): string {
  if (text.trim() === "") throw new PumError("usage", "it is empty")
  return text
}

function region(text: string): string {
  if (!regionPattern.test(text))
    throw new PumError("usage", `'${text}' is no region`, { hint: "regions look like eu-north-1" })
  return text
}

/** `true 1 yes on` / `false 0 no off`, in any case. */
export function yesOrNo(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (["true", "1", "yes", "on"].includes(word)) return true
  if (["false", "0", "no", "off"].includes(word)) return false
  throw new PumError("usage", `'${text}' is neither yes nor no`, { hint: "write true or false" })
}

function idpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined)
    throw new PumError("usage", `'${text}' is no address`, {
      hint: "it looks like https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    })
  return requireHttps(url, "the password would be readable on its way")
}

/** Plain http is for this machine only. */
export function requireHttps(url: URL, why: string): URL {
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return url
  throw new PumError("usage", `${url.origin} is not https: ${why}`)
}
