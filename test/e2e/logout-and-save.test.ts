import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const admin = ["-a", "585848786654", "--role", "AdministratorAccess"]
const view = ["-a", "039882259752", "--role", "ViewOnlyAccess"]

function tell(home: Home, args: readonly string[], code: string = first, env = {}) {
  home.write("password", defaultUser.password)
  const answers = { PUM_PASSWORD_COMMAND: `cat ${home.path}/password`, PUM_OTP_COMMAND: `echo ${code}` }
  return tellStory(home, world, { args: ["-u", defaultUser.name, ...args], env: { ...answers, ...env } })
}
const unanswered = (home: Home, args: readonly string[]) =>
  tellStory(home, world, { args: ["-u", defaultUser.name, ...args] })

/** Every file of the home folder by name. */
function filesOf(home: Home): Record<string, string> {
  const entries = readdirSync(home.path, { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  )
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [
      join(parentPath, name).slice(home.path.length + 1),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  )
}

/** Which of the sessions that were given out are on the machine. */
const left = (home: Home) => {
  const text = Object.values(filesOf(home)).join("\n")
  return world.sts.sessions.map(
    ({ accessKeyId, secretAccessKey, sessionToken }) =>
      [accessKeyId, secretAccessKey, sessionToken].filter(secret => text.includes(secret)).length,
  )
}

const foreign = {
  ".aws/credentials":
    "[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = s3cret\n\n[saml]\naws_access_key_id = ASIAX\naws_secret_access_key = x\naws_session_token = y\nregion = eu-west-1\n",
  ".aws/config": "[profile mine]\nregion = eu-west-1\n",
  ".aws/pum-aws/notes.txt": "mine",
  ".pum-aws": "[default]\nregion = eu-central-1\n",
}

async function homeWithSessions(): Promise<Home> {
  const home = new Home()
  for (const [name, text] of Object.entries(foreign)) home.write(name, text)
  expect((await tell(home, ["-p", "prod", ...admin])).code).toBe(0)
  expect((await tell(home, ["-p", "view", ...view], second)).code).toBe(0)
  writeFileSync(join(home.path, ".aws/pum-aws/.x.json.pum-aws.tmp"), "left half-written")
  return home
}

describe("--logout", () => {
  it("forgets every kept session, and leaves stored keys and what is not ours", async () => {
    const home = await homeWithSessions()
    const before = filesOf(home)
    expect(left(home)).toEqual([3, 3])
    const { code, stdout, stderr } = await unanswered(home, ["--logout"])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "✔ Forgot 2 kept sessions\n  Credentials that were handed out already work until they run out.\n",
    })
    const kept = Object.entries(before).filter(([name]) => !/^\.aws\/pum-aws\/(?!notes)/.test(name))
    expect(filesOf(home)).toEqual(Object.fromEntries(kept))
    // What is left of the sessions is in the profiles.
    rmSync(join(home.path, ".aws/credentials"))
    expect(left(home)).toEqual([0, 0])
    expect((await unanswered(home, ["-p", "prod", ...admin, "--json"])).code).toBe(2)
  })

  it("with --profile forgets what belongs to it: its sessions and its stored keys", async () => {
    const home = await homeWithSessions()
    const before = filesOf(home)
    const { stderr } = await unanswered(home, ["--logout", "--profile", "prod"])
    expect(stderr).toBe(
      "✔ Forgot 1 kept session of profile [prod]\n✔ Removed the keys in ~/.aws/credentials of [prod]\n  Credentials that were handed out already work until they run out.\n",
    )
    expect(left(home)).toEqual([0, 3])
    const after = filesOf(home)
    for (const [name, text] of Object.entries(before)) {
      if (name === ".aws/credentials") continue
      if (after[name] === undefined) expect(name).toMatch(/^\.aws\/pum-aws\//)
      else expect([name, after[name]]).toEqual([name, text])
    }
    const ours = before[".aws/credentials"] ?? ""
    const prod = /(?<=\[prod\]\n)(?:\w+ = .*\n)+/
    expect(after[".aws/credentials"]).toBe(ours.replace(prod, ""))
    expect((await unanswered(home, ["-p", "view", ...view, "--json"])).code).toBe(0)
  })

  it("does not take the profile from the environment: PUM_PROFILE forgets everything kept, and no stored key", async () => {
    const home = await homeWithSessions()
    await tell(home, ["--logout"], first, { PUM_PROFILE: "prod" })
    expect(left(home)).toEqual([3, 3])
    expect(readdirSync(join(home.path, ".aws/pum-aws"))).toEqual(["notes.txt"])
  })

  it("leaves a session that another profile's request leads to as well", async () => {
    const home = new Home()
    await tell(home, ["-p", "prod", "--json", ...admin])
    await tell(home, ["-p", "other", "--json", ...admin], second)
    await unanswered(home, ["--logout", "-p", "prod"])
    expect((await unanswered(home, ["-p", "other", "--json", ...admin])).code).toBe(0)
    expect((await unanswered(home, ["-p", "prod", "--json", ...admin])).code).toBe(2)
  })

  it("with --all removes our keys from every profile; nothing of a session is left, and of others every byte", async () => {
    const home = await homeWithSessions()
    const { code, stderr } = await unanswered(home, ["--logout", "--all"])
    expect([code, stderr]).toEqual([0, expect.stringContaining("of [prod], [view]\n")])
    expect(left(home)).toEqual([0, 0])
    expect(home.read(".aws/credentials")).toBe(`${foreign[".aws/credentials"]}\n[prod]\n\n[view]\n`)
    expect(home.read(".aws/pum-aws/notes.txt")).toBe("mine")
    expect(readdirSync(join(home.path, ".aws/pum-aws"))).toEqual(["notes.txt"])
    expect((await unanswered(home, ["--logout", "--all"])).code).toBe(0)
  })

  it("forgets the rest where something stands that cannot be removed, and says what it is", async () => {
    const home = new Home()
    await tell(home, ["-p", "prod", ...admin, "--json"])
    home.write(".aws/pum-aws/0-00000000000000.json/x", "")
    const { code, stderr } = await unanswered(home, ["--logout"])
    expect([code, stderr]).toEqual([
      7,
      expect.stringContaining("cannot remove ~/.aws/pum-aws/0-00000000000000.json: is a folder"),
    ])
    expect(readdirSync(join(home.path, ".aws/pum-aws"))).toEqual(["0-00000000000000.json"])
  })

  it("does the rest where one file cannot be changed, and ends with that error", async () => {
    const home = await homeWithSessions()
    home.write(".aws/credentials", "[a]\n[a]\n")
    const { code, stderr } = await unanswered(home, ["--logout", "--all"])
    expect([code, stderr]).toEqual([
      7,
      expect.stringMatching(/Forgot 2 kept sessions(?:.|\n)*credentials: line 2/),
    ])
  })
})

describe("--logout with a mistake in the settings", () => {
  it.each([
    ["~/.pum-aws", "[default]\nfoo = bar\n", {}, "'foo' is not a setting"],
    ["a variable", "", { PUM_DURATION: "99h" }, "PUM_DURATION: "],
  ])(
    "forgets nothing, as it would not find what they lead to: %s",
    async (_, settings, variables, mistake) => {
      const home = new Home()
      await tell(home, ["-p", "prod", ...admin, "--json"])
      home.write(".pum-aws", settings)
      const { code, stderr } = await runProgram({ args: ["--logout"], env: cleanEnv(home, variables) })
      expect([code, stderr, left(home)]).toEqual([2, expect.stringContaining(mistake), [3]])
      expect(stderr).not.toContain("✔")
    },
  )
})

describe("--logout where the folder of sessions cannot be used", () => {
  it("does not say that sessions were forgotten", async () => {
    const home = new Home()
    home.write("elsewhere/x", "")
    home.write(".aws/x", "")
    symlinkSync(join(home.path, "elsewhere"), join(home.path, ".aws/pum-aws"))
    const { code, stderr } = await unanswered(home, ["--logout"])
    expect([code, stderr]).toEqual([
      7,
      "  Credentials that were handed out already work until they run out.\npum-aws: cannot use ~/.aws/pum-aws: it is a symbolic link\n",
    ])
  })
})

describe("--save", () => {
  it("writes account, role, read_only and what this run was given, and shows what it replaces", async () => {
    const home = new Home()
    home.write(".pum-aws", "# mine\n[profile prod]\nrole = Old\nno_op = yes\n")
    const args = ["-p", "prod", ...view, "--read-only", "-d", "2h", "-r", "eu-north-1", "--save"]
    const { code, stderr } = await tell(home, args)
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(
        "✔ Saved in [profile prod] of ~/.pum-aws: username, region, duration, password_command, otp_command, no_op, read_only, account, role\n  no_op = 1 (it was yes)\n  role = ViewOnlyAccess (it was Old)\n",
      ),
    ])
    const saved = home.read(".pum-aws") ?? ""
    for (const line of [
      "account = 039882259752",
      "role = ViewOnlyAccess",
      "read_only = yes",
      "duration = 2h",
    ])
      expect(saved).toContain(`${line}\n`)
    expect(saved.startsWith("# mine\n[profile prod]\n")).toBe(true)
    const { stdout } = await tell(home, ["-p", "prod", "--json"], second)
    expect(JSON.parse(stdout)).toMatchObject({ AccountId: "039882259752", SessionPolicy: "read-only" })
    const full = ["-p", "prod", "--json", "--no-read-only", "--otp-command", "exit 1"]
    expect((await unanswered(home, full)).code).not.toBe(0)
  })

  it("keeps the session for what it saved: the saved profile asks no question again", async () => {
    const home = new Home()
    const args = ["-p", "prod", "-a", "5858", "--role", "Admin", "--json"]
    await tell(home, [...args, "--save"])
    expect(await unanswered(home, ["-p", "prod", "--export", "sh"])).toMatchObject({ code: 0 })
    expect(world.sts.calls).toHaveLength(1)
    await unanswered(home, ["--logout"])
    await tell(home, args, second)
    await unanswered(home, [...args, "--save"])
    expect(await unanswered(home, ["-p", "prod", "--export", "sh"])).toMatchObject({ code: 0 })
    expect(world.sts.calls).toHaveLength(2)
  })

  it("saves what the profile holds, if --if-needed has nothing to do; warns if its session is not kept", async () => {
    const home = new Home()
    await tell(home, ["-p", "prod", ...admin])
    const again = ["-p", "prod", ...admin, "--if-needed", "--save"]
    expect((await unanswered(home, again)).stderr).toContain("needs nothing")
    expect(home.read(".pum-aws")).toContain("[profile prod]\n")
    expect(home.read(".pum-aws")).toContain("\nrole = AdministratorAccess\n")
    rmSync(join(home.path, ".pum-aws"))
    await unanswered(home, ["--logout"])
    const { code, stderr } = await unanswered(home, again)
    expect([code, stderr.match(/warning: .*/g)]).toEqual([
      0,
      [expect.stringMatching(/^warning: nothing was saved, .*: leave --if-needed out/)],
    ])
    expect(stderr).toContain("needs nothing")
    expect(home.read(".pum-aws")).toBeUndefined()
  })

  it("saves what was chosen before, from a kept session, before a command starts", async () => {
    const home = new Home()
    await tell(home, ["-p", "prod", "-a", "5858", "--role", "Admin", "--json"])
    const args = ["-p", "prod", "-a", "5858", "--role", "Admin", "--save", "--export", "sh"]
    expect((await unanswered(home, args)).code).toBe(0)
    expect(home.read(".pum-aws")).toContain("role = AdministratorAccess\n")
  })

  it.each([
    ["--save needs the name of a profile", []],
    ["--save and --policy cannot be used together", ["-p", "a", "--policy", "arn:aws:iam::aws:policy/X"]],
    ["--save is for one profile, not for several", ["-m", "a,b"]],
    ["--save is for one profile, not for several", ["--all"]],
    ["--save needs a session, and this mode gives none", ["-p", "a", "--list"]],
    ["--save needs a session, and this mode gives none", ["-p", "a", "--on-demand"]],
    ["--logout and --profiles cannot be used together", ["--logout", "-m", "a,b"]],
  ])("is refused: %s", async (message, args) => {
    const { code, stderr } = await unanswered(new Home(), [...args, "--save"])
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it("finds before the password that the file cannot be written", async () => {
    const home = new Home()
    home.write("config/pum/x", "")
    const { code } = await tell(home, ["-p", "prod", "--save"], first, {
      PUM_CONFIG: `${home.path}/config/pum`,
    })
    expect([code, world.adfs.log]).toEqual([7, []])
  })
})
