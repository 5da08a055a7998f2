import { PumError } from "../errors.ts"
import type { UserFile } from "./file-trouble.ts"
import { effectiveValue, type IniDocument, readIni } from "./ini-text.ts"
import { readUserFile } from "./private-file.ts"
import { configSectionOf } from "./profile-sections.ts"
import { type AwsFilePaths, userFiles } from "./profiles.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** One of the profile's sections, by the file it stands in. */
interface Place {
  readonly document: IniDocument
  readonly section: string
}

/**
 * What keeps AWS tools from using the credentials stored in a profile, and what these hide: one sentence each.
 * The order in botocore: environment, `role_arn`, web identity, `sso_*`, credentials file, `login_session`,
 * `credential_process`, keys in the config file (`create_credential_resolver`). Never throws: the credentials are
 * stored by now.
 */
export function shadowsOf(paths: AwsFilePaths, profile: string, env: Environment): readonly string[] {
  return [...environmentShadows(profile, env), ...fileShadows(paths, [profile])]
}

/** @param profile none where several were stored: then nothing but --profile tells AWS tools which one is meant */
export function environmentShadows(profile: string | undefined, env: Environment): string[] {
  const shadows: string[] = []
  if (env.AWS_ACCESS_KEY_ID) {
    shadows.push(
      "AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile",
    )
  }
  for (const name of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const other = env[name]
    if (other && profile !== undefined && other !== profile) {
      shadows.push(
        `${name} is set to ${other}: AWS tools use that profile, unless they are given --profile ${profile}`,
      )
    }
  }
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE) {
    shadows.push(
      "AWS_WEB_IDENTITY_TOKEN_FILE is set in the environment: AWS tools use that web identity instead of this profile, unless they are given --profile",
    )
  }
  return shadows
}

export function fileShadows(paths: AwsFilePaths, profiles: readonly string[]): string[] {
  const files = userFiles(paths)
  const credentials = documentOf(files.credentials)
  const config = documentOf(files.config)
  return profiles.flatMap(profile => shadowsIn(credentials, config, profile))
}

function shadowsIn(
  credentials: IniDocument | undefined,
  config: IniDocument | undefined,
  profile: string,
): string[] {
  const places: Place[] = []
  const section = config && configSectionOf(config, profile)
  if (config !== undefined && section !== undefined) places.push({ document: config, section })
  if (credentials !== undefined) places.push({ document: credentials, section: profile })

  const shadows: string[] = []
  /** The first of these keys that the profile has in either file, and where. */
  const find = (...keys: string[]) => {
    for (const key of keys) {
      const place = places.find(({ document, section }) => Boolean(effectiveValue(document, section, key)))
      if (place !== undefined) return `${key} in [${place.section}] of ${place.document.name}`
    }
    return undefined
  }
  const say = (found: string | undefined, consequence: string) => {
    if (found !== undefined) shadows.push(`${found}: ${consequence}`)
  }

  const webIdentity = find("web_identity_token_file")
  const role = find("role_arn")
  if (webIdentity === undefined) say(role, "AWS tools assume that role instead of using these credentials")
  say(webIdentity, "AWS tools use that web identity instead of these credentials")
  say(
    find("sso_account_id", "sso_role_name", "sso_session", "sso_start_url"),
    "AWS tools may use IAM Identity Center instead of these credentials",
  )
  if (role === undefined)
    say(find("source_profile"), "it is left over without a role_arn, and Terraform refuses the profile")
  say(find("aws_security_token"), "AWS tools use that old token instead of the new one")
  say(find("login_session"), "the stored credentials hide it")
  say(find("credential_process"), "the stored credentials hide it")
  if (section !== undefined && config !== undefined && effectiveValue(config, section, "aws_access_key_id")) {
    if (config.name !== credentials?.name) {
      say(`aws_access_key_id in [${section}] of ${config.name}`, "the stored credentials hide it")
    }
  }
  return shadows
}

function documentOf(file: UserFile): IniDocument | undefined {
  try {
    return readIni(readUserFile(file).text ?? "", file.shown)
  } catch (error) {
    if (error instanceof PumError) return undefined
    throw error
  }
}
