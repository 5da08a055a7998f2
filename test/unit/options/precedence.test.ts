import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { type Options, readOptions } from "../../../src/options/options.ts"

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pum-aws-options-"))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

interface Sources {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Lines of the file that --env-file names. */
  readonly envFile?: string
  /** `~/.pum-aws` */
  readonly config?: string
}

function read({ argv = [], env = {}, envFile, config }: Sources): Options {
  if (config !== undefined) writeFileSync(join(home, ".pum-aws"), config)
  if (envFile !== undefined) writeFileSync(join(home, "work.env"), envFile)
  const fileOption = envFile === undefined ? [] : ["--env-file", join(home, "work.env")]
  const commandLine = readCommandLine([...argv, ...fileOption])
  if (commandLine.wants !== "run") throw new Error(commandLine.wants)
  return readOptions(commandLine, env, home)
}

interface Row {
  readonly setting: keyof Options
  readonly flag?: string
  readonly variables?: readonly string[]
  readonly key?: string
  /** As written for option, environment, `--env-file`, `[profile x]` and `[default]`. */
  readonly texts: readonly [string, string, string, string, string]
  /** What each of them means, then the default. */
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

/** One line per place of each setting: everything weaker than it says something else. */
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
  const rows: [string, Sources, unknown][] = [["default", { argv: ofProfile }, values[5]]]
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
  return rows.map(([place, sources, expected]) => ({ setting, key, place, sources, expected }))
})

describe("precedence", () => {
  it.each(cases)("$setting ($key) from $place", ({ setting, sources, expected }) => {
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

describe("~/.pum-aws", () => {
  it("offers the user name of [default]", () => {
    expect(read({ config: "[default]\nusername = adm\\dev_aly\n" }).lastUsername).toBe("adm\\dev_aly")
  })

  it.each(["dev_aly", ""])("does not offer a name that ADFS would not take: '%s'", name => {
    expect(read({ config: `[default]\nusername = ${name}\n` }).lastUsername).toBeUndefined()
  })

  it.each([
    ["use_account_aliases = true\n", { "095344953043": "Prod-VNIPBC" }],
    ["", { "095344953043": "Prod-VNIPBC" }],
    ["use_account_aliases = false\n", {}],
  ])("uses [account-mapping] unless it is switched off: %j", (line, expected) => {
    const config = `[default]\n${line}[account-mapping]\n095344953043 = Prod-VNIPBC\n`
    expect(Object.fromEntries(read({ config }).aliases)).toEqual(expected)
  })

  it("leaves out what is no mapping, and says where", () => {
    const { aliases, warnings } = read({
      config: "[account-mapping]\n39882259752 = Lost-Zero\n095344953043 = Prod\n112233445566 =\n",
    })
    expect([...aliases]).toEqual([["095344953043", "Prod"]])
    expect(warnings).toEqual(
      [2, 4].map(line => `~/.pum-aws line ${line}: ignored, it is not '<account id of 12 digits> = <alias>'`),
    )
  })

  it("moves with PUM_CONFIG, in the environment and in --env-file", () => {
    const elsewhere = join(home, "elsewhere")
    writeFileSync(elsewhere, "[default]\nrole = Elsewhere\n")
    const config = "[default]\nrole = Home\n"
    expect(read({ config, env: { PUM_CONFIG: elsewhere } }).role).toBe("Elsewhere")
    expect(read({ config, envFile: "PUM_CONFIG=~/elsewhere\n" })).toMatchObject({
      role: "Elsewhere",
      configFile: { path: elsewhere, shown: "~/elsewhere" },
    })
  })

  it("need not be there", () => {
    expect(read({ env: { PUM_CONFIG: join(home, "nothing") } }).role).toBeUndefined()
  })

  it("means paths from where it is, and knows ~", () => {
    expect(read({ config: "[default]\nca_bundle = corp.pem\n" }).caBundle).toBe(join(home, "corp.pem"))
    expect(read({ config: "[default]\nca_bundle = ~/certs/corp.pem\n" }).caBundle).toBe(
      join(home, "certs/corp.pem"),
    )
    expect(read({ env: { PUM_CA_BUNDLE: "~/corp.pem" } }).caBundle).toBe(join(home, "corp.pem"))
  })

  it("reads the names of profiles as ~/.aws/config writes them", () => {
    const config = '[profile "x"]\nrole = A\n[profile  y]   ; note\nrole = B\n'
    expect(read({ config, argv: ["-p", "x"] }).role).toBe("A")
    expect(read({ config, argv: ["-p", "y"] }).role).toBe("B")
  })
})

describe("--profiles", () => {
  const nothing = { account: undefined, role: undefined, region: undefined, duration: 3600, byName: true }
  const config = [
    "[default]",
    "role = Default",
    "region = eu-west-1",
    "[profile a]",
    "account = Prod",
    "duration = 2h",
    "[profile b]",
    "region = eu-north-1",
    "username = adm\\b",
    "[profile c]",
    "role = Admin",
    "",
  ].join("\n")

  it("gives each profile what its entry says, then [default]; a role's name only where the entry is about roles", () => {
    const { several, username } = read({ argv: ["-m", "a, b,c,d"], config })
    expect(several).toEqual([
      { profile: "a", account: "Prod", role: "Default", region: "eu-west-1", duration: 7200, byName: false },
      { ...nothing, profile: "b", region: "eu-north-1" },
      { ...nothing, profile: "c", role: "Admin", region: "eu-west-1", byName: false },
      { ...nothing, profile: "d", region: "eu-west-1" },
    ])
    expect(username).toBe("adm\\b")
  })

  it("lets options decide for all of them", () => {
    const argv = ["-m", "a,d", "--account", "X", "--role", "Y", "-r", "us-east-1", "-d", "3"]
    const all = { account: "X", role: "Y", region: "us-east-1", duration: 10_800 }
    expect(read({ argv, config }).several).toEqual([
      { profile: "a", ...all, byName: false },
      { profile: "d", ...all, byName: true },
    ])
  })

  it("keeps every entry for --all, which no entry decides about", () => {
    const { several, entries, username } = read({ argv: ["--all"], config })
    expect([several, [...entries.keys()], username]).toEqual(["all", ["a", "b", "c"], undefined])
  })

  it.each([
    ["[profile a]\nidp_url = https://a/\n[profile b]\nidp_url = https://b/\n", "a and b differ in idp_url"],
    ["[profile b]\nidp_url = https://b/\n", "a and b differ in idp_url"],
    ["[default]\nretry = no\n[profile b]\nretry = yes\n", "a and b differ in retry"],
    ["[profile a]\nusername = a@b\n[profile b]\nusername = c@d\n", "a and b differ in username"],
  ])("refuses entries of two sign-ins: %j", (text, message) => {
    expect(() => read({ argv: ["-m", "a,b"], config: text })).toThrow(
      expect.objectContaining({ code: "usage", message: `${message}, and one sign-in serves both` }),
    )
  })

  it.each([
    "[profile a]\nidp_url = https://a/\n[profile b]\nidp_url = https://a/\n",
    "[default]\nidp_url = https://a/\n[profile b]\nidp_url = https://a/\n",
  ])("takes the one sign-in that all entries mean: %j", text => {
    expect(read({ argv: ["-m", "a,b"], config: text }).idpUrl.href).toBe("https://a/")
  })
})

describe("what is wrong in a file is named with its line", () => {
  const settingsList = expect.stringMatching(/^settings are username, account, role, .*account_names$/)
  it.each([
    [
      { config: "[default]\nusername = a@b\nrol = Admin\n" },
      "usage",
      "~/.pum-aws line 3: 'rol' is no setting",
      settingsList,
    ],
    [
      { config: "[profile y]\nprofile = x\n" },
      "usage",
      "~/.pum-aws line 2: 'profile' is no setting",
      settingsList,
    ],
    [
      { config: "[default]\nretry = perhaps\n" },
      "usage",
      "~/.pum-aws line 2, retry: 'perhaps' is neither yes nor no",
      "write true or false",
    ],
    [
      { config: "[profile other]\n; mine\nduration = 13\n" },
      "usage",
      "~/.pum-aws line 3, duration: a duration of 13 is out of range",
      "AWS allows 15m to 12h",
    ],
    [
      { config: "[profile other]\nusername = dev_aly\n" },
      "usage",
      "~/.pum-aws line 2, username: 'dev_aly' is no user name for ADFS",
      "write it as DOMAIN\\user or user@domain",
    ],
    [
      { config: "[default]\nidp_origins = https://a/adfs\n" },
      "usage",
      "~/.pum-aws line 2, idp_origins: 'https://a/adfs' is no origin",
      "an origin looks like https://login.example.com",
    ],
    [
      { config: "[default]\nidp_origins = http://a\n" },
      "usage",
      "~/.pum-aws line 2, idp_origins: http://a is not https: the password would be readable on its way",
      undefined,
    ],
    [
      { config: "[prod]\nrole = Admin\n" },
      "usage",
      "~/.pum-aws line 1: [prod] is no section of pum-aws",
      "for a profile write [profile prod]; the others are [default] and [account-mapping]",
    ],
    [
      { config: "[DEFAULT]\nrole = Admin\n" },
      "usage",
      "~/.pum-aws line 2: [DEFAULT] is no section of pum-aws",
      "write [default]",
    ],
    [
      { config: "[default]\nrole\n" },
      "file",
      "cannot use ~/.pum-aws: line 2 is neither 'key = value' nor a [section]",
      "correct that line",
    ],
    [
      { envFile: "# mine\nPUM_ROL=Admin\n" },
      "usage",
      "HOME/work.env line 2, PUM_ROL is no variable of pum-aws",
      "pum-aws --help lists the options; each is a variable of that name",
    ],
    [
      { envFile: "PUM_REGION=mars" },
      "usage",
      "HOME/work.env line 1, PUM_REGION: 'mars' is no region",
      "regions look like eu-north-1",
    ],
    [
      { argv: ["--env-file", "/nowhere/work.env"] },
      "usage",
      "cannot read /nowhere/work.env: there is no such file",
      undefined,
    ],
    [{ env: { PUM_CONFIG: "/" } }, "file", "cannot read /: is a folder", undefined],
    [
      { argv: ["--password-stdin", "--password-command", "x"] },
      "usage",
      "--password-stdin and --password-command both give the password",
      "leave one of them out",
    ],
  ])("%j", (sources: Sources, code, message, hint) => {
    let thrown: unknown
    try {
      read(sources)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code, hint })
    expect(String(thrown).replace(home, "HOME")).toBe(`PumError: ${message}`)
  })
})
