import { readdirSync, readFileSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { type Ended, Home } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const request = ["-u", defaultUser.name, "-p", "prod", "-a", "585848786654", "--role", "AdministratorAccess"]
const modes = {
  "a profile": [],
  "--export": ["--export", "sh"],
  "--json": ["--json"],
  "--credential-process": ["--credential-process"],
  "--console": ["--console"],
  // Not started: only what it would be started with matters.
  "-- command": ["--export", "dotenv"],
} as const
type ModeName = keyof typeof modes
const names = Object.keys(modes) as ModeName[]
const handOver = names.filter(name => name !== "a profile")

function tell(home: Home, args: readonly string[], code: string = first): Promise<Ended> {
  home.write("password", defaultUser.password)
  const env = { PUM_PASSWORD_COMMAND: `cat ${home.path}/password`, PUM_OTP_COMMAND: `echo ${code}` }
  return tellStory(home, world, { args, env })
}
/** Without anything that could answer a question: what comes is kept. */
const unanswered = (home: Home, args: readonly string[]) => tellStory(home, world, { args })

describe.each(names)("a session that %s has made", maker => {
  it("is given out by every mode that hands one out, without a question", async () => {
    const home = new Home()
    expect((await tell(home, [...request, ...modes[maker]])).code).toBe(0)
    for (const name of handOver) {
      const ended = await unanswered(home, [...request, ...modes[name]])
      expect([name, ended.code]).toEqual([name, 0])
      if (name !== "--console") expect(ended.stdout).toContain(world.sts.sessions[0]?.accessKeyId)
    }
    expect([world.adfs.passwords.length, world.sts.sessions.length]).toEqual([1, 1])
  })
})

describe("a session that is stored", () => {
  it.each([
    ["one profile", request, request],
    ["several", ["-u", defaultUser.name, "-m", "prod"], ["-u", defaultUser.name, "-p", "prod"]],
  ])("is kept if it cannot be stored, and said to be: %s", async (_, storing, using) => {
    const home = new Home()
    home.write(".pum-aws", "[profile prod]\naccount = 585848786654\nrole = AdministratorAccess\n")
    world.sts.settings.delayMs = 1_000
    const storingEnds = tell(home, storing)
    while (world.adfs.codes.length === 0) await new Promise(resolve => setTimeout(resolve, 10))
    // Another program stores a key of its own meanwhile.
    home.write(".aws/credentials", "[prod]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    const ended = await storingEnds
    expect(ended.code).toBe(7)
    expect(ended.stderr).toContain(
      "What you signed in for is kept, and used without a question: pum-aws --profile prod -- aws sts get-caller-identity",
    )
    const { stdout } = await unanswered(home, [...using, "--json"])
    expect(stdout).toContain(world.sts.sessions[0]?.accessKeyId)
  })

  it("is a new one, with a full hour, though one is kept; the modes then give that one out", async () => {
    const home = new Home()
    await tell(home, [...request, "--json"])
    expect((await unanswered(home, request)).code).toBe(2)
    await tell(home, request, second)
    expect(world.sts.sessions).toHaveLength(2)
    const { stdout } = await unanswered(home, [...request, "--json"])
    expect(stdout).toContain(world.sts.sessions[1]?.accessKeyId)
  })

  it("for several profiles serves each of them", async () => {
    const home = new Home()
    const sections =
      "[profile prod]\naccount = 585848786654\nrole = AdministratorAccess\n[profile view]\naccount = 039882259752\nduration = 2h\n"
    home.write(".pum-aws", sections)
    const user = ["-u", defaultUser.name]
    expect((await tell(home, [...user, "--profiles", "prod,view,RDS"])).code).toBe(0)
    for (const [profile, role] of [
      ["prod", "AdministratorAccess"],
      ["view", "ViewOnlyAccess"],
      ["RDS", "RDSAlice"],
    ] as const) {
      const { stdout } = await unanswered(home, [...user, "-p", profile, "--json"])
      expect(JSON.parse(stdout)).toMatchObject({ RoleArn: expect.stringContaining(role) })
    }
    expect(world.adfs.passwords).toHaveLength(1)
  })

  it("by --all with an account or a role serves its profile, also if only that is named", async () => {
    const home = new Home()
    const user = ["-u", defaultUser.name]
    expect((await tell(home, [...user, "--all", "-a", "585848786654", "--role", "admin"])).code).toBe(0)
    for (const more of [[], ["-a", "585848786654", "--role", "admin"]]) {
      const profile = ["-p", "585848786654-AdministratorAccess"]
      const { code, stdout } = await unanswered(home, [...user, ...profile, ...more, "--json"])
      expect([code, stdout]).toEqual([0, expect.stringContaining("AdministratorAccess")])
    }
  })

  it("by --profiles with an account does not serve a profile that names none", async () => {
    const home = new Home()
    const user = ["-u", defaultUser.name]
    const [profile, account] = ["AdministratorAccess", ["-a", "585848786654"]]
    expect((await tell(home, [...user, "--profiles", profile, ...account])).code).toBe(0)
    expect((await unanswered(home, [...user, "-p", profile, ...account, "--json"])).code).toBe(0)
    expect((await unanswered(home, [...user, "-p", profile, "--json"])).code).toBe(2)
  })

  it.each([
    ["user", ["-u", "adm\\somebody_else"], {}],
    ["sign-in page", ["--idp-url", "https://login.visma.com/adfs/ls/idpinitiatedsignon.aspx?x=1"], {}],
    ["STS", [], { AWS_ENDPOINT_URL_STS: "https://localhost:1/" }],
    ["duration", ["-d", "2"], {}],
  ])("is not given out for another %s", async (_, args, env) => {
    const home = new Home()
    await tell(home, request)
    const ended = await tellStory(home, world, { args: [...request, ...args, "--json"], env })
    expect([ended.code, ended.stdout]).toEqual([2, ""])
  })

  it("is not kept where others could put files, with a warning", async () => {
    const home = new Home()
    home.write("elsewhere/x", "")
    home.write(".aws/config", "")
    symlinkSync(join(home.path, "elsewhere"), join(home.path, ".aws/pum-aws"))
    const { code, stderr } = await tell(home, request)
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(
        "warning: sessions are not kept: cannot use ~/.aws/pum-aws: it is a symbolic link\n",
      ),
    ])
    expect(readdirSync(join(home.path, "elsewhere"))).toEqual(["x"])
    const json = await tell(home, [...request, "--json"], second)
    expect([json.code, json.stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: .*its folder is a symbolic link\n$/),
    ])
    expect(readFileSync(join(home.path, "elsewhere/x"), "utf8")).toBe("")
  })
})
