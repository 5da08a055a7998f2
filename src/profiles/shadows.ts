import { harmless, PumError, plain } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { effectiveValue, type IniDocument } from "../ini/read-ini.ts"
import { type Environment, otherHome, ownPlatform } from "../platform/platform.ts"
import { environmentDetours, fileDetours, type ProfileSection } from "./endpoint-shadows.ts"
import { mergedSections } from "./merged-sections.ts"
import { type AwsFilePaths, pathTroubles, userFiles } from "./paths.ts"
import { configSectionOf, isSessionMissing } from "./profile-sections.ts"
import { type AwsDocuments, parseSnapshot, readAwsFile } from "./profile-state.ts"

/** A key that AWS tools use instead of the stored credentials, or one that the stored credentials hide. */
export interface Shadow {
  readonly profile: string
  /** One sentence. */
  readonly text: string
  /** Whether AWS tools use it instead of the stored credentials. */
  readonly wins: boolean
}

/**
 * What AWS tools use instead of the credentials stored in a profile, and what those hide: one sentence each. botocore
 * looks in this order: environment, `role_arn`, web identity, `sso_*`, credentials file, `login_session`,
 * `credential_process`, keys in the config file (`create_credential_resolver`). The SDKs for Java 2 and Rust look for
 * `sso_*`, `login_session` and `credential_process` before stored keys. A file that cannot be read counts as
 * empty: the credentials are stored already.
 */
export function shadowsOf(paths: AwsFilePaths, profile: string, env: Environment): readonly string[] {
  return [...environmentShadows(profile, env), ...fileShadows(paths, [profile]).map(({ text }) => text)]
}

/**
 * What AWS tools find in the files instead of credentials that have just been stored, one sentence each.
 * @param before both files as they were before: storing changes none of the keys in question, but removes
 *   `aws_security_token`
 */
export function shadowsOfStored({ credentials, config }: AwsDocuments, profile: string): readonly string[] {
  const shadows = shadowsIn({ ...sectionsOf(credentials, config, profile), countsOldToken: false })
  return [...shadows.map(({ text }) => text), ...nestedComments({ credentials, config })]
}

/** The AWS CLI skips a comment in an indented block. */
function nestedComments({ credentials, config }: AwsDocuments): string[] {
  return [...new Set([config, credentials])].flatMap(document => {
    const [line] = document.nestedComments
    if (line === undefined) return []
    return [
      `${document.name} line ${line + 1} is a comment in an indented block: Java and Rust refuse the whole file`,
    ]
  })
}

/**
 * What AWS tools find in the environment instead of the profile, one sentence each.
 * @param profile `undefined` if several were stored: then AWS_PROFILE is right for one of them at most
 */
export function environmentShadows(
  profile: string | undefined,
  env: Environment,
  platform: NodeJS.Platform = ownPlatform,
): string[] {
  const shadows: string[] = []
  if (env.AWS_ACCESS_KEY && !env.AWS_ACCESS_KEY_ID) {
    shadows.push(
      "AWS_ACCESS_KEY is set in the environment: Go and Terraform use that key instead of this profile, unless they are given the profile",
    )
  }
  if (env.AWS_ACCESS_KEY_ID) {
    shadows.push(
      "AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile",
    )
  }
  for (const name of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const other = env[name]
    if (other !== undefined && profile !== undefined && other !== profile) {
      // If both are set, the AWS CLI uses AWS_PROFILE, boto3 uses AWS_DEFAULT_PROFILE.
      const user =
        name === "AWS_DEFAULT_PROFILE" && env.AWS_PROFILE === profile ? "boto3 uses" : "AWS tools use"
      const shown = other === "" ? "nothing" : other === plain(other) ? other : `'${harmless(other)}'`
      shadows.push(
        `${name} is set to ${shown}: ${user} that profile, unless they are given --profile ${profile}`,
      )
    }
  }
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE) {
    shadows.push(
      "AWS_WEB_IDENTITY_TOKEN_FILE is set in the environment: AWS tools use that web identity instead of this profile, unless they are given --profile",
    )
  }
  shadows.push(...environmentDetours(env), ...pathTroubles(env, platform))
  const home = otherHome(env, platform)
  if (home !== undefined && !env.AWS_SHARED_CREDENTIALS_FILE) {
    shadows.push(
      `HOME is ${plain(home)}, and USERPROFILE another folder: AWS tools in Rust, Java and JavaScript look for profiles in HOME, pum-aws and those in Python and Go in USERPROFILE`,
    )
  }
  return shadows
}

/** What AWS tools find in the files instead of the credentials of these profiles, or what those hide. */
export function fileShadows(paths: AwsFilePaths, profiles: readonly string[]): Shadow[] {
  const files = userFiles(paths)
  const credentials = readIfValid(files.credentials)
  const config = readIfValid(files.config)
  return profiles.flatMap(profile =>
    shadowsIn(sectionsOf(credentials, config, profile)).map(shadow => ({ profile, ...shadow })),
  )
}

/** @returns `undefined` for a file that cannot be read, or that AWS tools refuse */
function readIfValid(file: UserFile): IniDocument | undefined {
  try {
    return parseSnapshot(readAwsFile(file))
  } catch (error) {
    if (error instanceof PumError) return undefined
    throw error
  }
}

/** The profile's sections in both files: none or one each. */
interface ProfileSections {
  readonly credentials: readonly ProfileSection[]
  readonly config: readonly ProfileSection[]
  readonly configFile: IniDocument | undefined
  /** `mergedSections` of both files. */
  readonly merged: readonly string[]
  readonly isOneFile: boolean
  /** Whether `aws_security_token` counts. */
  readonly countsOldToken: boolean
}

function sectionsOf(
  credentials: IniDocument | undefined,
  config: IniDocument | undefined,
  profile: string,
): ProfileSections {
  const section = config && configSectionOf(config, profile)
  return {
    credentials: credentials ? [{ document: credentials, section: profile }] : [],
    config: config && section !== undefined ? [{ document: config, section }] : [],
    configFile: config,
    merged: [
      ...(config ? mergedSections(config, "config", profile, section) : []),
      ...(credentials ? mergedSections(credentials, "credentials", profile, profile) : []),
    ],
    isOneFile: config?.name === credentials?.name,
    countsOldToken: true,
  }
}

/**
 * The first of these keys that is in one of the sections, with the place: `role_arn in [p] of ~/.aws/config`. botocore
 * also obeys a key without a value.
 */
function findKey(sections: readonly ProfileSection[], ...keys: string[]): string | undefined {
  for (const key of keys) {
    const found = sections.find(
      ({ document, section }) => effectiveValue(document, section, key) !== undefined,
    )
    if (found !== undefined) return `${key} in [${found.section}] of ${found.document.name}`
  }
  return undefined
}

/** What a key means if it was found. */
interface Finding {
  /** The key with its place; `undefined` if it is not there, or means nothing here. */
  readonly found: string | undefined
  readonly text: string
  readonly wins: boolean
}

const winning = (found: string | undefined, text: string): Finding => ({ found, text, wins: true })
const mentioned = (found: string | undefined, text: string): Finding => ({ found, text, wins: false })

function shadowsIn(sections: ProfileSections): Omit<Shadow, "profile">[] {
  const { config, configFile, credentials } = sections
  const findings = [
    ...credentialFindings(sections),
    ...fileDetours([...config, ...credentials], configFile).map(([found, text]) => mentioned(found, text)),
  ]
  return [
    ...findings.flatMap(({ found, text, wins }) =>
      found === undefined ? [] : [{ text: `${found}: ${text}`, wins }],
    ),
    ...sections.merged.map(text => ({ text, wins: false })),
  ]
}

function credentialFindings({ credentials, config, isOneFile, countsOldToken }: ProfileSections): Finding[] {
  const both = [...config, ...credentials]
  const role = findKey(both, "role_arn")
  const webIdentity = findKey(both, "web_identity_token_file")
  // botocore, which the AWS CLI is built on, ignores other sso_ keys without one of these. The SDK for JavaScript
  // prefers the stored credentials anyway.
  const singleSignOn = findKey(both, "sso_account_id", "sso_role_name")
  const withoutRole = (key: string) => (role === undefined ? findKey(both, key) : undefined)
  const withoutSession = config.filter(({ document, section }) => isSessionMissing(document, section))
  const leftOver = "it is left over without a role_arn, and Go and Terraform refuse the profile"
  const hidden = "the stored credentials hide it, but Java and Rust use it instead of them"
  return [
    winning(
      webIdentity === undefined ? role : undefined,
      "AWS tools assume that role instead of using these credentials",
    ),
    winning(webIdentity, "AWS tools use that web identity instead of these credentials"),
    winning(singleSignOn, "the AWS CLI, Java and Rust use IAM Identity Center instead of these credentials"),
    mentioned(withoutRole("source_profile"), leftOver),
    mentioned(withoutRole("credential_source"), leftOver),
    mentioned(
      singleSignOn === undefined ? findKey(both, "sso_session", "sso_start_url", "sso_region") : undefined,
      "it is left over without an sso_account_id, and Java and Rust refuse the profile",
    ),
    mentioned(
      findKey(withoutSession, "sso_session"),
      "the section that it names is missing, and Go and Terraform refuse the profile",
    ),
    winning(
      countsOldToken ? findKey(credentials, "aws_security_token") : undefined,
      "AWS tools use that old token instead of the new one",
    ),
    mentioned(findKey(both, "login_session"), hidden),
    mentioned(findKey(both, "credential_process"), hidden),
    // In a file that is both, that key is the stored one.
    mentioned(isOneFile ? undefined : findKey(config, "aws_access_key_id"), "the stored credentials hide it"),
  ]
}
