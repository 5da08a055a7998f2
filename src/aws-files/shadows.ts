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
      // Of both the AWS CLI obeys the one, boto3 the other.
      const who =
        name === "AWS_DEFAULT_PROFILE" && env.AWS_PROFILE === profile ? "boto3 uses" : "AWS tools use"
      shadows.push(
        `${name} is set to ${other}: ${who} that profile, unless they are given --profile ${profile}`,
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
  const section = config && configSectionOf(config, profile)
  const inConfig = config && section !== undefined ? [{ document: config, section }] : []
  const inCredentials = credentials ? [{ document: credentials, section: profile }] : []

  const shadows: string[] = []
  /** The first of these keys that stands in one of these places, and where. */
  const findIn = (places: readonly Place[], ...keys: string[]) => {
    for (const key of keys) {
      const place = places.find(({ document, section }) => Boolean(effectiveValue(document, section, key)))
      if (place !== undefined) return `${key} in [${place.section}] of ${place.document.name}`
    }
    return undefined
  }
  const find = (...keys: string[]) => findIn([...inConfig, ...inCredentials], ...keys)
  const say = (found: string | undefined, consequence: string) => {
    if (found !== undefined) shadows.push(`${found}: ${consequence}`)
  }

  const webIdentity = find("web_identity_token_file")
  const role = find("role_arn")
  if (webIdentity === undefined) say(role, "AWS tools assume that role instead of using these credentials")
  say(webIdentity, "AWS tools use that web identity instead of these credentials")
  // Other sso_ keys without one of these mean nothing to botocore, which the AWS CLI is built on; the SDK for
  // JavaScript prefers the stored credentials in any case.
  say(
    find("sso_account_id", "sso_role_name"),
    "the AWS CLI uses IAM Identity Center instead of these credentials",
  )
  if (role === undefined)
    say(find("source_profile"), "it is left over without a role_arn, and Terraform refuses the profile")
  say(findIn(inCredentials, "aws_security_token"), "AWS tools use that old token instead of the new one")
  say(find("login_session"), "the stored credentials hide it")
  say(find("credential_process"), "the stored credentials hide it")
  // Both may be one file, in which that key is the stored one.
  if (config?.name !== credentials?.name)
    say(findIn(inConfig, "aws_access_key_id"), "the stored credentials hide it")
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
