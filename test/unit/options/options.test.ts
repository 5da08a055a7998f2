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
      retry: false,
      passwordStdin: false,
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
      stsEndpoint: undefined,
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
    [
      ["exec", "vadfs", "--", "aws"],
      {},
      "unexpected argument 'exec'",
      "before -- stand options only; a profile is named with --profile",
    ],
    [
      ["--export"],
      {},
      "option '--export <shell>' argument missing",
      "it knows bash, zsh, sh, fish, powershell, cmd, dotenv",
    ],
    [["--role"], {}, "option '--role <name>' argument missing", "pum-aws --help lists the options"],
    [
      ["-u", "dev_aly"],
      {},
      "--username: 'dev_aly' is no user name for ADFS",
      "write it as DOMAIN\\user or user@domain",
    ],
    [["-p", ""], {}, "--profile: it is empty", undefined],
    [["-r", "Frankfurt"], {}, "--region: 'Frankfurt' is no region", "regions look like eu-north-1"],
    [[], { PUM_REGION: "x" }, "PUM_REGION: 'x' is no region", "regions look like eu-north-1"],
    [["-d", "13"], {}, "--duration: a duration of 13 is out of range", "AWS allows 15m to 12h"],
    [[], { PUM_DURATION: "soon" }, "PUM_DURATION: 'soon' is no duration", "hours like 1, or 90m, or 1h30m"],
    [[], { PUM_RETRY: "maybe" }, "PUM_RETRY: 'maybe' is neither yes nor no", "write true or false"],
    [
      ["--idp-url", "adfs"],
      {},
      "--idp-url: 'adfs' is no address",
      "it looks like https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    ],
    [
      ["--idp-url", "http://adfs.example.com/"],
      {},
      "--idp-url: http://adfs.example.com is not https: the password would be readable on its way",
      undefined,
    ],
    [
      [],
      { AWS_ENDPOINT_URL_STS: "http://sts.example.com" },
      "http://sts.example.com is not https: the assertion would be readable on its way",
      undefined,
    ],
    [[], { AWS_ENDPOINT_URL_STS: "sts" }, "AWS_ENDPOINT_URL_STS: 'sts' is no address", undefined],
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

describe("readCommandLine", () => {
  it.each([["-h"], ["--help"]])("shows the help for %s", flag => {
    const commandLine = readCommandLine([flag])
    expect(commandLine).toMatchObject({
      wants: "help",
      text: expect.stringContaining("Usage: pum-aws [options]"),
    })
  })

  it("fits the help on 100 columns", () => {
    const commandLine = readCommandLine(["--help"])
    if (commandLine.wants !== "help") throw new Error(commandLine.wants)
    expect(commandLine.text.split("\n").filter(line => line.length > 110)).toEqual([])
  })

  it.each([["-V"], ["--version"]])("gives the version for %s among other options", flag => {
    expect(readCommandLine(["-v", flag])).toEqual({ wants: "version" })
  })
})

describe("help", () => {
  it.each([80, 60, 120])("fits a terminal of %i characters, with whole words", width => {
    const wide = readCommandLine(["--help"], 1000)
    const narrow = readCommandLine(["--help"], width)
    if (wide.wants !== "help" || narrow.wants !== "help") throw new Error("no help")
    expect(narrow.text.split("\n").filter(line => line.length > width)).toEqual([])
    const words = (text: string) => text.split(/\s+/).join(" ")
    expect(words(narrow.text)).toBe(words(wide.text))
  })
})

describe("what a person is told to run in a terminal", () => {
  it("asks for the very same session", () => {
    const given = [
      ["--profile", "p", "-u", "adm\\dev_aly", "-a", "5858", "--role", "Admin", "-d", "90m", "--retry"],
      ["--idp-url", "https://login.example.com/adfs?a=b&c=d", "--no-op", "--ca-bundle", "/it's.pem"],
    ].flat()
    const { mode } = options([...given, "--credential-process", "--force"])
    expect(mode.kind === "credentialProcess" && mode.byHand).toBe(
      "pum-aws --username 'adm\\dev_aly' --profile p --account 5858 --role Admin --duration 90m --retry --no-op --idp-url 'https://login.example.com/adfs?a=b&c=d' --ca-bundle '/it'\\''s.pem' -- aws sts get-caller-identity",
    )
  })
})
