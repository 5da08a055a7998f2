import { execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
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

function run(home: Home, args: readonly string[] = [], env: Record<string, string> = {}, stdin = secrets) {
  return runProgram({ args, env: cleanEnv(home, { ...world.env, ...env }), stdin })
}

/** In this process: what matters is what is read, sent and written. */
function tell(home: Home, args: readonly string[] = [], env: Record<string, string> = {}, stdin = secrets) {
  return tellStory(home, world, { args, env, stdin })
}

/** The lines that one text has and the other does not. */
function changed(before = "", after = ""): { gone: string[]; come: string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")]
  return { gone: old.filter(line => !now.includes(line)), come: now.filter(line => !old.includes(line)) }
}

const accounts = {
  "485131857340": "Prod-VNIPBC-VCDM-515876",
  "568113664249": "Dev-ODG-VCDM-515876",
  "884586481601": "Prod-MASTE-VCDM-515877",
  "022196045097": "Prod-VNINT-VCDM-515400961",
  "223971263993": "Stage-VNINT-VCDM-515400961",
  "521814490268": "Dev-VNINT-VCDM-515400961",
  "137827478992": "Acc-VNINT-VCDM-515400961",
  "925832921208": "Prod-MDM-VCDM-515877",
  "263063436720": "Stage-MDM-VCDM-515877",
  "725240589737": "Test-MDM-VCDM-515877",
  "958866370104": "Prod-CIRS-VCDM-5158761",
  "815876392698": "Prod-VNIPP-VCDM-515876",
  "310452341139": "Stage-VNIPP-VCDM-515876",
  "425622453155": "Test-VNIPP-VCDM-515876",
}

/** As years with the Python script leave it. */
function oldHome(): Home {
  const home = new Home()
  const mapping = Object.entries(accounts).map(([id, alias]) => `${id} = ${alias}\n`)
  home.write(
    ".pum-aws",
    `[default]\nusername = adm\\dev_aly\nuse_account_aliases = true\n\n[account-mapping]\n${mapping.join("")}\n`,
  )
  home.write(
    "pum-aws/.env",
    [
      "# Environment variables for pum-aws script",
      "# PUM_ROLE=",
      "PUM_PROFILE=stage",
      "PUM_REGION=eu-west-1",
      "PUM_DURATION=2",
      "PUM_RETRY=false",
      "PUM_USERNAME=adm\\dev_aly",
      "PUM_OP_ACCOUNT=visma",
      "PUM_OP_ITEM=Federation ADM",
      "PUM_NO_OP=false",
      "",
    ].join("\n"),
  )
  home.write(
    ".aws/credentials",
    [
      "[default]",
      "aws_access_key_id = ASIAOLDDEFAULT000000",
      "aws_secret_access_key = old/default",
      "aws_session_token = oldDefaultToken==",
      "region = eu-west-1",
      "",
      "[stage]",
      "aws_access_key_id = ASIAOLDSTAGE00000000",
      "aws_secret_access_key = old/stage",
      "aws_session_token = oldStageToken==",
      "region = eu-central-1",
      "",
      "",
    ].join("\n"),
  )
  home.write(
    ".aws/config",
    "[default]\nregion = eu-west-1\noutput = json\n\n[profile stage]\nregion = eu-central-1\noutput = json\n\n",
  )
  return home
}

describe("the home of a long-time user of the Python script", () => {
  const roles = Object.keys(accounts).map(id => `arn:aws:iam::${id}:role/AdministratorAccess`)

  it("works as it is; in all files only what must change changes", async () => {
    world.adfs.settings.roles = roles
    const home = oldHome()
    const files = [".pum-aws", "pum-aws/.env", ".aws/credentials", ".aws/config"]
    const before = files.map(file => home.read(file))
    const { code, stderr } = await run(home, [
      "--env-file",
      join(home.path, "pum-aws/.env"),
      "--account",
      "Stage-VNIPP-VCDM-515876",
      "--password-stdin",
    ])
    expect(stderr.replace(/\d\d:\d\d/, "15:46")).toBe(
      [
        "✔ Stored in profile [stage] of ~/.aws/credentials",
        "  Stage-VNIPP-VCDM-515876: arn:aws:iam::310452341139:role/AdministratorAccess, valid until 15:46 (2 h)",
        "  aws --profile stage s3api list-buckets",
        "",
      ].join("\n"),
    )
    expect(code).toBe(0)
    expect(await identityOf(home, world, "stage")).toBe(
      "arn:aws:sts::310452341139:assumed-role/AdministratorAccess/dev_aly",
    )
    const after = files.map(file => home.read(file))
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
    expect(changed(before[2], after[2])).toEqual({
      gone: [
        "aws_access_key_id = ASIAOLDSTAGE00000000",
        "aws_secret_access_key = old/stage",
        "aws_session_token = oldStageToken==",
        "region = eu-central-1",
      ],
      come: [
        expect.stringMatching(/^aws_access_key_id = ASIA/),
        expect.stringMatching(/^aws_secret_access_key = /),
        expect.stringMatching(/^aws_session_token = /),
        "x_principal_arn = arn:aws:sts::310452341139:assumed-role/AdministratorAccess/dev_aly",
        expect.stringMatching(/^x_security_token_expires = /),
      ],
    })
    // --region stood in .env, so both regions follow it.
    expect(after[3]).toBe(before[3]?.replace("eu-central-1", "eu-west-1"))
    expect(after[2]?.split("\n")).toHaveLength((before[2]?.split("\n").length ?? 0) + 2)
  })

  it("does not read a .env of the current folder by itself", async () => {
    const home = oldHome()
    home.write(".env", "PUM_IDP_URL=https://stranger.example/\nPUM_DURATION=nonsense\n")
    const { code } = await tell(home, ["--account", "585848786654", "--password-stdin"])
    expect([code, world.stranger.log]).toEqual([0, []])
  })
})

describe("~/.pum-aws", () => {
  it("gives a profile its account, role, region and duration", async () => {
    const home = new Home()
    home.write(
      ".pum-aws",
      "[default]\nusername = adm\\dev_aly\nregion = eu-west-1\n[profile prod]\naccount = 5858\nrole = Admin\nduration = 90m\n",
    )
    expect((await tell(home, ["-p", "prod", "--password-stdin"])).code).toBe(0)
    expect(world.sts.calls).toMatchObject([
      {
        host: "sts.eu-west-1.amazonaws.com",
        role: "arn:aws:iam::585848786654:role/AdministratorAccess",
        durationSeconds: 5400,
      },
    ])
  })

  it("is not touched if no user name was typed", async () => {
    const home = new Home()
    await tell(home, ["--password-stdin", "-u", defaultUser.name, "-a", "5858"])
    expect(home.read(".pum-aws")).toBeUndefined()
  })

  it("warns of what it leaves out", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\nx = y\n")
    const { code, stderr } = await tell(home, ["--password-stdin", "-u", defaultUser.name, "-a", "5858"])
    expect([code, stderr.split("\n")[0]]).toEqual([
      0,
      "warning: ~/.pum-aws line 2: ignored, it is not '<account id of 12 digits> = <alias>'",
    ])
  })

  it("lets the password go to a further origin that it lists, and to no other", async () => {
    const other = "https://login.visma.com"
    world.adfs.settings.loginAction = `${other}/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices`
    const args = ["--password-stdin", "-u", defaultUser.name, "-a", "5858"]
    const home = new Home()
    expect((await tell(home, args)).code).toBe(4)
    expect(world.adfs.passwords).toEqual([])
    home.write(".pum-aws", `[default]\nidp_origins = ${other}\n`)
    await tell(home, args)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
    expect(world.adfs.log.map(({ host, method }) => `${method} ${host}`)).toContain("POST login.visma.com")
  })
})

describe("what is wrong with the settings ends the run before any question", () => {
  it.each([
    [
      { config: "[default]\nrol = x\n" },
      2,
      "pum-aws: ~/.pum-aws line 2: 'rol' is not a setting",
      /^hint: did you mean role\?$/,
    ],
    [
      { config: "[default]\nduration = 13\n" },
      2,
      "pum-aws: ~/.pum-aws line 2, duration: a duration of 13 is out of range",
      "hint: AWS allows 15m to 12h",
    ],
    [
      { config: "role = x\n" },
      2,
      "pum-aws: cannot use ~/.pum-aws: line 1 comes before any [section]",
      "hint: begin the file with [default]",
    ],
    [
      { config: "[default]\nrole\n" },
      2,
      "pum-aws: cannot use ~/.pum-aws: line 2 is neither 'key = value' nor a [section]",
      "hint: correct that line",
    ],
    [
      { envFile: "PUM_DURATION=13\n" },
      2,
      "pum-aws: HOME/work.env line 1, PUM_DURATION: a duration of 13 is out of range",
      "hint: AWS allows 15m to 12h",
    ],
  ] as const)("%j", async (given, exitCode, line, hint) => {
    const { config, envFile } = { config: undefined, envFile: undefined, ...given }
    const home = new Home()
    if (config !== undefined) home.write(".pum-aws", config)
    if (envFile !== undefined) home.write("work.env", envFile)
    const fileOption = envFile === undefined ? [] : ["--env-file", join(home.path, "work.env")]
    const { code, stdout, stderr } = await tell(home, fileOption)
    const [first, second] = stderr.replaceAll(home.path, "HOME").split("\n")
    expect([code, stdout, first]).toEqual([exitCode, "", line])
    expect(second).toEqual(typeof hint === "string" ? hint : expect.stringMatching(hint))
    expect(world.adfs.log).toEqual([])
  })

  it("names an --env-file that is not there", async () => {
    // Node.js itself looks for a file of that option before any program starts (nodejs/node#54232).
    const { code, stdout, stderr } = await run(new Home(), ["--env-file", "/nowhere/work.env"])
    expect([code === 0, stdout]).toEqual([false, ""])
    expect(stderr).toMatch(/^\S+: \/nowhere\/work\.env: not found\n$/)
    expect(world.adfs.log).toEqual([])
  })

  it("says that ~/.pum-aws is no regular file, and does not wait for it", async () => {
    const home = new Home()
    execFileSync("mkfifo", [join(home.path, ".pum-aws")])
    const { code, stderr } = await run(home)
    expect([code, stderr]).toEqual([7, "pum-aws: cannot use ~/.pum-aws: is no regular file\n"])
  })

  it.each([
    ["PUM_CONFIG", "warning: PUM_CONFIG names ~/none, which is not there; the first sign-in makes it\n"],
    [
      "--op-item",
      "warning: 1Password is not used: its program op is not on the PATH, or something else gives the password\n",
    ],
    [
      "two accounts of one alias",
      "warning: ~/.pum-aws line 3: 022196045097 has the alias of 485131857340, prod\n",
    ],
  ])("warns of what has no effect, or another than was meant: %s", async (what, warning) => {
    const home = new Home()
    const isAlias = what === "two accounts of one alias"
    if (isAlias) home.write(".pum-aws", "[account-mapping]\n485131857340 = Prod\n022196045097 = prod\n")
    const { stderr } = await tell(home, what === "--op-item" ? ["--op-item", "X"] : [], {
      ...(what === "PUM_CONFIG" ? { PUM_CONFIG: "~/none" } : {}),
      PUM_NO_OP: "",
      PATH: "/nowhere",
    })
    expect(stderr.slice(0, warning.length)).toBe(warning)
  })

  it("says that ~/.pum-aws is a folder", async () => {
    const home = new Home()
    mkdirSync(join(home.path, ".pum-aws"))
    const { code, stderr } = await tell(home)
    expect([code, stderr]).toEqual([7, "pum-aws: cannot read ~/.pum-aws: is a folder\n"])
  })
})
