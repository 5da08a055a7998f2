import { describe, expect, it } from "vitest"
import type { Options } from "../../../src/options/options.ts"
import { optionsInHome, type TestSources } from "../../support/read-options.ts"

const { read } = optionsInHome()

interface Row {
  readonly setting: keyof Options
  readonly flag?: string
  readonly variables?: readonly string[]
  readonly key?: string
  /** As written for option, environment, `--env-file`, `[profile x]` and `[default]`. */
  readonly texts: readonly [string, string, string, string, string]
  /** The value of each, then the default. */
  readonly values: readonly [unknown, unknown, unknown, unknown, unknown, unknown]
}

const five = ["a", "b", "c", "d", "e"] as const
const names = ["adm\\a", "adm\\b", "adm\\c", "adm\\d", "adm\\e"] as const
const regions = ["eu-north-1", "eu-west-1", "eu-west-2", "eu-south-1", "us-east-1"] as const
const addresses = ["https://a/", "https://b/", "https://c/", "https://d/", "https://e/"] as const
const visma = "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"
const op = (of: { account?: string; item?: string }) => ({ account: "visma", item: "Federation ADM", ...of })

const table: Row[] = [
  // The name in [default] is the last one that was typed: it is offered, not decided.
  {
    setting: "username",
    flag: "--username",
    variables: ["PUM_USERNAME"],
    key: "username",
    texts: names,
    values: [...names.slice(0, 4), undefined, undefined] as never,
  },
  {
    setting: "profile",
    flag: "--profile",
    variables: ["PUM_PROFILE"],
    texts: five,
    values: ["a", "b", "c", "default", "default", "default"],
  },
  {
    setting: "account",
    flag: "--account",
    variables: ["PUM_ACCOUNT"],
    key: "account",
    texts: five,
    values: [...five, undefined],
  },
  {
    setting: "role",
    flag: "--role",
    variables: ["PUM_ROLE"],
    key: "role",
    texts: five,
    values: [...five, undefined],
  },
  {
    setting: "region",
    flag: "--region",
    variables: ["PUM_REGION"],
    key: "region",
    texts: regions,
    values: [...regions, undefined],
  },
  {
    setting: "duration",
    flag: "--duration",
    variables: ["PUM_DURATION"],
    key: "duration",
    texts: ["5", "90m", "2", "3h", "1h30m"],
    values: [18_000, 5400, 7200, 10_800, 5400, 3600],
  },
  {
    setting: "retry",
    variables: ["PUM_RETRY"],
    key: "retry",
    texts: ["", "yes", "off", "On", "1"],
    values: [undefined, true, false, true, true, false],
  },
  {
    setting: "passwordCommand",
    flag: "--password-command",
    variables: ["PUM_PASSWORD_COMMAND"],
    key: "password_command",
    texts: five,
    values: [...five, undefined],
  },
  {
    setting: "otpCommand",
    flag: "--otp-command",
    variables: ["PUM_OTP_COMMAND"],
    key: "otp_command",
    texts: five,
    values: [...five, undefined],
  },
  {
    setting: "onePassword",
    flag: "--op-account",
    variables: ["PUM_OP_ACCOUNT"],
    key: "op_account",
    texts: five,
    values: [...five.map(account => op({ account })), op({})] as never,
  },
  {
    setting: "onePassword",
    flag: "--op-item",
    variables: ["PUM_OP_ITEM", "PUM_OP_ITEM_NAME"],
    key: "op_item",
    texts: five,
    values: [...five.map(item => op({ item })), op({})] as never,
  },
  {
    setting: "onePassword",
    variables: ["PUM_NO_OP"],
    key: "no_op",
    texts: ["", "true", "false", "1", "yes"],
    values: [undefined, undefined, op({}), undefined, undefined, op({})],
  },
  {
    setting: "idpUrl",
    flag: "--idp-url",
    variables: ["PUM_IDP_URL"],
    key: "idp_url",
    texts: addresses,
    values: [...addresses, visma].map(address => new URL(address)) as never,
  },
  {
    setting: "idpOrigins",
    key: "idp_origins",
    texts: ["", "", "", "https://a https://b:443", "https://c,\n  http://localhost:8080/"],
    values: [0, 0, 0, ["https://a", "https://b"], ["https://c", "http://localhost:8080"], []],
  },
  {
    setting: "caBundle",
    flag: "--ca-bundle",
    variables: ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"],
    key: "ca_bundle",
    texts: ["a.pem", "/b.pem", "c.pem", "/d.pem", "/e.pem"],
    values: ["a.pem", "/b.pem", "c.pem", "/d.pem", "/e.pem", undefined],
  },
  {
    setting: "accountNames",
    key: "account_names",
    texts: ["", "", "", "no", "off"],
    values: [0, 0, 0, false, false, true],
  },
]

/** One line for each source of each setting: every weaker source says something else. */
const cases = table.flatMap(({ setting, flag, variables = [], key, texts, values }) => {
  const [option, environment, envFile, profile, defaults] = texts
  const config = {
    default: key === undefined ? "" : `[default]\n${key} = ${defaults}\n`,
    profile: key === undefined ? "" : `[profile x]\n${key} = ${profile}\n`,
  }
  const ofProfile = setting === "profile" ? [] : ["-p", "x"]
  const [variable = ""] = variables
  const whole = config.default + config.profile
  const inFile = variable === "" ? {} : { envFile: `${variable}=${envFile}\n` }
  const rows: [string, TestSources, unknown][] = [["default", { argv: ofProfile }, values[5]]]
  if (key !== undefined) {
    rows.push(["[default]", { argv: ofProfile, config: config.default }, values[4]])
    rows.push(["[profile x]", { argv: ofProfile, config: whole }, values[3]])
    rows.push(["another profile's section", { argv: ["-p", "y"], config: config.profile }, values[5]])
  }
  if (variable !== "") rows.push(["--env-file", { argv: ofProfile, config: whole, ...inFile }, values[2]])
  for (const one of variables) {
    const sources = { argv: ofProfile, config: whole, env: { [one]: environment } }
    rows.push([one, one === variable ? { ...sources, ...inFile } : sources, values[1]])
  }
  if (flag !== undefined) {
    const argv = [...ofProfile, flag, option]
    rows.push(["option", { argv, config: whole, ...inFile, env: { [variable]: environment } }, values[0]])
  }
  return rows.map(([source, sources, expected]) => ({ setting, key, source, sources, expected }))
})

describe("precedence", () => {
  it.each(cases)("$setting ($key) from $source", ({ setting, sources, expected }) => {
    expect(read(sources)[setting]).toEqual(expected)
  })

  it.each([
    ["-R", "retry", true],
    ["--retry", "retry", true],
    ["-o", "onePassword", undefined],
    ["--no-op", "onePassword", undefined],
  ] as const)("%s wins over environment and file", (flag, setting, expected) => {
    const env = { PUM_RETRY: "no", PUM_NO_OP: "no" }
    expect(read({ argv: [flag], env, config: "[default]\nretry = no\nno_op = no\n" })[setting]).toBe(expected)
  })

  it("prefers PUM_OP_ITEM to its alias, and PUM_CA_BUNDLE to AWS_CA_BUNDLE", () => {
    const env = { PUM_OP_ITEM_NAME: "old", PUM_OP_ITEM: "new", AWS_CA_BUNDLE: "aws", PUM_CA_BUNDLE: "pum" }
    expect(read({ env })).toMatchObject({ onePassword: op({ item: "new" }), caBundle: "pum" })
  })

  it("takes an empty variable for none, and an empty key for none", () => {
    const config = "[profile x]\nrole =\n[default]\nrole = Admin\n"
    expect(read({ argv: ["-p", "x"], env: { PUM_ROLE: "" }, config }).role).toBe("Admin")
  })

  it("lets an empty variable of the environment hide the line of --env-file", () => {
    expect(read({ env: { PUM_ROLE: "" }, envFile: "PUM_ROLE=Admin\n" }).role).toBeUndefined()
  })
})
