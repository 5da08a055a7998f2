import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"
import { identityOf } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const secrets = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
const admin = "arn:aws:iam::585848786654:role/AdministratorAccess"
const view = "arn:aws:iam::039882259752:role/ViewOnlyAccess"
const rds = "arn:aws:iam::095344953043:role/RDSAlice"
const config = [
  "[default]",
  "region = eu-west-1",
  "[account-mapping]",
  "585848786654 = Prod-VNIPBC",
  "[profile prod]",
  "account = Prod-VNIPBC",
  "region = eu-north-1",
  "duration = 2h",
  "[profile dev]",
  "account = 039882259752",
  "role = ViewOnlyAccess",
  "",
].join("\n")

function homeWith(text = config): Home {
  const home = new Home()
  home.write(".pum-aws", text)
  return home
}

const signedIn = ["--password-stdin", "-u", defaultUser.name]

/** Told in this process: what matters is what is sent, stored and said. */
function run(home: Home, args: readonly string[], stdin = secrets, env: Record<string, string> = {}) {
  return tellStory(home, world, { args: [...signedIn, ...args], env, stdin })
}

/** The profiles that are stored, in the order of the file. */
function stored(home: Home): string[] {
  return [...(home.read(".aws/credentials") ?? "").matchAll(/^\[(.+)\]$/gm)].map(([, name = ""]) => name)
}

const timeless = (text: string) => text.replace(/\d\d:\d\d/g, "15:46")

describe("--profiles", () => {
  it("stores each profile with its own role, region and duration, by one sign-in", async () => {
    const home = homeWith()
    const { code, stdout, stderr } = await runProgram({
      args: [...signedIn, "--profiles", "prod,dev,rds"],
      env: cleanEnv(home, world.env),
      stdin: secrets,
    })
    expect(timeless(stderr)).toBe(
      [
        "✔ Stored 3 profiles in ~/.aws/credentials",
        "  ✔ prod   Prod-VNIPBC    AdministratorAccess   valid until 15:46 (2 h)",
        "  ✔ dev    039882259752   ViewOnlyAccess        valid until 15:46 (1 h)",
        "  ✔ rds    095344953043   RDSAlice              valid until 15:46 (1 h)",
        "  aws --profile prod s3api list-buckets",
        "",
      ].join("\n"),
    )
    expect([code, stdout]).toEqual([0, ""])
    expect([world.adfs.passwords, world.adfs.codes]).toEqual([[defaultUser.password], [defaultUser.codes[0]]])
    const calls = world.sts.calls.map(({ role, host, durationSeconds }) => [role, host, durationSeconds])
    expect(calls.sort()).toEqual([
      [view, "sts.eu-west-1.amazonaws.com", 3600],
      [rds, "sts.eu-west-1.amazonaws.com", 3600],
      [admin, "sts.eu-north-1.amazonaws.com", 7200],
    ])
    expect(home.read(".aws/config")).toBe(
      ["prod", "dev", "rds"]
        .map(
          name =>
            `[profile ${name}]\nregion = ${name === "prod" ? "eu-north-1" : "eu-west-1"}\noutput = json\n`,
        )
        .join("\n"),
    )
    expect(await identityOf(home, world, "rds")).toBe(
      "arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly",
    )
    // Names of accounts are for menus.
    expect(world.signIn.log).toEqual([])
  })

  it("stores 20 of them with one password and one code, 8 calls at a time, without losing any", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => String(index + 10))
    world.adfs.settings.roles = numbers.map(
      number => `arn:aws:iam::5858487866${number}:role/P${number}-Admin`,
    )
    world.sts.settings.delayMs = 100
    const home = new Home()
    home.write(".aws/credentials", "# mine\n[other]\naws_access_key_id = AKIA1\n")
    const { code, stderr } = await run(home, ["-m", numbers.map(number => `p${number}`).join()])
    expect([code, stderr.split("\n")[0]]).toEqual([0, "✔ Stored 20 profiles in ~/.aws/credentials"])
    expect([world.adfs.passwords.length, world.adfs.codes.length]).toEqual([1, 1])
    expect(world.sts.calls).toHaveLength(20)
    expect(world.sts.peakConcurrency()).toBeGreaterThan(1)
    expect(world.sts.peakConcurrency()).toBeLessThanOrEqual(8)
    expect(world.sts.connections()).toBeLessThanOrEqual(8)
    expect(stored(home)).toEqual(["other", ...numbers.map(number => `p${number}`)])
    expect(home.read(".aws/credentials")).toMatch(/^# mine\n\[other\]\naws_access_key_id = AKIA1\n/)
    for (const number of numbers) {
      expect(home.read(".aws/credentials")).toContain(
        `x_principal_arn = arn:aws:sts::5858487866${number}:assumed-role/P${number}-Admin/dev_aly`,
      )
    }
  })

  it("stores the good ones where others fail, says which, and ends with 8", async () => {
    world.sts.refuse("AccessDenied", view)
    const home = homeWith()
    home.write(".aws/credentials", "[dev]\naws_access_key_id = ASIAOLD\naws_session_token = old\n")
    const { code, stdout, stderr } = await run(home, ["--profiles", "prod,dev,rds"])
    expect(timeless(stderr)).toBe(
      [
        "Stored 2 of 3 profiles in ~/.aws/credentials",
        "  ✔ prod   Prod-VNIPBC    AdministratorAccess   valid until 15:46 (2 h)",
        `  ✘ dev    039882259752   ViewOnlyAccess        AWS refused ${view}: Not authorized to perform sts:AssumeRoleWithSAML (AccessDenied)`,
        "  ✔ rds    095344953043   RDSAlice              valid until 15:46 (1 h)",
        "  aws --profile prod s3api list-buckets",
        "pum-aws: 1 of 3 profiles failed, the others are stored",
        "hint: for the rest: pum-aws --profiles dev",
        "",
      ].join("\n"),
    )
    expect([code, stdout, stored(home)]).toEqual([8, "", ["dev", "prod", "rds"]])
    expect(home.read(".aws/credentials")).toContain("aws_access_key_id = ASIAOLD\naws_session_token = old\n")
  })

  it("ends with the code of the failure where all fail, and touches nothing", async () => {
    world.sts.refuse("AccessDenied")
    const home = homeWith()
    const { code, stderr } = await run(home, ["--profiles", "prod,dev"])
    const reason = "Not authorized to perform sts:AssumeRoleWithSAML (AccessDenied)"
    expect(stderr.split("\n")).toEqual([
      "Stored 0 of 2 profiles in ~/.aws/credentials",
      `  ✘ prod   Prod-VNIPBC    AdministratorAccess   AWS refused ${admin} (Prod-VNIPBC): ${reason}`,
      `  ✘ dev    039882259752   ViewOnlyAccess        AWS refused ${view}: ${reason}`,
      `pum-aws: all 2 profiles failed: AWS refused ${admin} (Prod-VNIPBC): ${reason}`,
      "hint: the role's trust policy does not let you in: tell the account's owner",
      "",
    ])
    expect([code, home.awsFiles()]).toEqual([6, { credentials: undefined, config: undefined }])
  })

  it("says that the sign-in ran out on the way, and tries no more then", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 10)
    const arn = (number: number) => `arn:aws:iam::5858487866${number}:role/P${number}-Admin` as const
    world.adfs.settings.roles = numbers.map(arn)
    for (const number of numbers.slice(8)) world.sts.refuse("ExpiredTokenException", arn(number))
    const { code, stderr } = await run(new Home(), ["-m", numbers.map(number => `p${number}`).join()])
    // At most the eight that were on their way when the first of them came back.
    expect(world.sts.calls.length).toBeLessThanOrEqual(16)
    const lines = stderr.split("\n")
    expect([code, lines[0]]).toEqual([8, "Stored 8 of 20 profiles in ~/.aws/credentials"])
    expect(lines).toContain(
      `  ✘ p18   585848786618   P18-Admin   AWS refused ${arn(18)}: Token must be redeemed within 5 minutes of issuance (ExpiredTokenException)`,
    )
    expect(lines).toContain("  ✘ p29   585848786629   P29-Admin   not tried: the sign-in had run out")
    const rest = numbers.slice(8).map(number => `p${number}`)
    expect(lines.slice(-3)).toEqual([
      "pum-aws: the sign-in ran out, AWS takes it for 5 minutes: 12 of 20 profiles failed, the others are stored",
      `hint: for the rest: pum-aws --profiles ${rest.join()}`,
      "",
    ])
  })

  it("waits and asks again where AWS throttles", async () => {
    world.sts.refuse("Throttling", "AssumeRoleWithSAML", 5)
    const home = homeWith()
    expect((await run(home, ["--profiles", "prod,dev,rds"])).code).toBe(0)
    expect([world.sts.calls.length, stored(home)]).toEqual([8, ["prod", "dev", "rds"]])
  })

  it("gets one hour for a role that allows no more, and says so", async () => {
    world.sts.settings.maxSessionSeconds = { [admin]: 3600 }
    const { code, stderr } = await run(homeWith(), ["--profiles", "prod,dev"])
    expect(code).toBe(0)
    expect(timeless(stderr)).toContain(
      "AdministratorAccess   valid until 15:46 (1 h, the role allows no 2 h)\n",
    )
  })

  it("says what shadows the stored profiles, once for all of them or with its place", async () => {
    const home = homeWith()
    home.write(".aws/config", "[profile dev]\nrole_arn = x\n[profile other]\nrole_arn = y\n")
    const { stderr } = await run(home, ["--profiles", "prod,dev"], secrets, {
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_PROFILE: "other",
    })
    expect(stderr.split("\n").filter(line => line.startsWith("warning"))).toEqual([
      "warning: AWS_ACCESS_KEY_ID is set in the environment: AWS tools use that key instead of this profile, unless they are given --profile",
      "warning: role_arn in [profile dev] of ~/.aws/config: AWS tools assume that role instead of using these credentials",
    ])
  })

  it("names a few of many profiles that are shadowed", async () => {
    const names = Array.from({ length: 20 }, (_, number) => `p${number}`)
    const settings = names.map(
      name => `[profile ${name}]\naccount = 585848786654\nrole = AdministratorAccess\n`,
    )
    const home = homeWith(settings.join(""))
    home.write(".aws/config", names.map(name => `[profile ${name}]\nrole_arn = x\n`).join(""))
    const { stderr } = await run(home, ["--profiles", names.join()])
    const warnings = stderr.split("\n").filter(line => line.startsWith("warning"))
    expect(warnings.slice(4)).toEqual([
      "warning: role_arn in [profile p4] of ~/.aws/config: AWS tools assume that role instead of using these credentials",
      "warning: 15 more like these are not shown",
    ])
  })

  it.each([
    ["--retry", ["--retry"]],
    ["no --retry", []],
  ])("sends a wrong password of stdin once, with %s", async (_, more) => {
    const { code } = await run(homeWith(), ["--profiles", "prod,dev", ...more], "wrong\n111111\n")
    expect([code, world.adfs.passwords, world.sts.calls]).toEqual([3, ["wrong"], []])
  })

  it("keeps the user name of the entries, and offers none", async () => {
    const home = homeWith(`${config}username = adm\\dev_aly\n`)
    const { code } = await runProgram({
      args: ["--password-stdin", "--profiles", "prod,dev"],
      env: cleanEnv(home, world.env),
      stdin: secrets,
    })
    expect([code, stored(home)]).toEqual([0, ["prod", "dev"]])
  })
})

describe("--profiles that cannot be done", () => {
  const key =
    "[dev]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n[prod]\naws_access_key_id = AKIA2\n"

  it.each([
    [
      "an ambiguous name",
      ["--profiles", "rds,both"],
      {},
      5,
      [
        "pum-aws: profile both fits several accounts: 039882259752 (Both-B), Prod-VNIPBC (Both-A)",
        "hint: name account and role in [profile both] of ~/.pum-aws",
      ],
    ],
    [
      "an entry that fits several roles",
      ["--profiles", "rds,prod"],
      {},
      5,
      [
        "pum-aws: profile prod fits several roles of Prod-VNIPBC: AdministratorAccess, Both-A",
        "hint: name account and role in [profile prod] of ~/.pum-aws",
      ],
    ],
    [
      "a name without a role",
      ["--profiles", "rds,test"],
      {},
      5,
      [
        "pum-aws: none of your roles begins with the word 'test'",
        "hint: name account and role in [profile test] of ~/.pum-aws; you have: AdministratorAccess, Both-A, Both-B, RDSAlice",
      ],
    ],
  ])("%s is said before AWS is asked", async (_, args, __, exitCode, lines) => {
    world.adfs.settings.roles = [
      admin,
      rds,
      "arn:aws:iam::585848786654:role/Both-A",
      "arn:aws:iam::039882259752:role/Both-B",
    ]
    const home = homeWith()
    const { code, stdout, stderr } = await run(home, args)
    expect([code, stdout, stderr.split("\n")]).toEqual([exitCode, "", [...lines, ""]])
    expect([world.sts.calls, home.awsFiles()]).toEqual([[], { credentials: undefined, config: undefined }])
  })

  it.each<
    [string, readonly string[], Record<string, string>, Record<string, string>, number, string, string]
  >([
    [
      "--profile beside it",
      ["--profiles", "a", "--profile", "b"],
      {},
      {},
      2,
      "pum-aws: --profile and --profiles cannot be used together",
      "hint: leave one of them out: --profile stores one profile, --profiles several, --all one for each role",
    ],
    [
      "--all beside it",
      ["--profiles", "a", "--all"],
      {},
      {},
      2,
      "pum-aws: --profiles and --all cannot be used together",
      "hint: leave one of them out: --profile stores one profile, --profiles several, --all one for each role",
    ],
    [
      "both variables",
      [],
      { PUM_PROFILE: "a", PUM_PROFILES: "b" },
      {},
      2,
      "pum-aws: PUM_PROFILE and PUM_PROFILES cannot be used together",
      "hint: leave one of them out: --profile stores one profile, --profiles several, --all one for each role",
    ],
    [
      "no name",
      ["--profiles", " , "],
      {},
      {},
      2,
      "pum-aws: --profiles: it names no profile",
      "hint: write them as a,b,c",
    ],
    [
      "a bad name",
      ["--profiles", "a,DEFAULT"],
      {},
      {},
      2,
      "pum-aws: 'DEFAULT' cannot be the name of a profile: AWS tools would read its keys into every other profile",
      "hint: a name consists of letters, digits and _ - . @ / +",
    ],
    [
      "two sign-ins",
      ["--profiles", "prod,dev"],
      {},
      { ".pum-aws": "[profile prod]\nusername = adm\\a\n[profile dev]\nusername = adm\\b\n" },
      2,
      "pum-aws: the profiles prod and dev differ in username, but share one sign-in",
      "hint: store them in two runs",
    ],
    [
      "long-term keys",
      ["--profiles", "prod,rds,dev"],
      {},
      { ".aws/credentials": key },
      2,
      "pum-aws: the profiles [prod], [dev] hold long-term keys, and there is no terminal to ask whether to replace them",
      "hint: choose another --profile, or replace the keys with --overwrite",
    ],
    [
      "a file that AWS tools refuse",
      ["--profiles", "prod,dev"],
      {},
      { ".aws/config": "[profile dev]\nregion = x\n[profile dev]\n" },
      7,
      "pum-aws: cannot use ~/.aws/config: line 3 opens [profile dev] again, which line 1 did",
      "",
    ],
    [
      "a file that AWS tools refuse, with --all",
      ["--all"],
      {},
      { ".aws/credentials": "[default\n" },
      7,
      "pum-aws: cannot use ~/.aws/credentials: line 1 ",
      "",
    ],
  ])("%s is said before the password is asked", async (_, args, env, files, exitCode, line, hint) => {
    const home = new Home()
    for (const [name, text] of Object.entries(files)) home.write(name, text)
    const before = home.awsFiles()
    const { code, stdout, stderr } = await run(home, args, secrets, env)
    const [first = "", second = ""] = stderr.split("\n")
    expect([code, stdout, first.slice(0, line.length)]).toEqual([exitCode, "", line])
    if (hint !== "") expect([first, second]).toEqual([line, hint])
    expect([world.adfs.passwords, home.awsFiles()]).toEqual([[], before])
  })

  it("--overwrite replaces long-term keys of all of them", async () => {
    const home = homeWith()
    home.write(".aws/credentials", key)
    expect((await run(home, ["--profiles", "prod,dev", "--overwrite"])).code).toBe(0)
    expect(home.read(".aws/credentials")).not.toContain("AKIA")
  })
})

describe("which profiles", () => {
  it.each([
    ["PUM_PROFILES", [], { PUM_PROFILES: "prod dev" }, ["prod", "dev"]],
    ["--profile over PUM_PROFILES", ["-p", "x", "--role", "RDS"], { PUM_PROFILES: "prod,dev" }, ["x"]],
    ["--profiles over PUM_PROFILE", ["-m", "prod,prod,dev"], { PUM_PROFILE: "x" }, ["prod", "dev"]],
    ["--all over PUM_PROFILES", ["--all", "--role", "RDS"], { PUM_PROFILES: "x" }, ["095344953043-RDSAlice"]],
  ])("%s", async (_, args, env, expected) => {
    const home = homeWith()
    expect((await run(home, args, secrets, env)).code).toBe(0)
    expect(stored(home)).toEqual(expected)
  })
})

describe("--all without a terminal", () => {
  it("stores a profile for each role, named by alias or account and role", async () => {
    const home = homeWith(`${config}[profile 095344953043-RDSAlice]\nregion = eu-south-1\nduration = 90m\n`)
    const { code, stderr } = await run(home, ["--all"])
    expect(timeless(stderr)).toBe(
      [
        "✔ Stored 4 profiles in ~/.aws/credentials",
        "  ✔ 039882259752-ViewOnlyAccess       039882259752   ViewOnlyAccess        valid until 15:46 (1 h)",
        "  ✔ 095344953043-PowerUserAccess      095344953043   PowerUserAccess       valid until 15:46 (1 h)",
        "  ✔ 095344953043-RDSAlice             095344953043   RDSAlice              valid until 15:46 (1 h 30 min)",
        "  ✔ Prod-VNIPBC-AdministratorAccess   Prod-VNIPBC    AdministratorAccess   valid until 15:46 (1 h)",
        "  aws --profile 039882259752-ViewOnlyAccess s3api list-buckets",
        "",
      ].join("\n"),
    )
    expect(code).toBe(0)
    expect(home.read(".aws/config")).toContain("[profile 095344953043-RDSAlice]\nregion = eu-south-1\n")
    expect([world.adfs.passwords.length, world.adfs.codes.length, world.sts.calls.length]).toEqual([1, 1, 4])
  })

  it("takes --account and --role for narrower", async () => {
    const home = homeWith()
    await run(home, ["--all", "--account", "0953", "--role", "Power"])
    expect(stored(home)).toEqual(["095344953043-PowerUserAccess"])
  })

  it("replaces no long-term key", async () => {
    const home = new Home()
    home.write(".aws/credentials", "[095344953043-RDSAlice]\naws_access_key_id = AKIA1\n")
    const before = home.awsFiles()
    const { code, stderr } = await run(home, ["--all"])
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "pum-aws: the profile [095344953043-RDSAlice] holds a long-term key, and there is no terminal to ask whether to replace it",
    ])
    expect([world.sts.calls, home.awsFiles()]).toEqual([[], before])
  })

  it("gives no command for names that --profiles would not know", async () => {
    world.sts.refuse("AccessDenied", view)
    const { code, stderr } = await run(new Home(), ["--all"])
    expect([code, stderr.split("\n").slice(-3)]).toEqual([
      8,
      [
        "pum-aws: 1 of 4 profiles failed, the others are stored",
        "hint: the role's trust policy does not let you in: tell the account's owner",
        "",
      ],
    ])
  })
})
