import { readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program, runProgram } from "../support/program.ts"
import { askBySdk } from "../support/sdk.ts"
import { keptSettings, statusCases, statusCasesOfAwsCli } from "../support/status-cases.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const answers = (code: string) => `${defaultUser.password}\n${code}\n`

/** Told in this process: what matters is what is stored and printed. */
function run(home: Home, args: readonly string[], { env = {}, stdin = answers(first) } = {}) {
  return tellStory(home, world, { args, env, stdin })
}

const signedIn = ["--password-stdin", "-u", defaultUser.name]
const admin = ["-a", "585848786654", "--role", "AdministratorAccess"]

describe("--list", () => {
  it("signs in, prints the roles as a table and touches nothing", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\n095344953043 = Prod-VNIPBC\n")
    expect(await run(home, ["--list", ...signedIn])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: [
        "ACCOUNT        ROLE                  ARN",
        "039882259752   ViewOnlyAccess        arn:aws:iam::039882259752:role/ViewOnlyAccess",
        "585848786654   AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
        "Prod-VNIPBC    PowerUserAccess       arn:aws:iam::095344953043:role/PowerUserAccess",
        "Prod-VNIPBC    RDSAlice              arn:aws:iam::095344953043:role/RDSAlice",
        "",
      ].join("\n"),
    })
    expect(home.read(".pum-aws")).toBe("[account-mapping]\n095344953043 = Prod-VNIPBC\n")
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
    expect(world.sts.log).toEqual([])
  })

  it("prints the wanted ones as JSON", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\n095344953043 = Prod-VNIPBC\n")
    const { code, stdout } = await run(home, ["--json", "--list", "-a", "prod", "--role", "rds", ...signedIn])
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        Roles: [
          {
            AccountId: "095344953043",
            AccountAlias: "Prod-VNIPBC",
            RoleName: "RDSAlice",
            RoleArn: "arn:aws:iam::095344953043:role/RDSAlice",
            ProviderArn: expect.stringMatching(/^arn:aws:iam::095344953043:saml-provider\//),
            OnDemand: [],
          },
        ],
      },
    ])
  })

  it("names the profiles that ask for a role on demand", async () => {
    const home = new Home()
    const line = (profile: string) =>
      `[profile ${profile}]\ncredential_process = pum-aws -p ${profile} --credential-process\n`
    home.write(".aws/config", ["rds", "db", "all"].map(line).join(""))
    const settings = "account = 095344953043\nrole = RDSAlice\n"
    home.write(".pum-aws", `[profile rds]\n${settings}[profile db]\n${settings}[profile other]\n${settings}`)
    const { stdout } = await run(home, ["--list", "-a", "0953", ...signedIn])
    expect(stdout).toBe(
      [
        "ACCOUNT        ROLE              ON DEMAND   ARN",
        "095344953043   PowerUserAccess               arn:aws:iam::095344953043:role/PowerUserAccess",
        "095344953043   RDSAlice          rds, db     arn:aws:iam::095344953043:role/RDSAlice",
        "",
      ].join("\n"),
    )
  })

  it("lists all that a beginning fits, with the names that AWS gave before", async () => {
    const home = new Home()
    const known = { version: 1, "095344953043": { name: "prod-vnipbc", asked: new Date().toISOString() } }
    home.write(".aws/pum-aws/accounts.json", JSON.stringify(known))
    world.adfs.settings.roles = ["RDSAlice", "RDSBob", "Power"].map(
      name => `arn:aws:iam::095344953043:role/${name}`,
    )
    const { code, stdout } = await run(home, ["--list", "--role", "rds", ...signedIn])
    expect([code, stdout]).toEqual([
      0,
      [
        "ACCOUNT       ROLE       ARN",
        "prod-vnipbc   RDSAlice   arn:aws:iam::095344953043:role/RDSAlice",
        "prod-vnipbc   RDSBob     arn:aws:iam::095344953043:role/RDSBob",
        "",
      ].join("\n"),
    ])
  })

  it("ends with 5 where none fits, and prints nothing", async () => {
    expect(await run(new Home(), ["--list", "--role", "nope", ...signedIn])).toMatchObject({
      code: 5,
      stdout: "",
    })
  })
})

describe("--status", () => {
  const status = (home: Home, args: readonly string[] = [], env = {}) =>
    run(home, ["--status", ...args], { env })

  const nothing = "it holds no credentials of pum-aws, and no session is kept for it that lasts long enough"

  it("says that there is nothing, and that a profile that is named is not valid", async () => {
    expect(await status(new Home())).toMatchObject({
      code: 0,
      stdout: "no credentials of pum-aws are stored or kept\n",
      stderr: "",
    })
    const verdict = `profile [default] is not valid: ${nothing}\n`
    const asProgram = { args: ["--status", "-p", "default"], env: cleanEnv(new Home(), world.env) }
    expect(await runProgram(asProgram)).toMatchObject({ code: 1, stdout: verdict, stderr: "" })
    for (const [args, env] of [
      [["-p", "default"], {}],
      [[], { PUM_PROFILE: "default" }],
    ] as const)
      expect(await status(new Home(), args, env)).toMatchObject({ code: 1, stdout: verdict, stderr: "" })
    expect(world.adfs.log).toEqual([])
  })

  it("gives no verdict where no profile is named, whatever is stored", async () => {
    const home = new Home()
    home.write(
      ".aws/credentials",
      "[default]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\nx_principal_arn = arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly\nx_security_token_expires = 2020-01-01T00:00:00Z\n",
    )
    const { code, stdout } = await status(home, [], { AWS_PROFILE: "zz" })
    expect([code, stdout]).toEqual([
      0,
      [
        "profiles in ~/.aws/credentials:",
        "PROFILE   TIME LEFT   ACCOUNT        ROLE",
        "default   expired     095344953043   RDSAlice",
        "",
      ].join("\n"),
    ])
    const asJson = await status(home, ["--json"])
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([
      0,
      {
        ShadowedBy: [],
        Profiles: [expect.objectContaining({ Profile: "default", Expired: true })],
        Sessions: [],
        OnDemand: [],
      },
    ])
    expect((await status(home, ["-p", "default"])).code).toBe(1)
    const mistyped = await status(home, ["-p", "defautl"])
    expect(mistyped.stdout).toContain(`profile [defautl] is not valid: ${nothing}; did you mean default?\n`)
  })

  it("knows profiles on demand: what they ask for, their kept session, and what keeps them from asking", async () => {
    const home = new Home()
    const line = (profile: string, node = process.execPath) =>
      `[profile ${profile}]\ncredential_process = ${node} ${program} -p ${profile} --credential-process\n`
    home.write(".aws/config", `${line("kept")}${line("new")}${line("gone", "/opt/old/node")}${line("keys")}`)
    home.write(".aws/credentials", "[keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    const settings = (profile: string, account: string) =>
      `[profile ${profile}]\naccount = ${account}\nrole = /team/Admin\n`
    const own = `[profile kept]\naccount = 585848786654\nusername = ${defaultUser.name}\n`
    home.write(".pum-aws", `${own}${settings("new", "Zoo")}${settings("gone", "095344953043")}`)
    await run(home, ["-p", "kept", "--json", "--password-stdin"])
    const { code, stdout } = await status(home)
    expect([code, stdout.replaceAll("59 min", "1 h   ")]).toEqual([
      0,
      [
        "profiles on demand:",
        "PROFILE   TIME LEFT   ACCOUNT        ROLE",
        "kept      1 h         585848786654   AdministratorAccess",
        "new       asks        Zoo            Admin",
        "gone      asks        095344953043   Admin",
        "  ! /opt/old/node is gone, which its credential_process starts: run pum-aws -p gone --on-demand again",
        "keys      asks        ?              ?",
        "  ! it also holds a stored key, and AWS tools use that instead of asking",
        "",
      ].join("\n"),
    ])
    expect((await status(home, ["-p", "kept"])).code).toBe(0)
    const gone = await status(home, ["-p", "gone", "--json"])
    expect(JSON.parse(gone.stdout)).toMatchObject({
      Valid: false,
      Reason:
        "/opt/old/node is gone, which its credential_process starts: run pum-aws -p gone --on-demand again",
      OnDemand: [
        { Profile: "kept", AccountId: "585848786654", RoleName: "AdministratorAccess" },
        { Profile: "new", AccountAlias: "Zoo", RoleName: "Admin", SecondsLeft: 0, Missing: [] },
        { Profile: "gone", Missing: ["/opt/old/node"] },
        { Profile: "keys" },
      ],
    })
  })

  it("shows stored and kept credentials, how long they last, and what shadows them", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\n585848786654 = Prod\n")
    await run(home, ["-p", "vadfs", ...admin, ...signedIn])
    await run(home, ["-p", "kept", "-a", "039882259752", "--json", ...signedIn], { stdin: answers(second) })
    home.write(
      ".aws/credentials",
      `[mine]\naws_access_key_id = AKIA\naws_secret_access_key = x\n\n${home.read(".aws/credentials")}\n[old]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\nx_principal_arn = arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly\nx_security_token_expires = 2020-01-01T00:00:00Z\n`,
    )
    home.write(".aws/config", `${home.read(".aws/config")}[profile old]\nrole_arn = x\n`)
    const { code, stdout, stderr } = await status(home, ["-p", "vadfs"])
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout.replaceAll("59 min", "1 h   ")).toBe(
      [
        "profiles in ~/.aws/credentials:",
        "PROFILE   TIME LEFT   ACCOUNT        ROLE",
        "vadfs     1 h         Prod           AdministratorAccess",
        "old       expired     095344953043   RDSAlice",
        "  ! role_arn in [profile old] of ~/.aws/config: AWS tools assume that role instead of using these credentials",
        "other kept sessions:",
        "PROFILE   TIME LEFT   ACCOUNT        ROLE",
        "kept      1 h         039882259752   ViewOnlyAccess",
        "",
      ].join("\n"),
    )
    const inEnvironment = await status(home, ["-p", "vadfs"], { AWS_PROFILE: "zz" })
    expect(
      inEnvironment.stdout.endsWith(
        "\n! AWS_PROFILE is set to zz: AWS tools use that profile, unless they are given --profile vadfs\n",
      ),
    ).toBe(true)
    expect(inEnvironment.stdout.match(/zz/g)).toHaveLength(1)
    const asJson = await status(home, ["-p", "old", "--json"], { AWS_ACCESS_KEY_ID: "AKIA" })
    expect([asJson.code, asJson.stderr]).toEqual([1, ""])
    expect(JSON.parse(asJson.stdout)).toEqual({
      OnDemand: [],
      Profile: "old",
      Valid: false,
      Reason:
        "role_arn in [profile old] of ~/.aws/config: AWS tools assume that role instead of using these credentials",
      ShadowedBy: [expect.stringContaining("AWS_ACCESS_KEY_ID is set in the environment")],
      Profiles: [
        {
          Profile: "vadfs",
          AccountId: "585848786654",
          AccountAlias: "Prod",
          RoleName: "AdministratorAccess",
          PrincipalArn: "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly",
          Expiration: world.sts.sessions[0]?.expiration.toISOString().replace(".000Z", "Z"),
          SecondsLeft: expect.any(Number),
          Expired: false,
          ShadowedBy: [],
        },
        {
          Profile: "old",
          AccountId: "095344953043",
          RoleName: "RDSAlice",
          PrincipalArn: "arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly",
          Expiration: "2020-01-01T00:00:00Z",
          SecondsLeft: 0,
          Expired: true,
          ShadowedBy: [expect.stringContaining("role_arn in [profile old]")],
        },
      ],
      Sessions: [
        expect.objectContaining({
          Profile: "kept",
          AccountId: "039882259752",
          Expired: false,
          ShadowedBy: [],
        }),
        expect.objectContaining({ Profile: "vadfs", RoleName: "AdministratorAccess" }),
      ],
    })
    for (const { secretAccessKey, sessionToken } of world.sts.sessions)
      for (const secret of [secretAccessKey, sessionToken])
        expect(stdout + asJson.stdout).not.toContain(secret)
  })

  it("says once what is to be said of many profiles, and shows the session of each once", async () => {
    const home = new Home()
    const names = ["a", "b", "c", "d", "e", "f"]
    const expires = "x_security_token_expires = 2020-01-01T00:00:00Z"
    const keys = `aws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\n${expires}\n`
    const arn = "x_principal_arn = arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly"
    const line = (name: string) =>
      `credential_process = /gone/node ${program} -p ${name} --credential-process`
    home.write(".aws/credentials", names.map(name => `[${name}]\n${keys}${arn}\n`).join(""))
    home.write(
      ".aws/config",
      names
        .map(name => `[profile ${name}]\nlogin_session = x\n[profile ${name}2]\n${line(`${name}2`)}\n`)
        .join(""),
    )
    const lines = (await status(home)).stdout.split("\n").filter(each => each.startsWith("!"))
    expect(lines).toEqual([
      "! login_session in [a, b, c and 3 more] of ~/.aws/config: the stored credentials hide it, but Java and Rust use it instead of them",
      "! /gone/node is gone, which 6 profiles start: run pum-aws --profiles a2,b2,c2,d2,e2,f2 --on-demand again",
    ])
    expect((await status(home)).stdout).not.toContain("  !")
  })

  const reason = async (home: Home, ...args: string[]) => {
    const { code, stdout } = await status(home, args)
    return [code, /is not valid: (.*)\n$/.exec(stdout)?.[1]]
  }

  it("is 0 only while AWS tools get the wanted role from the profile, and says why not", async () => {
    const home = new Home()
    await run(home, ["-p", "vadfs", ...admin, ...signedIn])
    expect(await reason(home, "-p", "vadfs", ...admin)).toEqual([0, undefined])
    const another =
      "it holds AdministratorAccess of 585848786654, and another account or role is asked for, or not in full"
    expect(await reason(home, "-p", "vadfs", "--role", "PowerUserAccess")).toEqual([1, another])
    expect(await reason(home, "-p", "vadfs", "--role", "Admin")).toEqual([1, another])
    expect(await reason(home, "-p", "default")).toEqual([1, nothing])
    const shadow = "[profile vadfs]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = q\n"
    home.write(".aws/config", shadow)
    expect(await reason(home, "-p", "vadfs")).toEqual([
      1,
      "role_arn in [profile vadfs] of ~/.aws/config: AWS tools assume that role instead of using these credentials",
    ])
    home.write(".aws/config", "[profile vadfs]\ncredential_process = /bin/other\n")
    expect(await reason(home, "-p", "vadfs")).toEqual([0, undefined])
    home.write(
      ".aws/credentials",
      (home.read(".aws/credentials") ?? "").replace(/(x_security_token_expires = )\d+/, "$12020"),
    )
    expect(await reason(home, "-p", "vadfs")).toEqual([1, "its credentials have run out"])
  })

  /** Keeps a session for the profile `kept`. */
  const keep = async (home: Home) => {
    home.write(".pum-aws", keptSettings)
    expect(await run(home, ["-p", "kept", "--json", "--password-stdin"])).toMatchObject({ code: 0 })
  }

  it.each(statusCases)("counts a kept session %s: AWS tools agree", async (_, one) => {
    const home = new Home()
    await keep(home)
    home.write(".pum-aws", one.settings ?? keptSettings)
    home.write(".aws/config", one.config)
    if (one.credentials !== undefined) home.write(".aws/credentials", one.credentials)
    const [code, why] = await reason(home, "-p", "kept")
    expect([code, why]).toEqual([one.expected[0], one.expected[1] && expect.stringMatching(one.expected[1])])
    const used = await askBySdk(home, world, "kept")
    expect(used.code === 0).toBe(code === 0)
  })

  it.each(statusCasesOfAwsCli)("counts no kept session %s", async (_, one) => {
    const home = new Home()
    await keep(home)
    home.write(".aws/config", one.config)
    if (one.credentials !== undefined) home.write(".aws/credentials", one.credentials)
    expect(await reason(home, "-p", "kept")).toEqual([1, expect.stringMatching(one.expected[1] ?? /$^/)])
  })

  it("counts no kept session for another role than is asked for", async () => {
    const home = new Home()
    await keep(home)
    expect(await reason(home, "-p", "kept", "--role", "PowerUserAccess")).toEqual([1, nothing])
  })

  it("counts no session that is kept for too short a time to be given", async () => {
    const home = new Home()
    await keep(home)
    expect(await reason(home, "-p", "kept")).toEqual([0, undefined])
    const file = readdirSync(join(home.path, ".aws/pum-aws")).find(name => name.endsWith(".json")) ?? ""
    const text = home.read(`.aws/pum-aws/${file}`) ?? ""
    const lasting = (seconds: number) => {
      const soon = new Date(Date.now() + seconds * 1000).toISOString()
      home.write(`.aws/pum-aws/${file}`, text.replace(/("expiration":")[^"]+/, `$1${soon}`))
    }
    lasting(70)
    expect(await reason(home, "-p", "kept")).toEqual([0, undefined])
    lasting(50)
    expect(await reason(home, "-p", "kept")).toEqual([1, nothing])
  })

  it("names the line of a file that AWS tools could not read", async () => {
    const home = new Home()
    home.write(".aws/credentials", "[a]\n[a]\n")
    const { code, stdout, stderr } = await status(home)
    expect([code, stdout]).toEqual([7, ""])
    expect(stderr).toMatch(/^pum-aws: .*~\/\.aws\/credentials: line 2/)
  })
})

it("an unknown shell is told which ones there are", async () => {
  const { stderr } = await run(new Home(), ["--export", "tcsh"])
  expect(stderr).toMatch(/\nhint: it takes bash, zsh, sh, fish, powershell, cmd, dotenv\n$/)
})

describe("two modes at once", () => {
  it.each([
    [["--export", "bash", "--json"], "--export and --json cannot be used together"],
    [["--list", "--status"], "--list and --status cannot be used together"],
    [["--credential-process", "--json"], "--json and --credential-process cannot be used together"],
    [["--json", "--", "ls"], "--json and -- command cannot be used together"],
    [["--list", "--json", "--", "ls"], "--list and -- command cannot be used together"],
    [["--if-needed", "--json"], "--if-needed and --json cannot be used together"],
    [["--export", "tcsh"], "--export: 'tcsh' is not a shell that pum-aws knows"],
    [["--profiles", "a,b", "--json"], "--json is for one profile, not for several"],
    [["--profiles", "a,b", "--if-needed"], "--if-needed is for one profile, not for several"],
    [["--profiles", "a,b", "--status"], "--status is for one profile, not for several"],
    [["--list", "--all"], "--list is for one profile, not for several"],
    [["--"], "there is no command after --"],
  ])("%j is a usage error before anything is asked", async (args, message) => {
    const { code, stdout, stderr } = await run(new Home(), args)
    expect([code, stdout, stderr.split("\n")[0]]).toEqual([2, "", `pum-aws: ${message}`])
    expect(world.adfs.log).toEqual([])
  })
})
