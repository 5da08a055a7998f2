import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { readOptions } from "../../../src/options/options.ts"

function options(argv: string[], env: Record<string, string> = {}) {
  const commandLine = readCommandLine(argv)
  if (commandLine.wants !== "run") throw new Error(commandLine.wants)
  return readOptions(commandLine, env, "/nowhere")
}

describe("readOptions", () => {
  it("needs nothing", () => {
    expect(options([])).toEqual({
      mode: { kind: "profile" },
      username: undefined,
      lastUsername: undefined,
      profile: "default",
      profileNamed: false,
      account: undefined,
      role: undefined,
      region: undefined,
      duration: 3600,
      policy: undefined,
      save: false,
      retry: false,
      passwordStdin: false,
      plain: false,
      passwordCommand: undefined,
      otpCommand: undefined,
      onePassword: { account: "visma", item: "Federation ADM" },
      idpUrl: new URL(
        "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
      ),
      idpOrigins: [],
      caBundle: undefined,
      aliases: new Map(),
      accountNames: true,
      overwrite: false,
      force: false,
      ifNeeded: undefined,
      verbose: false,
      remember: undefined,
      confirm: false,
      stsEndpoint: undefined,
      settingsToSave: {},
      onePasswordNamed: false,
      several: undefined,
      entries: new Map(),
      configFile: { path: "/nowhere/.pum-aws", shown: "~/.pum-aws" },
      warnings: [],
    })
  })

  it.each([
    [["-u", "adm\\x"], {}, { username: "adm\\x" }],
    [["--username=x@y"], {}, { username: "x@y" }],
    [[], { PUM_USERNAME: "adm\\x" }, { username: "adm\\x" }],
    [["-u", "a@b"], { PUM_USERNAME: "adm\\x" }, { username: "a@b" }],
    [["-p", "vadfs"], {}, { profile: "vadfs", profileNamed: true }],
    [["--profile", "vadfs"], { PUM_PROFILE: "other" }, { profile: "vadfs", profileNamed: true }],
    [["-p", "default"], {}, { profile: "default", profileNamed: true }],
    [[], { PUM_PROFILE: "other" }, { profile: "other", profileNamed: true }],
    [[], { PUM_PROFILE: "" }, { profile: "default", profileNamed: false }],
    [["-a", "1"], { PUM_ACCOUNT: "2" }, { account: "1" }],
    [[], { PUM_ACCOUNT: "2" }, { account: "2" }],
    [["--role", "Admin"], { PUM_ROLE: "x" }, { role: "Admin" }],
    [[], { PUM_ROLE: "x" }, { role: "x" }],
    [["-r", "eu-north-1"], { PUM_REGION: "eu-west-1" }, { region: "eu-north-1" }],
    [[], { PUM_REGION: "eu-west-1" }, { region: "eu-west-1" }],
    [["-d", "2"], { PUM_DURATION: "3" }, { duration: 7200 }],
    [["-d", "5"], {}, { duration: 18_000 }],
    [[], { PUM_DURATION: "90m" }, { duration: 5400 }],
    [["--remember", "sign-in"], {}, { remember: "sign-in" }],
    [["--remember=Off"], {}, { remember: "off" }],
    [["-R"], {}, { retry: true }],
    [["--retry"], { PUM_RETRY: "no" }, { retry: true }],
    [[], { PUM_RETRY: "Yes" }, { retry: true }],
    [[], { PUM_RETRY: "0" }, { retry: false }],
    [["--password-stdin"], {}, { passwordStdin: true }],
    [
      ["--idp-url", "https://adfs.example.com/x"],
      { PUM_IDP_URL: "https://other/" },
      { idpUrl: new URL("https://adfs.example.com/x") },
    ],
    [[], { PUM_IDP_URL: "http://localhost:8080/" }, { idpUrl: new URL("http://localhost:8080/") }],
    [["--ca-bundle", "a.pem"], { PUM_CA_BUNDLE: "b", AWS_CA_BUNDLE: "c" }, { caBundle: "a.pem" }],
    [[], { PUM_CA_BUNDLE: "b", AWS_CA_BUNDLE: "c" }, { caBundle: "b" }],
    [[], { AWS_CA_BUNDLE: "c" }, { caBundle: "c" }],
    [["--overwrite", "-v"], {}, { overwrite: true, verbose: true }],
    [[], { AWS_ENDPOINT_URL_STS: "https://sts.example.com/" }, { stsEndpoint: "https://sts.example.com/" }],
    [[], { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:4566" }, { stsEndpoint: "http://127.0.0.1:4566/" }],
  ])("%j with %j", (argv, env, expected) => {
    expect(options(argv, env)).toMatchObject(expected)
  })

  it.each([
    [["--xyzzy"], {}, "unknown option '--xyzzy'", "pum-aws --help lists the options"],
    [["--rol", "x"], {}, "unknown option '--rol' (Did you mean --role?)", "pum-aws --help lists the options"],
    [["-u"], {}, "option '-u, --username <name>' argument missing", "pum-aws --help lists the options"],
    [
      ["vadfs"],
      {},
      "unexpected argument 'vadfs'",
      "to store in a profile of that name: pum-aws --profile vadfs",
    ],
    [
      ["-p", "vadfs", "aws", "s3", "ls"],
      {},
      "unexpected argument 'aws'",
      "to run a command: pum-aws -p vadfs -- aws s3 ls",
    ],
    [
      ["terraform", "plan"],
      {},
      "unexpected argument 'terraform'",
      "to run a command: pum-aws -- terraform plan",
    ],
    [["help"], {}, "unexpected argument 'help'", "it is an option: pum-aws --help"],
    [["version"], {}, "unexpected argument 'version'", "it is an option: pum-aws --version"],
    [["status"], {}, "unexpected argument 'status'", "it is an option: pum-aws --status"],
    [
      ["--status", "prod"],
      {},
      "unexpected argument 'prod'",
      "to name a profile: pum-aws --status --profile prod",
    ],
    [
      ["-u", "adm\\x", "--list", "prod"],
      {},
      "unexpected argument 'prod'",
      "to name a profile: pum-aws -u 'adm\\x' --list --profile prod",
    ],
    [["vadfs", "-p", "x"], {}, "unexpected argument 'vadfs'", "pum-aws --help lists the options"],
    [[""], {}, "unexpected argument ''", "pum-aws --help lists the options"],
    [["aws", "s3", "-v", "ls"], {}, "unexpected argument 'aws'", "pum-aws --help lists the options"],
    [["--all", "--json"], {}, "--json is for one profile, not for several", "name one with --profile"],
    [
      ["exec", "vadfs", "--", "aws"],
      {},
      "unexpected argument 'exec'",
      "only options may come before --; name a profile with --profile",
    ],
    [
      ["--export"],
      {},
      "option '--export <shell>' argument missing",
      "it takes bash, zsh, sh, fish, powershell, cmd, dotenv",
    ],
    [["--role"], {}, "option '--role <name>' argument missing", "pum-aws --help lists the options"],
    [
      ["-u", "dev_aly"],
      {},
      "--username: 'dev_aly' is not a user name that ADFS accepts",
      "write it as DOMAIN\\user or user@domain; a backslash needs quotes there",
    ],
    [["-p", ""], {}, "--profile: it is empty", undefined],
    [["-r", "Frankfurt"], {}, "--region: 'Frankfurt' is not a region", "regions look like eu-north-1"],
    [[], { PUM_REGION: "x" }, "PUM_REGION: 'x' is not a region", "regions look like eu-north-1"],
    [["-d", "13"], {}, "--duration: a duration of 13 is out of range", "AWS allows 15m to 12h"],
    [
      [],
      { PUM_DURATION: "soon" },
      "PUM_DURATION: 'soon' is not a duration",
      "hours like 1, or 90m, or 1h30m",
    ],
    [[], { PUM_RETRY: "maybe" }, "PUM_RETRY: 'maybe' is neither yes nor no", "write true or false"],
    [
      ["--idp-url", "adfs"],
      {},
      "--idp-url: 'adfs' is not an address",
      "it looks like https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    ],
    [
      ["--idp-url", "http://adfs.example.com/"],
      {},
      "--idp-url: http://adfs.example.com is not https: others on the network could read the password",
      undefined,
    ],
    [
      [],
      { AWS_ENDPOINT_URL_STS: "http://sts.example.com" },
      "AWS_ENDPOINT_URL_STS: http://sts.example.com is not https: others on the network could read the assertion",
      undefined,
    ],
    [[], { AWS_ENDPOINT_URL_STS: "sts" }, "AWS_ENDPOINT_URL_STS: 'sts' is not an address", undefined],
  ])("refuses %j with %j", (argv, env, message, hint) => {
    let thrown: unknown
    try {
      options(argv, env)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: "usage", hint })
    expect(String(thrown).replace(/\s+/g, " ")).toBe(`PumError: ${message}`)
  })
})
