import { symlinkSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { PumError } from "../../../src/errors.ts"
import { awsFilePaths, checkProfileName } from "../../../src/profiles/paths.ts"
import { readProfile } from "../../../src/profiles/read-profiles.ts"
import { shadowsOf } from "../../../src/profiles/shadows.ts"
import { newHome } from "../../support/aws-home.ts"

describe("where the files are", () => {
  it.each([
    [{}, "/home/aly/.aws/credentials", "/home/aly/.aws/config"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "/x/c", AWS_CONFIG_FILE: "/x/f" }, "/x/c", "/x/f"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "~/c", AWS_CONFIG_FILE: "~other/f" }, "/home/aly/c", "~other/f"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "", AWS_CONFIG_FILE: "~" }, "/home/aly/.aws/credentials", "/home/aly"],
    [
      { AWS_SHARED_CREDENTIALS_FILE: "$DIR/c", AWS_CONFIG_FILE: "$" + "{DIR}/$NONE", DIR: "/d" },
      "/d/c",
      "/d/$NONE",
    ],
  ])("%j", (env, credentials, config) => {
    expect(awsFilePaths(env, "/home/aly")).toEqual({ credentials, config, home: "/home/aly" })
  })
})

describe("names of profiles", () => {
  it.each(["default", "vadfs", "Prod-VNIPBC", "a.b_c-d@e/f+g", "2", "-x"])("%s is fine", name => {
    expect(() => checkProfileName(name)).not.toThrow()
  })

  it.each([
    "",
    "DEFAULT",
    "__proto__",
    "a]b",
    "a\nb",
    "a b",
    "a'b",
    "é",
    "a\u0000",
    "a#b",
    "a:b",
    "a\\b",
    "[a",
  ])("%j is refused", name => {
    expect(() => checkProfileName(name)).toThrow(expect.objectContaining({ code: "usage" }))
  })
})

const temporary = "[p]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n"

describe("what a profile holds", () => {
  const read = (credentials: string, config = "", profile = "p") => {
    const home = newHome({ ".aws/credentials": credentials, ".aws/config": config })
    return readProfile(home.paths, profile)
  }

  it("nothing where there are no files, and none are made", () => {
    const home = newHome()
    const nothing = { region: undefined, longTermKey: false, principalArn: undefined, expires: undefined }
    expect(readProfile(home.paths, "p")).toEqual(nothing)
    expect(() => home.leftovers()).toThrow()
  })

  it.each([
    ["the config file's region", "", "[profile p]\nregion = eu-north-1\n", "eu-north-1"],
    [
      "the credentials file's before that",
      "[p]\nregion = eu-west-1\n",
      "[profile p]\nregion = eu-north-1\n",
      "eu-west-1",
    ],
    ["the last section's of several", "", "[profile p]\nregion = a\n[profile 'p']\nregion = b\n", "b"],
    [
      "what [DEFAULT] leaks into the section",
      "",
      "[DEFAULT]\nregion = eu-north-1\n[profile p]\n",
      "eu-north-1",
    ],
    ["nothing of [DEFAULT] without the section", "", "[DEFAULT]\nregion = eu-north-1\n", undefined],
    ["no empty region", "", "[profile p]\nregion =\n", undefined],
    ["no other profile's", "[q]\nregion = a\n", "[p]\nregion = b\n[default]\nregion = c\n", undefined],
  ])("region: %s", (_, credentials, config, region) => {
    expect(read(credentials, config).region).toBe(region)
  })

  it.each([
    ["an access key alone", "[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n", true],
    ["with an empty session token", "[p]\naws_access_key_id = AKIA\naws_session_token =\n", true],
    ["in capitals", "[p]\nAWS_ACCESS_KEY_ID: AKIA\n", true],
    ["not with a session token", temporary, false],
    ["not with a token under its old name", "[p]\naws_access_key_id = A\naws_security_token = t\n", false],
    ["not another profile's", "[q]\naws_access_key_id = AKIA\n[p]\n", false],
    [
      "not what [DEFAULT] leaks, which is never replaced",
      "[DEFAULT]\naws_access_key_id = AKIA\n[p]\n",
      false,
    ],
    ["not an empty key", "[p]\naws_access_key_id =\n", false],
  ])("long-term key: %s", (_, credentials, longTermKey) => {
    expect(read(credentials).longTermKey).toBe(longTermKey)
  })

  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02t03:04:05.678z", "2026-01-02T03:04:05.678Z"],
    ["2026-01-02 03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-13-02T03:04:05Z", undefined],
    ["2026-01-02T03:04:05", undefined],
    ["2026", undefined],
    ["soon", undefined],
    ["", undefined],
    ["NaN; drop table", undefined],
  ])("expiry %s", (text, expires) => {
    expect(read(`${temporary}x_security_token_expires = ${text}\n`).expires?.toISOString()).toBe(expires)
  })

  it("role and expiry only with the credentials they belong to", () => {
    const ours = "x_principal_arn = arn:x\nx_security_token_expires = 2026-01-02T03:04:05Z\n"
    expect(read(temporary + ours)).toMatchObject({ principalArn: "arn:x", expires: expect.any(Date) })
    const replaced = read(`[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n${ours}`)
    expect(replaced).toEqual({
      region: undefined,
      longTermKey: true,
      principalArn: undefined,
      expires: undefined,
    })
  })
})

describe("what would keep the credentials from being stored is said before the password is asked", () => {
  const message = (files: Record<string, string | Buffer>, asked?: string): unknown => {
    const home = newHome()
    for (const [name, content] of Object.entries(files)) home.write(`.aws/${name}`, content)
    try {
      readProfile(home.paths, "p", asked)
    } catch (error) {
      return error instanceof PumError && error.code === "file" ? error.message : error
    }
    return undefined
  }

  it.each([
    [
      "a malformed credentials file",
      { credentials: "[a]\n[a]\n" },
      "cannot use ~/.aws/credentials: line 2 opens [a] again, which line 1 did",
    ],
    [
      "a malformed config file",
      { config: "[default]\nx\n" },
      "cannot use ~/.aws/config: line 2 is neither 'key = value' nor a [section]",
    ],
    [
      "a byte order mark",
      { config: "\ufeff[default]\n" },
      "cannot use ~/.aws/config: line 1 begins with a byte order mark",
    ],
    [
      "bytes that are not UTF-8",
      { credentials: Buffer.from("[a]\r\n# ok\r\nx = \xe6\r\n", "latin1") },
      "cannot use ~/.aws/credentials: line 3 is not valid UTF-8",
    ],
    [
      "a token cut in the middle of a character",
      { credentials: Buffer.from("[a]\nx = \xc3", "latin1") },
      "cannot use ~/.aws/credentials: line 2 is not valid UTF-8",
    ],
    [
      "an indented line below a key of ours",
      { credentials: "[p]\naws_access_key_id = A\n  aws_secret_access_key = s\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of aws_access_key_id",
    ],
    [
      "one below the old token",
      { credentials: "[p]\naws_security_token = t\n x = 1\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of aws_security_token",
    ],
    [
      "one below the region",
      { config: "[profile p]\nregion = eu-north-1\n output = json\n" },
      "cannot use ~/.aws/config: line 3 is indented, so AWS tools read it as part of region",
    ],
    [
      "one below the region in credentials",
      { credentials: "[p]\nregion = eu-north-1\n\tx = 1\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of region",
    ],
    ["nothing wrong in another profile", { credentials: "[q]\naws_access_key_id = A\n  x = s\n" }, undefined],
    [
      "nothing wrong with a block that stays",
      { config: "[profile p]\ns3 =\n  a = 1\noutput =json\nregion= a\n" },
      undefined,
    ],
  ])("%s", (_, files, expected) => {
    expect(message(files)).toBe(expected)
  })

  it.each([
    [
      "is a folder",
      (home: ReturnType<typeof newHome>) => home.write(".aws/credentials/x", ""),
      "cannot use ~/.aws/credentials: is a folder",
    ],
    [
      "lies under a file",
      (home: ReturnType<typeof newHome>) => home.write(".aws", ""),
      "cannot read ~/.aws/credentials: a part of its path is a file, not a folder",
    ],
    [
      "is a circle of links",
      (home: ReturnType<typeof newHome>) => {
        home.write(".aws/x", "")
        symlinkSync("credentials", home.path(".aws/credentials"))
      },
      "cannot read ~/.aws/credentials: its symbolic links go round in circles",
    ],
    [
      "is a device",
      (home: ReturnType<typeof newHome>) => {
        home.write(".aws/x", "")
        symlinkSync("/dev/null", home.path(".aws/credentials"))
      },
      "cannot use ~/.aws/credentials: is no regular file",
    ],
    [
      "has a file in the place of its lock",
      (home: ReturnType<typeof newHome>) => home.write(".aws/credentials.lock", ""),
      "cannot lock ~/.aws/credentials: ~/.aws/credentials.lock is a file",
    ],
  ])("a credentials file that %s", (_, prepare, expected) => {
    const home = newHome()
    prepare(home)
    expect(() => readProfile(home.paths, "p")).toThrow(
      expect.objectContaining({ code: "file", message: expected }),
    )
  })

  it("something in the place of the config file's lock, if that file is to be changed", () => {
    const home = newHome({
      ".aws/config": "[profile p]\nregion = a\noutput = json\n",
      ".aws/config.lock/x": "",
    })
    expect(() => readProfile(home.paths, "p")).not.toThrow()
    expect(() => readProfile(home.paths, "q")).toThrow(
      expect.objectContaining({
        code: "file",
        message: "cannot lock ~/.aws/config: ~/.aws/config.lock is a folder that is not empty",
      }),
    )
  })

  it("a path outside the home folder is shown in full, a neighbour's too", () => {
    const home = newHome({ "x/c": "[a]\n[a]\n" })
    const paths = { ...home.paths, home: home.folder.slice(0, -1) }
    expect(() => readProfile({ ...paths, credentials: home.path("x/c") }, "p")).toThrow(
      `cannot use ${home.path("x/c")}: line 2`,
    )
    const bare = { credentials: home.path("x/c"), config: home.path("x/f") }
    expect(() => readProfile(bare, "p")).toThrow(`cannot use ${home.path("x/c")}: line 2`)
  })
})

describe("what keeps AWS tools from using the credentials", () => {
  const shadows = (config: string, credentials = "[p]\naws_access_key_id = A\n", env = {}) =>
    shadowsOf(newHome({ ".aws/credentials": credentials, ".aws/config": config }).paths, "p", env)

  it("nothing, mostly", () => {
    const env = { AWS_PROFILE: "p", AWS_DEFAULT_PROFILE: "p", AWS_ACCESS_KEY_ID: "" }
    expect(
      shadows(
        "[profile p]\nregion = a\nsso_session = s\nsso_start_url = s\naws_security_token = t\n[profile q]\nrole_arn = r\n",
        temporary,
        env,
      ),
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

  it("the key itself is not shown", () => {
    expect(shadows("", temporary, { AWS_ACCESS_KEY_ID: "AKIA" }).join()).not.toContain("AKIA")
  })

  const place = "in [profile p] of ~/.aws/config"
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
      "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n",
      `sso_account_id ${place}: the AWS CLI uses IAM Identity Center instead of these credentials`,
    ],
    [
      "sso_role_name = r\n",
      `sso_role_name ${place}: the AWS CLI uses IAM Identity Center instead of these credentials`,
    ],
    [
      "source_profile = q\n",
      `source_profile ${place}: it is left over without a role_arn, and Terraform refuses the profile`,
    ],
    ["login_session = arn\n", `login_session ${place}: the stored credentials hide it`],
    ["credential_process = pum-aws\n", `credential_process ${place}: the stored credentials hide it`],
    ["aws_access_key_id = A\n", `aws_access_key_id ${place}: the stored credentials hide it`],
  ])("config %j", (lines, sentence) => {
    expect(shadows(`[profile p]\n${lines}`)).toEqual([sentence])
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
