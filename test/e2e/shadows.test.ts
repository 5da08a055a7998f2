import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AwsFilePaths } from "../../src/profiles/paths.ts"
import { shadowsOf } from "../../src/profiles/shadows.ts"
import { storeProfiles } from "../../src/profiles/store-profiles.ts"
import { runWithoutTerminal } from "../support/program.ts"

const session = {
  accessKeyId: "STORED",
  secretAccessKey: "stored-secret",
  sessionToken: "stored-token",
  principalArn: "arn:aws:sts::585848786654:assumed-role/Admin/dev_aly",
  expiration: new Date("2100-01-01T00:00:00Z"),
}
const ours = "key STORED, token stored-token"

interface Case {
  /** Lines of the profile in the config file, before storing. */
  readonly config?: string
  /** Lines of the profile in the credentials file, before storing. */
  readonly credentials?: string
  readonly env?: Record<string, string>
  /** Whether AWS tools are told the profile by `--profile` (else by the environment). */
  readonly named?: boolean
  readonly said: readonly string[]
  /** What the AWS CLI then does: the credentials it uses, or its refusal. */
  readonly used: string | RegExp
}

const inConfig = "in [profile p] of ~/.aws/config"
const envKey = { AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "e" }
const keyInEnv =
  "AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile"
const role = "role_arn = arn:aws:iam::123456789012:role/x\n"
/** The AWS CLI went to AWS for another role, where nobody is. */
const callsAws = /Could not connect|Failed to connect/
const hidden = "the stored credentials hide it"

/** In the order in which botocore looks (`create_credential_resolver`). */
const cases: Readonly<Record<string, Case>> = {
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
    said: [`sso_account_id ${inConfig}: the AWS CLI uses IAM Identity Center instead of these credentials`],
    used: /Error loading SSO Token/,
  },
  "IAM Identity Center for other things": { config: "sso_session = s\n", said: [], used: ours },
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
  },
  "an empty AWS_PROFILE": {
    env: { AWS_PROFILE: "" },
    said: ["AWS_PROFILE is set to nothing: AWS tools use that profile, unless they are given --profile p"],
    used: /The config profile \(\) could not be found/,
  },
  login_session: {
    config: "login_session = arn:x\n",
    said: [`login_session ${inConfig}: ${hidden}`],
    used: ours,
  },
  credential_process: {
    config: "credential_process = /bin/echo {}\n",
    said: [`credential_process ${inConfig}: ${hidden}`],
    used: ours,
  },
  "a key in the config file": {
    config: "aws_access_key_id = CONFIG\naws_secret_access_key = c\n",
    said: [`aws_access_key_id ${inConfig}: ${hidden}`],
    used: ours,
  },
}

/** What the real AWS CLI does in each of these homes: the credentials that it takes, or what it says. */
async function usedByAwsCli(
  runs: readonly { readonly home: string; readonly one: Case }[],
): Promise<string[]> {
  const input = runs.map(({ home, one: { env = {}, named = false } }) => ({
    args: [
      "configure",
      "export-credentials",
      "--format",
      "env-no-export",
      ...(named ? ["--profile", "p"] : []),
    ],
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      // Whatever it asks of AWS ends at a port where nobody is.
      HTTPS_PROXY: "http://127.0.0.1:9",
      AWS_MAX_ATTEMPTS: "1",
      AWS_EC2_METADATA_DISABLED: "true",
      ...(named ? {} : { AWS_PROFILE: "p" }),
      ...env,
    },
  }))
  const { stdout, stderr } = await runWithoutTerminal("/usr/bin/python3", {
    args: [join(import.meta.dirname, "shadows/aws_cli.py")],
    env: { PATH: "/usr/bin:/bin", HOME: "/nowhere" },
    stdin: JSON.stringify(input),
  })
  const answers: unknown = JSON.parse(stdout || "null")
  if (!Array.isArray(answers)) throw new Error(stderr)
  return answers.map(({ code, output }: { code: number; output: string }) => {
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(output)?.[1] ?? ""
    return code === 0 ? `key ${value("AWS_ACCESS_KEY_ID")}, token ${value("AWS_SESSION_TOKEN")}` : output
  })
}

/** A home with the case's files, after storing. */
async function storedIn(home: string, { config = "", credentials = "" }: Case): Promise<AwsFilePaths> {
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

describe("what is said of a stored profile is what the AWS CLI does", () => {
  const homes = mkdtempSync(join(tmpdir(), "pum-aws-shadows-"))
  const names = Object.keys(cases)
  const found = new Map<string, { readonly said: readonly string[]; readonly used: string | undefined }>()
  beforeAll(async () => {
    const runs = await Promise.all(
      Object.values(cases).map(async (one, index) => {
        const home = join(homes, String(index))
        return { home, one, said: shadowsOf(await storedIn(home, one), "p", one.env ?? {}) }
      }),
    )
    const used = await usedByAwsCli(runs)
    for (const [index, name] of names.entries())
      found.set(name, { said: runs[index]?.said ?? [], used: used[index] })
  })
  afterAll(() => rmSync(homes, { recursive: true, force: true }))

  it.each(names)("%s", name => {
    const { said, used } = cases[name] as Case
    expect(found.get(name)?.said).toEqual(said)
    if (typeof used === "string") expect(found.get(name)?.used).toBe(used)
    else expect(found.get(name)?.used).toMatch(used)
  })
})
