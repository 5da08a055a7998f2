import { expect, it } from "vitest"
import { readIni } from "../../../src/ini/read-ini.ts"
import { mergedSections } from "../../../src/profiles/merged-sections.ts"

/** What is said of a config file with a second section that only other tools read as profile p. */
const saidOf = (lines: string) =>
  mergedSections(
    readIni(`[profile p]\nregion = r\n[profile p] # [2]\n${lines}`, "config"),
    "config",
    "p",
    "profile p",
  )

it.each([
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "sso_account_id",
  "sso_role_name",
  "sso_session",
  "sso_start_url",
  "sso_region",
  "login_session",
  "credential_process",
])("a second section of the profile is told if it holds %s", key => {
  expect(saidOf(`${key} = v\n`)).toEqual([
    `config line 3 opens profile [p], too: the AWS CLI ignores its ${key}, other AWS tools may use it`,
  ])
})

it("a second section of the profile default is told, which has no `profile` before its name", () => {
  const text = "[default]\nregion = r\n[default] # [2]\nrole_arn = v\n"
  expect(mergedSections(readIni(text, "config"), "config", "default", "default")).toEqual([
    "config line 3 opens profile [default], too: the AWS CLI ignores its role_arn, other AWS tools may use it",
  ])
})

it("a second section of the profile that decides nothing is not told", () => {
  expect(saidOf("region = r\naws_access_key_id = A\n")).toEqual([])
})

it.each([
  ["credentials", "[ p ]\n", "p", "aws_access_key_id"],
  ["config", "[ profile p ]\n", "profile p", "role_arn"],
] as const)("a header of the %s file with blanks in its brackets %j is told", (kind, header, chosen, key) => {
  const document = readIni(`[${chosen}]\nx = 1\n${header}${key} = v\n`, kind)
  expect(mergedSections(document, kind, "p", chosen)).toEqual([
    `${kind} line 3 opens profile [p], too: the AWS CLI ignores its ${key}, other AWS tools may use it`,
  ])
})
