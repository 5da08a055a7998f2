import { PumError, plain } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { readUserFile } from "../files/read-file.ts"
import { effectiveValue, type IniDocument, readIni } from "../ini/read-ini.ts"
import type { Environment } from "../options/options.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import { configSectionOf } from "./profile-sections.ts"

/** A key that keeps AWS tools from using the stored credentials, or one that these hide. */
export interface Shadow {
  readonly profile: string
  /** One sentence. */
  readonly text: string
  /** Whether AWS tools use it in place of the stored credentials. */
  readonly wins: boolean
}

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
  return [...environmentShadows(profile, env), ...fileShadows(paths, [profile]).map(({ text }) => text)]
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
    if (other !== undefined && profile !== undefined && other !== profile) {
      // Of both the AWS CLI obeys the one, boto3 the other.
      const who =
        name === "AWS_DEFAULT_PROFILE" && env.AWS_PROFILE === profile ? "boto3 uses" : "AWS tools use"
      shadows.push(
        `${name} is set to ${other === "" ? "nothing" : plain(other)}: ${who} that profile, unless they are given --profile ${profile}`,
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

export function fileShadows(paths: AwsFilePaths, profiles: readonly string[]): Shadow[] {
  const files = userFiles(paths)
  const credentials = documentOf(files.credentials)
  const config = documentOf(files.config)
  return profiles.flatMap(profile => shadowsIn(credentials, config, profile))
}

function shadowsIn(
  credentials: IniDocument | undefined,
  config: IniDocument | undefined,
  profile: string,
): Shadow[] {
  const section = config && configSectionOf(config, profile)
  const inConfig = config && section !== undefined ? [{ document: config, section }] : []
  const inCredentials = credentials ? [{ document: credentials, section: profile }] : []

  const shadows: Shadow[] = []
  /** The first of these keys that stands in one of these places, and where; botocore minds also those without a value. */
  const findIn = (places: readonly Place[], ...keys: string[]) => {
    for (const key of keys) {
      const place = places.find(
        ({ document, section }) => effectiveValue(document, section, key) !== undefined,
      )
      if (place !== undefined) return `${key} in [${place.section}] of ${place.document.name}`
    }
    return undefined
  }
  const find = (...keys: string[]) => findIn([...inConfig, ...inCredentials], ...keys)
  const say = (found: string | undefined, consequence: string, wins: boolean) => {
    if (found !== undefined) shadows.push({ profile, text: `${found}: ${consequence}`, wins })
  }
  const hidden = "the stored credentials hide it"

  const webIdentity = find("web_identity_token_file")
  const role = find("role_arn")
  if (webIdentity === undefined)
    say(role, "AWS tools assume that role instead of using these credentials", true)
  say(webIdentity, "AWS tools use that web identity instead of these credentials", true)
  // Other sso_ keys without one of these mean nothing to botocore, which the AWS CLI is built on; the SDK for
  // JavaScript prefers the stored credentials in any case.
  say(
    find("sso_account_id", "sso_role_name"),
    "the AWS CLI uses IAM Identity Center instead of these credentials",
    true,
  )
  if (role === undefined)
    say(
      find("source_profile"),
      "it is left over without a role_arn, and Terraform refuses the profile",
      false,
    )
  say(
    findIn(inCredentials, "aws_security_token"),
    "AWS tools use that old token instead of the new one",
    true,
  )
  say(find("login_session"), hidden, false)
  say(find("credential_process"), hidden, false)
  // Both may be one file, in which that key is the stored one.
  if (config?.name !== credentials?.name) say(findIn(inConfig, "aws_access_key_id"), hidden, false)
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
