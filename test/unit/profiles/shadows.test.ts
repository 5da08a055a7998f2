import { describe, expect, it } from "vitest"
import { environmentShadows, fileShadows, shadowsOf, shadowsOfStored } from "../../../src/profiles/shadows.ts"
import { storeProfiles } from "../../../src/profiles/store-profiles.ts"
import { newHome, writeOf } from "../../support/aws-home.ts"

const temporary = "[p]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n"

describe("what keeps AWS tools from using the credentials", () => {
  const shadows = (config: string, credentials = "[p]\naws_access_key_id = A\n", env = {}) =>
    shadowsOf(newHome({ ".aws/credentials": credentials, ".aws/config": config }).paths, "p", env)

  it("nothing, mostly", () => {
    const env = { AWS_PROFILE: "p", AWS_DEFAULT_PROFILE: "p", AWS_ACCESS_KEY_ID: "" }
    expect(
      shadows("[profile p]\nregion = a\naws_security_token = t\n[profile q]\nrole_arn = r\n", temporary, env),
    ).toEqual([])
    expect(shadowsOf(newHome().paths, "p", {})).toEqual([])
  })

  it.each([
    [
      { AWS_ACCESS_KEY_ID: "AKIA" },
      "AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile",
    ],
    [
      { AWS_PROFILE: "q" },
      "AWS_PROFILE is set to q: AWS tools use that profile, unless they are given --profile p",
    ],
    [
      { AWS_DEFAULT_PROFILE: "q" },
      "AWS_DEFAULT_PROFILE is set to q: AWS tools use that profile, unless they are given --profile p",
    ],
    [
      { AWS_PROFILE: "p", AWS_DEFAULT_PROFILE: "q" },
      "AWS_DEFAULT_PROFILE is set to q: boto3 uses that profile, unless they are given --profile p",
    ],
    [
      { AWS_WEB_IDENTITY_TOKEN_FILE: "/t" },
      "AWS_WEB_IDENTITY_TOKEN_FILE is set in the environment: AWS tools use that web identity instead of this profile, unless they are given --profile",
    ],
  ])("environment %j", (env, sentence) => {
    expect(shadows("", temporary, env)).toEqual([sentence])
  })

  it.each([
    ["C:\\Users\\dev", "win32", 0],
    ["c:\\users\\dev\\", "win32", 0],
    ["H:\\", "win32", 1],
    ["/home/dev", "linux", 0],
  ] as const)("a HOME of %s on %s that is no USERPROFILE: %i warning", (HOME, platform, count) => {
    const env = { HOME, USERPROFILE: "C:\\Users\\dev" }
    const warnings = environmentShadows("p", env, platform)
    expect(warnings).toEqual(
      Array(count).fill(
        "HOME is H:\\, and USERPROFILE another folder: AWS tools in Rust, Java and JavaScript look for profiles in HOME, pum-aws and those in Python and Go in USERPROFILE",
      ),
    )
    const named = { ...env, AWS_SHARED_CREDENTIALS_FILE: "C:\\credentials" }
    expect(environmentShadows("p", named, platform)).toEqual([])
  })

  it("the key itself is not shown", () => {
    expect(shadows("", temporary, { AWS_ACCESS_KEY_ID: "AKIA" }).join()).not.toContain("AKIA")
  })

  const place = "in [profile p] of ~/.aws/config"
  const hidden = "the stored credentials hide it, but Java and Rust use it instead of them"
  const noAccount = "it is left over without an sso_account_id, and Java and Rust refuse the profile"
  it.each([
    ["role_arn = r\n", `role_arn ${place}: AWS tools assume that role instead of using these credentials`],
    [
      "role_arn = r\nsource_profile = q\n",
      `role_arn ${place}: AWS tools assume that role instead of using these credentials`,
    ],
    [
      "role_arn = r\nweb_identity_token_file = t\n",
      `web_identity_token_file ${place}: AWS tools use that web identity instead of these credentials`,
    ],
    [
      "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\n",
      `sso_account_id ${place}: the AWS CLI, Java and Rust use IAM Identity Center instead of these credentials`,
    ],
    [
      "sso_role_name = r\n",
      `sso_role_name ${place}: the AWS CLI, Java and Rust use IAM Identity Center instead of these credentials`,
    ],
    [
      "source_profile = q\n",
      `source_profile ${place}: it is left over without a role_arn, and Go and Terraform refuse the profile`,
    ],
    [
      "credential_source = Environment\n",
      `credential_source ${place}: it is left over without a role_arn, and Go and Terraform refuse the profile`,
    ],
    ["sso_session = s\n[sso-session s]\n", `sso_session ${place}: ${noAccount}`],
    ['sso_session = a b\n[sso-session "a b"]\n', `sso_session ${place}: ${noAccount}`],
    ["sso_session =\n", `sso_session ${place}: ${noAccount}`],
    ["sso_start_url = u\n", `sso_start_url ${place}: ${noAccount}`],
    ["sso_region = eu-central-1\n", `sso_region ${place}: ${noAccount}`],
    ["login_session = arn\n", `login_session ${place}: ${hidden}`],
    ["credential_process = pum-aws\n", `credential_process ${place}: ${hidden}`],
    ["aws_access_key_id = A\n", `aws_access_key_id ${place}: the stored credentials hide it`],
  ])("config %j", (lines, sentence) => {
    expect(shadows(`[profile p]\n${lines}`)).toEqual([sentence])
  })

  it.each(["", "[sso-session other]\n", "[sso-sessions]\n", "[profile s]\n"])(
    "an sso_session without a section of its name, which Go refuses, beside %j",
    section => {
      expect(shadows(`[profile p]\nsso_session = s\nsso_account_id = 1\n${section}`)).toEqual([
        `sso_account_id ${place}: the AWS CLI, Java and Rust use IAM Identity Center instead of these credentials`,
        `sso_session ${place}: the section that it names is missing, and Go and Terraform refuse the profile`,
      ])
    },
  )

  it("a comment in an indented block, which Java and Rust refuse the file for", async () => {
    const home = newHome({ ".aws/config": "[profile x]\ns3 =\n  a = 1\n  # b\n" })
    const before = await storeProfiles(home.paths, [writeOf("p")], { overwrite: false })
    expect(shadowsOfStored(before, "p")).toEqual([
      "~/.aws/config line 4 is a comment in an indented block: Java and Rust refuse the whole file",
    ])
  })

  it("the same in the credentials file, and what [DEFAULT] leaks", () => {
    expect(shadows("", "[p]\nrole_arn = r\n")).toEqual([
      "role_arn in [p] of ~/.aws/credentials: AWS tools assume that role instead of using these credentials",
    ])
    expect(shadows("", "[DEFAULT]\naws_security_token = t\n[p]\n")).toEqual([
      "aws_security_token in [p] of ~/.aws/credentials: AWS tools use that old token instead of the new one",
    ])
  })

  it("several at once, and no failure where a file cannot be read any more", () => {
    expect(
      shadows("[profile p]\nrole_arn = r\ncredential_process = c\n", temporary, { AWS_PROFILE: "q" }),
    ).toHaveLength(3)
    expect(shadows("[broken", temporary, { AWS_PROFILE: "q" })).toHaveLength(1)
  })
})

it("4,000 profiles are looked at within seconds of processor time", () => {
  const names = Array.from({ length: 4000 }, (_, at) => `p${at}`)
  const home = newHome({
    ".aws/credentials": names.map(name => `[${name}]\naws_access_key_id = a\n`).join(""),
    ".aws/config": names.map(name => `[profile ${name}]\nrole_arn = x\n`).join(""),
  })
  const began = process.cpuUsage()
  expect(fileShadows(home.paths, names)).toHaveLength(4000)
  // It was 10 s, when each profile was looked for in all sections.
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(3)
})
