import { mkdirSync, writeFileSync } from "node:fs"
import type { AwsFilePaths } from "../../src/profiles/paths.ts"
import { storeProfiles } from "../../src/profiles/store-profiles.ts"

const session = {
  accessKeyId: "STORED",
  secretAccessKey: "stored-secret",
  sessionToken: "stored-token",
  principalArn: "arn:aws:sts::585848786654:assumed-role/Admin/dev_aly",
  expiration: new Date("2100-01-01T00:00:00Z"),
}
const ours = "key STORED, token stored-token"

export interface ShadowCase {
  /** Lines of the profile in the config file, before storing. */
  readonly config?: string
  /** Lines of the profile in the credentials file, before storing. */
  readonly credentials?: string
  readonly env?: Record<string, string>
  /** Whether `--profile` names the profile; else AWS_PROFILE does. */
  readonly named?: boolean
  readonly said: readonly string[]
  /** What the AWS CLI then does: the credentials it uses, or its refusal. */
  readonly used: string | RegExp
  /** What the SDK for Go 2 and Terraform do, if that differs. */
  readonly usedByGo?: string | RegExp
  /** What the SDK for Java 2 does, if that differs. */
  readonly usedByJava?: string | RegExp
}

const inConfig = "in [profile p] of ~/.aws/config"
const envKey = { AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "e" }
const keyInEnv =
  "AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile"
const role = "role_arn = arn:aws:iam::123456789012:role/x\n"
/** The AWS CLI asks AWS for another role, at a port where no server is. */
const callsAws = /Could not connect|Failed to connect|connection refused|UnknownHostException/
const noAccount = (key: string) =>
  `${key} ${inConfig}: it is left over without an sso_account_id, and Java and Rust refuse the profile`
const noAccountInJava = /property 'sso_account_id' was not configured/
const noSession = `sso_session ${inConfig}: the section that it names is missing, and Go and Terraform refuse the profile`
const hidden = "the stored credentials hide it"
const hiddenFromSome = `${hidden}, but Java and Rust use it instead of them`

/** In the order in which botocore looks for credentials (`create_credential_resolver`). */
export const shadowCases: Readonly<Record<string, ShadowCase>> = {
  "nothing else": { said: [], used: ours },
  "a key in the environment": { env: envKey, said: [keyInEnv], used: "key ENV, token " },
  "a key in the environment, and --profile": { env: envKey, named: true, said: [keyInEnv], used: ours },
  "another AWS_PROFILE": {
    env: { AWS_PROFILE: "q" },
    said: ["AWS_PROFILE is set to q: AWS tools use that profile, unless they are given --profile p"],
    used: "key OTHER, token ",
  },
  "another AWS_PROFILE, and --profile": {
    env: { AWS_PROFILE: "q" },
    named: true,
    said: ["AWS_PROFILE is set to q: AWS tools use that profile, unless they are given --profile p"],
    used: ours,
  },
  "another AWS_DEFAULT_PROFILE, which counts for boto3": {
    env: { AWS_PROFILE: "p", AWS_DEFAULT_PROFILE: "q" },
    said: ["AWS_DEFAULT_PROFILE is set to q: boto3 uses that profile, unless they are given --profile p"],
    used: ours,
  },
  role_arn: {
    config: `${role}source_profile = q\n`,
    said: [`role_arn ${inConfig}: AWS tools assume that role instead of using these credentials`],
    used: callsAws,
  },
  "role_arn in the credentials file": {
    credentials: `${role}source_profile = q\n`,
    said: [
      "role_arn in [p] of ~/.aws/credentials: AWS tools assume that role instead of using these credentials",
    ],
    used: callsAws,
  },
  "web identity of the profile": {
    config: `${role}web_identity_token_file = /etc/os-release\n`,
    said: [
      `web_identity_token_file ${inConfig}: AWS tools use that web identity instead of these credentials`,
    ],
    used: callsAws,
  },
  "web identity of the environment": {
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/etc/os-release", AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/x" },
    said: [
      "AWS_WEB_IDENTITY_TOKEN_FILE is set in the environment: AWS tools use that web identity instead of this profile, unless they are given --profile",
    ],
    used: callsAws,
  },
  "a role in the environment alone": { env: { AWS_ROLE_ARN: "arn:aws:iam::1:role/x" }, said: [], used: ours },
  "IAM Identity Center": {
    config:
      "sso_start_url = https://x.awsapps.com/start\nsso_region = eu-central-1\nsso_account_id = 1\nsso_role_name = r\n",
    said: [
      `sso_account_id ${inConfig}: the AWS CLI, Java and Rust use IAM Identity Center instead of these credentials`,
    ],
    used: /Error loading SSO Token/,
    usedByGo: ours,
    usedByJava: /the 'sso' service module must be on the class path/,
  },
  "IAM Identity Center for other things": {
    config: "sso_session = s\n",
    said: [noAccount("sso_session"), noSession],
    used: ours,
    usedByGo: /failed to find SSO session section, s/,
    usedByJava: noAccountInJava,
  },
  "credential_source without a role": {
    config: "credential_source = Environment\n",
    said: [
      `credential_source ${inConfig}: it is left over without a role_arn, and Go and Terraform refuse the profile`,
    ],
    used: ours,
    usedByGo: /credential_source requires role_arn/,
  },
  "source_profile without a role": {
    config: "source_profile = q\n",
    said: [
      `source_profile ${inConfig}: it is left over without a role_arn, and Go and Terraform refuse the profile`,
    ],
    used: ours,
    usedByGo: /source_profile requires role_arn/,
  },
  "IAM Identity Center for other things, whose section is there": {
    config:
      "sso_session = s\n[sso-session s]\nsso_region = eu-central-1\nsso_start_url = https://x.awsapps.com/start\n",
    said: [noAccount("sso_session")],
    used: ours,
    usedByJava: noAccountInJava,
  },
  "the address of IAM Identity Center": {
    config: "sso_start_url = https://x.awsapps.com/start\n",
    said: [noAccount("sso_start_url")],
    used: ours,
    usedByJava: noAccountInJava,
  },
  "the region of IAM Identity Center": {
    config: "sso_region = eu-central-1\n",
    said: [noAccount("sso_region")],
    used: ours,
    usedByJava: noAccountInJava,
  },
  "a comment in an indented block": {
    config: "s3 =\n  max_queue_size = 9\n  # as measured\n  max_concurrent_requests = 9\n",
    said: [],
    used: ours,
    usedByJava: /Expected an '=' sign/,
  },
  "an old token in the credentials file, which is removed": {
    credentials: "aws_security_token = old-token\n",
    said: [],
    used: ours,
  },
  "an old token in the config file": { config: "aws_security_token = old-token\n", said: [], used: ours },
  "an empty role_arn": {
    config: "role_arn =\n",
    said: [`role_arn ${inConfig}: AWS tools assume that role instead of using these credentials`],
    used: /Partial credentials found in assume-role/,
    usedByGo: ours,
    usedByJava: ours,
  },
  "an empty AWS_PROFILE": {
    env: { AWS_PROFILE: "" },
    said: ["AWS_PROFILE is set to nothing: AWS tools use that profile, unless they are given --profile p"],
    used: /The config profile \(\) could not be found/,
    usedByGo: /no EC2 IMDS role found/,
  },
  login_session: {
    config: "login_session = arn:x\n",
    said: [`login_session ${inConfig}: ${hiddenFromSome}`],
    used: ours,
    usedByJava: /the 'signin' service module must be on the class path/,
  },
  credential_process: {
    config: "credential_process = /bin/echo {}\n",
    said: [`credential_process ${inConfig}: ${hiddenFromSome}`],
    used: ours,
    usedByJava: /Failed to refresh process-based credentials/,
  },
  "a second section of the profile with a role, which the AWS CLI ignores": {
    config: `[other]\n[profile "p"]\n${role}source_profile = q\n[profile p]x]\n[profile  p]\nregion = eu-central-1\n`,
    said: [
      "~/.aws/config line 4 opens profile [p], too: the AWS CLI ignores its role_arn, other AWS tools may use it",
    ],
    used: ours,
  },
  "a comment with brackets behind a header with a role": {
    config: `[profile p] # see [1]\n${role}source_profile = q\n`,
    said: [
      "~/.aws/config line 4 opens profile [p], too: the AWS CLI ignores its role_arn, other AWS tools may use it",
    ],
    used: ours,
    usedByGo: callsAws,
    usedByJava: callsAws,
  },
  "a comment with brackets behind a later header with a key": {
    credentials: "[p] ; old [2]\naws_access_key_id = OLD\naws_secret_access_key = o\n",
    said: [
      "~/.aws/credentials line 7 opens profile [p], too: the AWS CLI ignores its aws_access_key_id, other AWS tools may use it",
    ],
    used: ours,
    usedByGo: "key OLD, token stored-token",
    usedByJava: "key OLD, token stored-token",
  },
  "blanks in a later header with a key": {
    credentials: "[ p ]\naws_access_key_id = OLD\naws_secret_access_key = o\n",
    said: [
      "~/.aws/credentials line 7 opens profile [p], too: the AWS CLI ignores its aws_access_key_id, other AWS tools may use it",
    ],
    used: ours,
    usedByGo: "key OLD, token stored-token",
    usedByJava: "key OLD, token stored-token",
  },
  "blanks in a header with a role": {
    config: `[ profile p ]\n${role}source_profile = q\n`,
    said: [
      "~/.aws/config line 4 opens profile [p], too: the AWS CLI ignores its role_arn, other AWS tools may use it",
    ],
    used: ours,
    usedByGo: callsAws,
    usedByJava: callsAws,
  },
  "the profile's name without the word profile in the config file": {
    config: `[p]\n${role}source_profile = q\n`,
    said: [],
    used: ours,
  },
  "requests of the profile that do not go to AWS": {
    config: "endpoint_url = http://127.0.0.1:9\n",
    said: [`endpoint_url ${inConfig}: AWS tools send all requests there instead of to AWS`],
    used: ours,
  },
  "requests of the profile that do not go to AWS, in the credentials file": {
    credentials: "endpoint_url = http://127.0.0.1:9\n",
    said: ["endpoint_url in [p] of ~/.aws/credentials: AWS tools send all requests there instead of to AWS"],
    used: ours,
  },
  "requests to one service that do not go to AWS": {
    config: "services = local\n[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:9\n",
    said: [
      `services ${inConfig}: AWS tools send their requests to some services elsewhere instead of to AWS`,
    ],
    used: ours,
  },
  "services without an endpoint": {
    config: "services = local\n[services local]\ns3 =\n  addressing_style = path\n",
    said: [],
    used: ours,
  },
  "an endpoint that the profile ignores": {
    config: "endpoint_url = http://127.0.0.1:9\nignore_configured_endpoint_urls = True\n",
    said: [],
    used: ours,
  },
  "requests of the environment that do not go to AWS": {
    env: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    said: ["AWS_ENDPOINT_URL is set in the environment: AWS tools send all requests there instead of to AWS"],
    used: ours,
  },
  "requests of the environment to one service": {
    env: { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9", AWS_ENDPOINT_URL_EC2: "" },
    said: [
      "AWS_ENDPOINT_URL_S3 is set in the environment: AWS tools send their requests to that service there instead of to AWS",
    ],
    used: ours,
  },
  "a key of the older name in the environment, which Go reads": {
    env: { AWS_ACCESS_KEY: "ENV", AWS_SECRET_KEY: "e" },
    said: [
      "AWS_ACCESS_KEY is set in the environment: Go and Terraform use that key instead of this profile, unless they are given the profile",
    ],
    used: ours,
    usedByGo: "key ENV, token ",
  },
  "another AWS_PROFILE, by a blank": {
    env: { AWS_PROFILE: " p" },
    said: ["AWS_PROFILE is set to ' p': AWS tools use that profile, unless they are given --profile p"],
    used: /The config profile \( p\) could not be found/,
    usedByGo: /failed to get shared config profile/,
  },
  "an endpoint that the environment ignores": {
    env: { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    said: [],
    used: ours,
  },
  "a key in the config file": {
    config: "aws_access_key_id = CONFIG\naws_secret_access_key = c\n",
    said: [`aws_access_key_id ${inConfig}: ${hidden}`],
    used: ours,
  },
}

/** Writes the files of the case into a home folder, and stores credentials in the profile. */
export async function storedIn(
  home: string,
  { config = "", credentials = "" }: ShadowCase,
): Promise<AwsFilePaths> {
  const paths = { credentials: `${home}/.aws/credentials`, config: `${home}/.aws/config`, home }
  mkdirSync(`${home}/.aws`, { recursive: true })
  writeFileSync(
    paths.config,
    `[profile p]\nregion = eu-central-1\n${config}[profile q]\nregion = eu-central-1\n`,
  )
  writeFileSync(
    paths.credentials,
    `[p]\n${credentials}[q]\naws_access_key_id = OTHER\naws_secret_access_key = o\n`,
  )
  const write = { profile: "p", session, region: "eu-central-1", regionAsked: false }
  await storeProfiles(paths, [write], { overwrite: false })
  return paths
}
