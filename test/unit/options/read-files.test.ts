import { truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { optionsInHome, type TestSources } from "../../support/read-options.ts"

const { homePath, read } = optionsInHome()

describe("~/.pum-aws", () => {
  it("offers the user name of [default]", () => {
    expect(read({ config: "[default]\nusername = adm\\dev_aly\n" }).lastUsername).toBe("adm\\dev_aly")
  })

  it("may begin with a byte order mark, as editors of Windows write it", () => {
    expect(read({ config: "\ufeff[default]\r\nusername = adm\\dev_aly\r\n" }).lastUsername).toBe(
      "adm\\dev_aly",
    )
  })

  it.each(["utf16le", "no mark"])(
    "in UTF-16, as an old Notepad or PowerShell writes it, is refused: %s",
    kind => {
      const text = "[default]\r\nrole = Admin\r\n"
      const config = Buffer.from(kind === "no mark" ? text : `\ufeff${text}`, "utf16le")
      expect(() => read({ config })).toThrow(
        expect.objectContaining({
          code: "usage",
          message: "~/.pum-aws is not UTF-8 but UTF-16",
          hint: expect.stringContaining("Notepad"),
        }),
      )
    },
  )

  it("in a code page of Windows is refused where a setting is concerned; an alias is left out, a comment does no harm", () => {
    const inCodePage = (text: string) => read({ config: Buffer.from(text, "latin1") })
    expect(() => inCodePage("[default]\n[profile p]\nop_item = f\xf6r mig\n")).toThrow(
      expect.objectContaining({ code: "usage", message: "~/.pum-aws line 3: op_item is not UTF-8" }),
    )
    const { aliases, warnings, role } = inCodePage(
      "; f\xf6r mig\n[default]\nrole = Admin\n[account-mapping]\n095344953043 = F\xf6r\n039882259752 = Lost-Zero\n",
    )
    expect(role).toBe("Admin")
    expect([...aliases]).toEqual([["039882259752", "Lost-Zero"]])
    expect(warnings).toEqual(["~/.pum-aws line 5: ignored, it is not UTF-8"])
  })

  it("--env-file and --policy in UTF-16 are refused, too: a variable that is not found would have no effect", () => {
    const envFile = Buffer.from("\ufeffPUM_ROLE=Admin\r\n", "utf16le")
    expect(() => read({ envFile })).toThrow(/work\.env is not UTF-8 but UTF-16$/)
    expect(() => read({ envFile: Buffer.from("PUM_ROLE=F\xf6r\n", "latin1") })).toThrow(
      /PUM_ROLE is not UTF-8$/,
    )
    const policy = join(homePath(), "policy.json")
    writeFileSync(policy, Buffer.from('\ufeff{"Version":"2012-10-17"}', "utf16le"))
    expect(() => read({ argv: ["--policy", policy] })).toThrow(
      expect.objectContaining({
        message: `--policy: ${policy} is not UTF-8 but UTF-16`,
        hint: expect.stringContaining("Set-Content -Encoding utf8"),
      }),
    )
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

  it("names a few of many lines that are no mapping", () => {
    const lines = Array.from({ length: 100 }, (_, number) => `${number} = x\n`)
    const { warnings } = read({ config: `[account-mapping]\n${lines.join("")}` })
    expect(warnings.slice(4)).toEqual([
      "~/.pum-aws line 6: ignored, it is not '<account id of 12 digits> = <alias>'",
      "95 more like these are not shown",
    ])
  })

  it("is not read if it is larger than settings can be", () => {
    const path = join(homePath(), "large")
    writeFileSync(path, "")
    truncateSync(path, 5_000_001)
    expect(() => read({ env: { PUM_CONFIG: path } })).toThrow(`cannot use ${path}: the file is too large`)
  })

  it("moves with PUM_CONFIG, in the environment and in --env-file", () => {
    const elsewhere = join(homePath(), "elsewhere")
    writeFileSync(elsewhere, "[default]\nrole = Elsewhere\n")
    const config = "[default]\nrole = Home\n"
    expect(read({ config, env: { PUM_CONFIG: elsewhere } }).role).toBe("Elsewhere")
    expect(read({ config, envFile: "PUM_CONFIG=~/elsewhere\n" })).toMatchObject({
      role: "Elsewhere",
      configFile: { path: elsewhere, shown: "~/elsewhere" },
    })
  })

  it("need not be there", () => {
    expect(read({ env: { PUM_CONFIG: join(homePath(), "nothing") } }).role).toBeUndefined()
  })

  it("means paths from where it is, and knows ~", () => {
    expect(read({ config: "[default]\nca_bundle = corp.pem\n" }).caBundle).toBe(join(homePath(), "corp.pem"))
    expect(read({ config: "[default]\nca_bundle = ~/certs/corp.pem\n" }).caBundle).toBe(
      join(homePath(), "certs/corp.pem"),
    )
    expect(read({ env: { PUM_CA_BUNDLE: "~/corp.pem" } }).caBundle).toBe(join(homePath(), "corp.pem"))
  })

  it("reads the names of profiles as ~/.aws/config writes them", () => {
    const config = '[profile "x"]\nrole = A\n[profile  y]   ; note\nrole = B\n'
    expect(read({ config, argv: ["-p", "x"] }).role).toBe("A")
    expect(read({ config, argv: ["-p", "y"] }).role).toBe("B")
  })
})

it("a variable that is probably misspelt is a warning: it has no effect", () => {
  const env = { PUM_PROFLIE: "x", PUM_AWS_SESSION: "a/b", PUM_OF_OTHERS: "x", PUM_ROLE: "Admin", PUMA: "" }
  // A user's own, for a command that gives the password.
  const own = { PUM_HOME: "x", PUM_TOKEN: "x", PUM_PASSWORD: "x" }
  expect(read({ env: { ...env, ...own } }).warnings).toEqual([
    "PUM_PROFLIE is not a variable of pum-aws: did you mean PUM_PROFILE?",
  ])
})

describe("what looks right in ~/.pum-aws", () => {
  const refuses = (config: string, message: string, hint: string) =>
    expect(() => read({ config })).toThrow(expect.objectContaining({ code: "usage", message, hint }))

  it.each([
    ["account = 585848786654 ; prod", "account: '585848786654 ; prod' is no account"],
    ["duration = 2h # short", "duration: '2h # short' is not a duration"],
    ["username = adm\\x # me", "username: 'adm\\x # me' is not a user name that ADFS accepts"],
    ["role = Admin\t#mine", "role: 'Admin\t#mine' cannot be the name of a role"],
  ])("a comment behind a value is a part of it: %s", (line, problem) => {
    refuses(
      `[profile x]\n${line}\n`,
      `~/.pum-aws line 2, ${problem}`,
      "a comment stands on a line of its own",
    )
  })

  it.each(["profiles prod", "Profile prod", "profile:prod", 'profiles "prod"'])(
    "is no section of a profile: [%s]",
    name => {
      const problem = `~/.pum-aws line 1: pum-aws has no section [${name}]`
      refuses(`[${name}]\nrole = x\n`, problem, "write [profile prod]")
    },
  )
})

describe("what is wrong in a file is named with its line", () => {
  const settingsList = expect.stringMatching(/^the settings are username, account, role, .*account_names$/)
  it.each([
    [
      { config: "[default]\nusername = a@b\nrol = Admin\n" },
      "usage",
      "~/.pum-aws line 3: 'rol' is not a setting",
      "did you mean role?",
    ],
    [
      { config: "[default]\nidpurl = https://a/adfs\n" },
      "usage",
      "~/.pum-aws line 2: 'idpurl' is not a setting",
      "it is written idp_url",
    ],
    [
      { config: "[profile x]\npassword-command = pass show a\n" },
      "usage",
      "~/.pum-aws line 2: 'password-command' is not a setting",
      "it is written password_command",
    ],
    [
      { config: "[default]\nuser = a@b\n" },
      "usage",
      "~/.pum-aws line 2: 'user' is not a setting",
      "did you mean username?",
    ],
    [
      { config: "[Default]\nrole = x\n" },
      "usage",
      "~/.pum-aws line 1: pum-aws has no section [Default]",
      "write [default]; for a profile, [profile Default]",
    ],
    [
      { config: "[account_mapping]\n585848786654 = x\n" },
      "usage",
      "~/.pum-aws line 1: pum-aws has no section [account_mapping]",
      "write [account-mapping]; for a profile, [profile account_mapping]",
    ],
    [
      { config: "[profile y]\nprofile = x\n" },
      "usage",
      "~/.pum-aws line 2: 'profile' is not a setting",
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
      "~/.pum-aws line 2, username: 'dev_aly' is not a user name that ADFS accepts",
      "write it as DOMAIN\\user or user@domain",
    ],
    [
      { config: "[default]\nidp_origins = https://a/adfs\n" },
      "usage",
      "~/.pum-aws line 2, idp_origins: 'https://a/adfs' is not an origin",
      "an origin looks like https://login.example.com",
    ],
    [
      { config: "[default]\nidp_origins = http://a\n" },
      "usage",
      "~/.pum-aws line 2, idp_origins: http://a is not https: others on the network could read the password",
      undefined,
    ],
    [
      { config: "[prod]\nrole = Admin\n" },
      "usage",
      "~/.pum-aws line 1: pum-aws has no section [prod]",
      "for a profile write [profile prod]; the others are [default] and [account-mapping]",
    ],
    [
      { config: "[DEFAULT]\nrole = Admin\n" },
      "usage",
      "~/.pum-aws line 2: pum-aws has no section [DEFAULT]",
      "write [default]",
    ],
    [
      { config: "[default]\nrole\n" },
      "usage",
      "cannot use ~/.pum-aws: line 2 is neither 'key = value' nor a [section]",
      "correct that line",
    ],
    [
      { envFile: "# mine\nPUM_ROL=Admin\n" },
      "usage",
      "HOME/work.env line 2, PUM_ROL is not a variable of pum-aws",
      "did you mean PUM_ROLE?",
    ],
    [
      { envFile: "PUM_SOMETHING_ELSE=x\n" },
      "usage",
      "HOME/work.env line 1, PUM_SOMETHING_ELSE is not a variable of pum-aws",
      expect.stringMatching(/^the variables are PUM_USERNAME, PUM_PROFILE, .*PUM_CONFIG$/),
    ],
    [
      { envFile: "PUM_REGION=mars" },
      "usage",
      "HOME/work.env line 1, PUM_REGION: 'mars' is not a region",
      "regions look like eu-north-1",
    ],
    [
      { argv: ["--env-file", "/nowhere/work.env"] },
      "usage",
      "cannot read /nowhere/work.env: there is no such file",
      undefined,
    ],
    [{ argv: ["--env-file", "/"] }, "usage", "cannot read /: is a folder", undefined],
    [{ env: { PUM_CONFIG: "/" } }, "file", "cannot read /: is a folder", undefined],
    [
      { argv: ["--password-stdin", "--password-command", "x"] },
      "usage",
      "--password-stdin and --password-command both give the password",
      "leave one of them out",
    ],
  ])("%j", (sources: TestSources, code, message, hint) => {
    let thrown: unknown
    try {
      read(sources)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code, hint })
    expect(String(thrown).replace(homePath(), "HOME")).toBe(`PumError: ${message}`)
  })
})
