import { describe, expect, it } from "vitest"
import { editIni } from "../../../src/ini/edit-ini.ts"
import { readIni } from "../../../src/ini/read-ini.ts"
import { onDemandChanges, refuseOtherSources } from "../../../src/profiles/on-demand-changes.ts"

const line = "/usr/bin/node /usr/bin/pum-aws --profile prod --credential-process"

const documentsOf = (credentials: string, config: string) => ({
  credentials: readIni(credentials, "~/.aws/credentials"),
  config: readIni(config, "~/.aws/config"),
})

/** Both files after the set-up. */
function setUp(credentials: string, config: string, regionAsked = false) {
  const documents = documentsOf(credentials, config)
  const changes = onDemandChanges(documents, [{ profile: "prod", line, region: "eu-north-1", regionAsked }])
  return {
    credentials: editIni(documents.credentials, changes.credentials),
    config: editIni(documents.config, changes.config),
  }
}

const complete = `[profile prod]\nregion = eu-north-1\noutput = json\ncredential_process = ${line}\n`

describe("the files of a profile that is set up on demand", () => {
  it("get a section in the config file, and nothing in the credentials file", () => {
    expect(setUp("", "")).toEqual({ credentials: "", config: complete })
  })

  it("stay as they are, byte for byte, the second time", () => {
    const config = `[profile prod]\ncredential_process=${line}\r\nregion=eu-west-1\r\noutput=text\r\n# mine\r\n`
    expect(setUp("[prod]\n# nothing\n", config)).toEqual({ credentials: "[prod]\n# nothing\n", config })
  })

  it("lose the keys of a session, which would win over the line, and nothing else", () => {
    const before = [
      "# mine",
      "[other]",
      "aws_access_key_id = AKIAOTHER",
      "[prod]",
      "aws_access_key_id = ASIA",
      "aws_secret_access_key = s",
      "; mine, too",
      "aws_session_token = t",
      "aws_security_token = t",
      "x_principal_arn = arn:aws:sts::095344953043:assumed-role/R/a",
      "x_security_token_expires = 2026-01-02T03:04:05Z",
      "x_pum_session_policy = read-only",
      "s3 =",
      "    max_queue_size = 1",
      "",
    ].join("\n")
    const after = [
      "# mine",
      "[other]",
      "aws_access_key_id = AKIAOTHER",
      "[prod]",
      "; mine, too",
      "s3 =",
      "    max_queue_size = 1",
      "",
    ].join("\n")
    expect(setUp(before, complete)).toEqual({ credentials: after, config: complete })
  })

  it("replace an older line of ours, and keep the region unless another was named", () => {
    const old =
      "[profile prod]\nregion = us-east-1\noutput = json\ncredential_process = pum-aws -p prod --credential-process\n"
    expect(setUp("", old).config).toBe(
      `[profile prod]\nregion = us-east-1\noutput = json\ncredential_process = ${line}\n`,
    )
    expect(setUp("", old, true).config).toBe(complete)
    const inCredentials = setUp("[prod]\nregion = us-east-1\n", "", true).credentials
    expect(inCredentials).toBe("[prod]\nregion = eu-north-1\n")
    expect(setUp("[prod]\nregion = us-east-1\n", "").credentials).toBe("[prod]\nregion = us-east-1\n")
  })
})

describe("a profile that gets its credentials from elsewhere is refused with the line", () => {
  it.each([
    ["config", "[profile prod]\nregion = a\nrole_arn = arn:aws:iam::1:role/R", 3, "role_arn"],
    ["config", "[profile prod]\nweb_identity_token_file = f", 2, "web_identity_token_file"],
    ["config", "[profile prod]\nsso_session = s", 2, "sso_session"],
    ["config", "[profile prod]\nsso_start_url = s", 2, "sso_start_url"],
    ["config", "[profile prod]\nsource_profile = other", 2, "source_profile"],
    ["config", "[profile prod]\ncredential_source = Environment", 2, "credential_source"],
    ["config", "[profile prod]\nlogin_session = s", 2, "login_session"],
    ["config", "[profile prod]\naws_access_key_id = AKIA", 2, "aws_access_key_id"],
    ["config", "[profile prod]\ncredential_process = aws-vault export prod", 2, "credential_process"],
    [
      "config",
      "[profile prod]\ncredential_process = pum-aws -p other --credential-process",
      2,
      "credential_process",
    ],
    ["config", "[DEFAULT]\nrole_arn = arn:aws:iam::1:role/R\n[profile prod]", 2, "role_arn"],
    ["credentials", "[prod]\nrole_arn = arn:aws:iam::1:role/R", 2, "role_arn"],
    [
      "credentials",
      "[prod]\ncredential_process = pum-aws -p prod --credential-process",
      2,
      "credential_process",
    ],
    ["credentials", "[DEFAULT]\naws_access_key_id = AKIA\n[prod]", 2, "aws_access_key_id"],
  ] as const)("%s: %s", (file, text, number, key) => {
    const documents = file === "config" ? documentsOf("", text) : documentsOf(text, "")
    expect(() => refuseOtherSources(documents, "prod")).toThrow(
      `cannot use ~/.aws/${file}: line ${number} has ${key}, so AWS tools get the credentials of this profile from elsewhere`,
    )
  })

  it("but not one with our line, with stored keys, or beside other profiles", () => {
    const credentials = "[prod]\naws_access_key_id = ASIA\n[other]\nrole_arn = arn:aws:iam::1:role/R\n"
    const config = `${complete}[profile chained]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = prod\n`
    expect(() => refuseOtherSources(documentsOf(credentials, config), "prod")).not.toThrow()
    expect(() =>
      refuseOtherSources(documentsOf("[DEFAULT]\naws_access_key_id = AKIA\n", ""), "prod"),
    ).not.toThrow()
  })
})
