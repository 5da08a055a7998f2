import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { MemoryKeychain } from "../support/keychain.ts"
import { patchFs, systemError } from "../support/patched-fs.ts"
import { Home, program, runWithoutTerminal } from "../support/program.ts"
import { identityOf } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const secrets = `${defaultUser.password}\n${defaultUser.codes[0]}\n`

/** A home whose `bin` leads to Node.js and to the program. */
function newHome(settings = "[default]\nno_op = true\n"): Home {
  const home = new Home()
  mkdirSync(join(home.path, "bin"))
  symlinkSync(process.execPath, join(home.path, "bin/node"))
  symlinkSync(program, join(home.path, "bin/pum-aws"))
  home.write(".pum-aws", settings)
  return home
}

/** The temporary folder is another one than the tests' own, which the program runs in. */
function run(home: Home, args: readonly string[], env: Record<string, string> = {}) {
  return tellStory(home, world, {
    args: ["--password-stdin", "-u", defaultUser.name, ...args],
    env: { PATH: join(home.path, "bin"), TMPDIR: join(home.path, "tmp"), PUM_NO_OP: "", ...env },
    stdin: secrets,
  })
}

const lineOf = (home: Home, profile: string) =>
  `${home.path}/bin/node ${home.path}/bin/pum-aws --profile ${profile} --credential-process`

/** Both AWS files and `~/.pum-aws`. */
const filesOf = (home: Home) => ({ ...home.awsFiles(), settings: home.read(".pum-aws") })

describe("--on-demand", () => {
  it("sets up one profile: no keys, no call to STS, no user name on the line", async () => {
    const home = newHome()
    const { code, stdout, stderr } = await run(home, ["-p", "prod", "--on-demand", "-a", "585848786654"])
    expect(stderr).toBe(
      [
        "✔ Set up 1 profile in ~/.aws/config: AWS tools ask pum-aws for credentials when they need them",
        "  prod   585848786654   AdministratorAccess",
        "  aws --profile prod s3api list-buckets",
        "",
      ].join("\n"),
    )
    expect([code, stdout, world.sts.calls]).toEqual([0, "", []])
    expect(filesOf(home)).toEqual({
      credentials: undefined,
      config: `[profile prod]\nregion = eu-central-1\noutput = json\ncredential_process = ${lineOf(home, "prod")}\n`,
      settings: `[default]\nno_op = true\n\n[profile prod]\naccount = 585848786654\nrole = AdministratorAccess\nusername = ${defaultUser.name}\n`,
    })
  })

  it("the line gives credentials of the chosen role, asked for by its own settings alone", async () => {
    const home = newHome()
    await run(home, ["-p", "rds", "--on-demand", "--role", "RDSAlice", "-r", "eu-north-1", "-d", "2h"])
    world.reset()
    expect(home.read(".pum-aws")).toContain("\nduration = 2h\n")
    expect(home.read(".pum-aws")).not.toContain("region")
    const { code, stdout } = await runWithoutTerminal("sh", {
      args: ["-c", `${lineOf(home, "rds")} --password-stdin`],
      env: { HOME: home.path, ...world.env },
      stdin: secrets,
    })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1 })
    const [call, ...more] = world.sts.calls
    expect([call?.role, call?.durationSeconds, more]).toEqual([
      "arn:aws:iam::095344953043:role/RDSAlice",
      7200,
      [],
    ])
  })

  it("--all sets up every role; run again, it changes no byte", async () => {
    const home = newHome()
    home.write(".aws/config", "# mine\r\n[default]\r\nregion = us-east-1\r\n")
    home.write(".aws/credentials", "[mine]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    const first = await run(home, ["--all", "--on-demand"])
    expect(first.stderr).toContain("✔ Set up 4 profiles in ~/.aws/config")
    const before = filesOf(home)
    expect(before.credentials).toBe("[mine]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    expect(before.config?.match(/^credential_process = /gm)).toHaveLength(4)
    expect(before.config?.startsWith("# mine\r\n[default]\r\nregion = us-east-1\r\n\r\n[profile 0")).toBe(
      true,
    )
    world.reset()
    const second = await run(home, ["--all", "--on-demand"])
    expect([second.code, second.stderr]).toEqual([0, first.stderr])
    expect(filesOf(home)).toEqual(before)
  })

  it("500 roles are set up again, looked at and used within seconds of processor time", async () => {
    const home = newHome()
    const roles = Array.from({ length: 500 }, (_, at) => `arn:aws:iam::${100_000_000_000 + at}:role/Role`)
    const runAnew = async (args: readonly string[]) => {
      world.reset()
      world.adfs.settings.roles = roles
      const { code, stdout } = await run(home, args)
      expect(code).toBe(0)
      return stdout
    }
    await runAnew(["--all", "--on-demand"])
    const began = process.cpuUsage()
    await runAnew(["--all", "--on-demand"])
    await runAnew(["-p", "100000000499-Role"])
    const status = await runAnew(["--status", "-p", "100000000499-Role"])
    const { user } = process.cpuUsage(began)
    expect(status.match(/ asks /g)).toHaveLength(499)
    // Each part took as long, when each profile was looked up among all of them.
    expect(user / 1e6).toBeLessThan(5)
  })

  it("with a remembered sign-in, one password and one code serve all of its profiles", async () => {
    const home = newHome("[default]\nno_op = true\nremember = sign-in\n")
    const keychain = new MemoryKeychain()
    const tell = (args: readonly string[], stdin = "") =>
      tellStory(home, world, {
        args,
        stdin,
        keychain,
        env: { PATH: join(home.path, "bin"), TMPDIR: join(home.path, "tmp"), PUM_NO_OP: "" },
      })
    await tell(["--all", "--on-demand", "--password-stdin", "-u", defaultUser.name], secrets)
    for (const profile of [
      "095344953043-RDSAlice",
      "039882259752-ViewOnlyAccess",
      "585848786654-AdministratorAccess",
    ]) {
      const { code, stdout } = await tell(["--profile", profile, "--credential-process"])
      expect([code, JSON.parse(stdout).Version]).toEqual([0, 1])
    }
    expect([world.adfs.passwords.length, world.adfs.codes.length]).toEqual([1, 1])
    expect(new Set(world.sts.calls.map(({ role }) => role)).size).toBe(3)
  })

  it("--profiles sets up the roles that its names mean, in one file that is both", async () => {
    const home = newHome()
    const env = { AWS_CONFIG_FILE: "~/.aws/both", AWS_SHARED_CREDENTIALS_FILE: "~/.aws/both" }
    home.write(".aws/both", "[rds]\naws_access_key_id = ASIA\naws_session_token = t\nregion = eu-west-1\n")
    const { code } = await run(home, ["--profiles", "rds,view", "--on-demand"], env)
    expect(code).toBe(0)
    expect(home.read(".aws/both")).toBe(
      [
        "[rds]",
        "region = eu-west-1",
        "",
        "[profile rds]",
        "region = eu-west-1",
        "output = json",
        `credential_process = ${lineOf(home, "rds")}`,
        "",
        "[profile view]",
        "region = eu-central-1",
        "output = json",
        `credential_process = ${lineOf(home, "view")}`,
        "",
      ].join("\n"),
    )
  })

  it.each([
    [
      "another program's credential_process",
      { ".aws/config": "[profile prod]\ncredential_process = aws-vault export prod\n" },
      7,
      "pum-aws: cannot use ~/.aws/config: line 2 has credential_process, so AWS tools get the credentials of this profile from elsewhere",
    ],
    [
      "a role_arn",
      { ".aws/config": "[profile prod]\nrole_arn = arn:aws:iam::095344953043:role/R\nsource_profile = x\n" },
      7,
      "pum-aws: cannot use ~/.aws/config: line 2 has role_arn, so AWS tools get the credentials of this profile from elsewhere",
    ],
    [
      "a long-term key",
      { ".aws/credentials": "[prod]\naws_access_key_id = AKIA\naws_secret_access_key = s\n" },
      2,
      "pum-aws: the profile [prod] holds a long-term key, and there is no terminal to ask whether to replace it",
    ],
    [
      "a line that cannot be changed",
      { ".aws/credentials": "[prod]\naws_access_key_id = ASIA\n  more\naws_session_token = t\n" },
      7,
      "pum-aws: cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of aws_access_key_id",
    ],
    [
      "malformed settings",
      { ".pum-aws": "[profile prod]\nop_item = R\n  more\n" },
      7,
      "pum-aws: cannot use ~/.pum-aws: line 3 is indented, so AWS tools read it as part of op_item",
    ],
  ] as const)("refuses before the password, with nothing changed: %s", async (_, texts, code, line) => {
    const home = newHome()
    for (const [name, text] of Object.entries(texts)) home.write(name, text)
    const before = filesOf(home)
    const ended = await run(home, ["-p", "prod", "--on-demand", "-a", "585848786654", "--op-item", "other"])
    expect([ended.code, ended.stderr.split("\n")[0]]).toEqual([code, line])
    expect([filesOf(home), world.adfs.passwords]).toEqual([before, []])
  })

  it.each([["prod"], ["--all"]])(
    "refuses before the password a config file that cannot be written: %s",
    async what => {
      const home = newHome()
      home.write(".aws/config", "[profile x]\n")
      const config = join(home.path, ".aws/config")
      patchFs("openSync", real => (...args) => {
        if (args[0] === config && args[1] === "r+") throw systemError("EROFS", "open")
        return real(...args)
      })
      const ended = await run(home, [...(what === "prod" ? ["-p", what] : [what]), "--on-demand"])
      expect([ended.code, ended.stderr]).toEqual([
        7,
        "pum-aws: cannot write ~/.aws/config: the file system is read-only\n",
      ])
      expect(world.adfs.passwords).toEqual([])
    },
  )

  it("replaces a long-term key with --overwrite", async () => {
    const home = newHome()
    home.write(".aws/credentials", "[prod]\naws_access_key_id = AKIA\naws_secret_access_key = s\n# mine\n")
    await run(home, ["-p", "prod", "--on-demand", "-a", "585848786654", "--overwrite"])
    expect(home.read(".aws/credentials")).toBe("[prod]\n# mine\n")
  })

  it("writes what the sign-in was told by options and PUM_ variables, but nothing of the AWS tools' own", async () => {
    const home = newHome()
    const { code } = await run(
      home,
      ["-p", "prod", "--on-demand", "-a", "585848786654", "--op-item", "Mine"],
      { PUM_CA_BUNDLE: world.caFile, AWS_CA_BUNDLE: "", PUM_RETRY: "yes" },
    )
    expect(code).toBe(0)
    expect(home.read(".pum-aws")?.split("\n[profile prod]\n")[1]).toBe(
      [
        "account = 585848786654",
        "role = AdministratorAccess",
        `username = ${defaultUser.name}`,
        "retry = yes",
        "op_item = Mine",
        `ca_bundle = ${world.caFile}`,
        "",
      ].join("\n"),
    )
  })

  it.each([
    [["--json"], "--on-demand and --json cannot be used together"],
    [["--list"], "--list and --on-demand cannot be used together"],
    [["--if-needed"], "--if-needed and --on-demand cannot be used together"],
  ])("is no option beside %s", async (args, line) => {
    const { code, stderr } = await run(newHome(), ["-p", "prod", "--on-demand", ...args])
    expect([code, stderr.split("\n")[0]]).toEqual([2, `pum-aws: ${line}`])
  })

  it("warns of what AWS tools use instead", async () => {
    const { stderr } = await run(newHome(), ["-p", "prod", "--on-demand", "-a", "585848786654"], {
      AWS_ACCESS_KEY_ID: "AKIA",
    })
    expect(stderr).toContain("warning: AWS_ACCESS_KEY_ID is set in the environment")
  })
})

describe("storing into a profile on demand", () => {
  /** A home with two profiles on demand. */
  async function setUpHome(): Promise<Home> {
    const home = newHome()
    await run(home, ["--profiles", "rds,view", "--on-demand"])
    world.reset()
    return home
  }
  /** What AWS tools get from the profile, without a question. */
  async function answerOf(home: Home, profile: string): Promise<string> {
    const { code, stdout, stderr } = await runWithoutTerminal("sh", {
      args: ["-c", lineOf(home, profile)],
      env: { HOME: home.path, ...world.env },
    })
    return code === 0 ? JSON.parse(stdout).AccessKeyId : stderr
  }
  const isMissing = expect.stringContaining("the password is missing")

  it("keeps a session for its next question, and writes no keys", async () => {
    const home = await setUpHome()
    const before = filesOf(home)
    expect(await answerOf(home, "rds")).toEqual(isMissing)
    const { code, stderr } = await run(home, ["-p", "rds"])
    expect([code, stderr.replace(/\d\d:\d\d/, "15:46")]).toEqual([
      0,
      [
        "✔ Kept for profile [rds], which asks for credentials when it is used",
        "  arn:aws:iam::095344953043:role/RDSAlice, valid until 15:46 (1 h)",
        "  aws --profile rds s3api list-buckets",
        "",
      ].join("\n"),
    ])
    expect(await answerOf(home, "rds")).toMatch(/^ASIA/)
    expect(await answerOf(home, "view")).toEqual(isMissing)
    expect(filesOf(home)).toEqual(before)
  })

  it("is what the AWS SDK for JavaScript then uses, without a question", async () => {
    const home = await setUpHome()
    await run(home, ["-p", "rds"])
    expect(await identityOf(home, world, "rds")).toBe(
      "arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly",
    )
  })

  it("does so for several, and says which are on demand", async () => {
    const home = await setUpHome()
    home.write(
      ".aws/config",
      `${home.read(".aws/config")}\n[profile bad]\ncredential_process = pum-aws -p bad --nope --credential-process\n`,
    )
    const { code, stderr } = await run(home, ["--profiles", "rds,view,power"])
    expect([code, stderr.split("\n")[0]]).toEqual([0, "✔ Renewed 3 profiles, 2 of them on demand"])
    expect(home.read(".aws/credentials")?.match(/^\[.*\]$/gm)).toEqual(["[power]"])
    for (const profile of ["rds", "view"]) expect(await answerOf(home, profile)).toMatch(/^ASIA/)
  })

  it.each([
    ["role", ["--role", "PowerUserAccess"]],
    ["account", ["--account", "585848786654"]],
    ["duration", ["--duration", "2h"]],
    ["username", ["-u", "adm\\other"]],
  ])("is refused before the password where another %s is asked for", async (name, args) => {
    const home = await setUpHome()
    const { code, stderr } = await run(home, ["-p", "rds", ...args])
    expect([code, stderr]).toEqual([
      2,
      `pum-aws: profile [rds] is on demand, and asks with another --${name}\nhint: leave --${name} out, or change the profile: pum-aws -p rds --on-demand\n`,
    ])
    expect(world.adfs.passwords).toEqual([])
  })

  it.each([
    ["an alias", ["-a", "Dev"]],
    ["the beginning of names", ["-a", "0953", "--role", "rds"]],
    ["an ARN", ["--role", "arn:aws:iam::095344953043:role/RDSAlice"]],
    ["another case", ["-u", defaultUser.name.toUpperCase(), "--role", "rdsalice"]],
  ])("asks for the same session if account and role are written in another way: %s", async (_, args) => {
    const home = newHome("[account-mapping]\n095344953043 = Dev\n")
    await run(home, ["-p", "rds", "--on-demand", "-a", "Dev", "--role", "RDSAlice"])
    world.reset()
    expect(await run(home, ["-p", "rds", ...args])).toMatchObject({ code: 0 })
    expect(await answerOf(home, "rds")).toMatch(/^ASIA/)
  })

  it("keeps the role that the profile asks for, though an alias stands for two accounts", async () => {
    const home = newHome("[account-mapping]\n095344953043 = Dev\n585848786654 = Dev\n")
    await run(home, ["-p", "rds", "--on-demand", "-a", "095344953043", "--role", "RDSAlice"])
    world.reset()
    expect(await run(home, ["-p", "rds", "-a", "Dev"])).toMatchObject({ code: 0 })
    expect(world.sts.calls.map(({ role }) => role)).toEqual(["arn:aws:iam::095344953043:role/RDSAlice"])
  })

  it.each([
    ["read-only", ["--read-only"]],
    ["duration", ["-d", "2h"]],
    ["username", ["-u", "adm\\dev_bob"]],
  ])("keeps no session with another %s for several profiles", async (name, args) => {
    const home = await setUpHome()
    world.adfs.settings.users = [defaultUser, { ...defaultUser, name: "adm\\dev_bob" }]
    const { code, stderr } = await run(home, ["--profiles", "rds,view", ...args])
    expect(code).toBe(2)
    for (const profile of ["rds", "view"])
      expect(stderr).toMatch(new RegExp(`${profile} .*it is on demand, and asks with another --${name}`))
    expect(await answerOf(home, "rds")).toEqual(isMissing)
  })

  it("says that it is read-only, wherever it is named", async () => {
    const home = newHome()
    const setUp = await run(home, ["-p", "rds", "--on-demand", "--role", "RDSAlice", "--read-only"])
    expect(setUp.stderr).toContain("RDSAlice, read-only\n")
    world.reset()
    const status = (...args: string[]) => run(home, ["--status", "-p", "rds", ...args])
    expect((await status()).stdout).toMatch(/rds +asks +095344953043 +RDSAlice, read-only\n/)
    await run(home, ["-p", "rds"])
    expect((await status()).stdout).toMatch(/rds +1 h +095344953043 +RDSAlice, read-only\n/)
    const { stdout } = await status("--json")
    expect(JSON.parse(stdout).OnDemand).toMatchObject([{ RoleName: "RDSAlice", SessionPolicy: "read-only" }])
  })

  it("is not valid for --status with another policy, though a session with that is kept for it", async () => {
    const home = newHome()
    await run(home, ["-p", "rds", "--on-demand", "--role", "RDSAlice", "--read-only"])
    world.reset()
    await run(home, ["-p", "rds", "--no-read-only", "--json"])
    const { code, stdout } = await run(home, ["--status", "-p", "rds", "--no-read-only"])
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining("is not valid: it is on demand, and asks with another --read-only\n"),
    ])
  })

  it("is valid for --status where its line names the user who is expected anyhow", async () => {
    const settings = `[default]\nno_op = true\nusername = ${defaultUser.name}\n`
    const home = newHome(`${settings}[profile rds]\naccount = 095344953043\nrole = RDSAlice\n`)
    const line = `pum-aws -p rds --credential-process -u '${defaultUser.name}'`
    home.write(".aws/config", `[profile rds]\ncredential_process = ${line}\n`)
    await run(home, ["-p", "rds", "--credential-process"])
    const { code, stdout } = await tellStory(home, world, { args: ["--status", "-p", "rds"] })
    expect([code, stdout]).toEqual([0, expect.not.stringContaining("not valid")])
  })

  it("--if-needed looks at its kept session", async () => {
    const home = await setUpHome()
    const first = await run(home, ["-p", "rds", "--if-needed"])
    const second = await run(home, ["-p", "rds", "--if-needed"])
    expect(second.stderr).not.toContain("warning")
    expect([first.stderr.split("\n")[0], second.stderr.split("\n")[0]]).toEqual([
      "✔ Kept for profile [rds], which asks for credentials when it is used",
      "✔ Profile [rds] needs nothing",
    ])
    expect(world.sts.calls).toHaveLength(1)
  })

  it("stores keys where the profile holds some: AWS tools do not ask then", async () => {
    const home = await setUpHome()
    home.write(".aws/credentials", "[rds]\naws_access_key_id = ASIAOLD\naws_session_token = t\n")
    const { stderr } = await run(home, ["-p", "rds"])
    expect(stderr).toContain("✔ Stored in profile [rds]")
  })
})
