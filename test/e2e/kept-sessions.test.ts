import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { loadedNames, notingFiles } from "../support/loaded-files.ts"
import {
  cleanEnv,
  type Ended,
  Home,
  notingStarts,
  program,
  runProgram,
  startWithoutTerminal,
} from "../support/program.ts"
import { atScale } from "../support/scale.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const admin = ["--account", "585848786654", "--role", "AdministratorAccess"]
const process1 = ["--credential-process", "-u", defaultUser.name, ...admin]
const folder = ".aws/pum-aws"

/** Answers come from commands, as many callers without a terminal have them; every run of them is counted. */
function answering(home: Home, code: string = first): Record<string, string> {
  home.write("password", defaultUser.password)
  return {
    PUM_PASSWORD_COMMAND: `echo asked >> ${home.path}/asked; cat ${home.path}/password`,
    PUM_OTP_COMMAND: `echo ${code}`,
  }
}

/** Told in this process, as far as it does not matter which process it is. */
function tell(
  home: Home,
  args: readonly string[],
  env: Record<string, string> = answering(home),
): Promise<Ended> {
  return tellStory(home, world, { args, env })
}

function run(
  home: Home,
  args: readonly string[],
  env: Record<string, string> = answering(home),
): Promise<Ended> {
  return runProgram({ args, env: cleanEnv(home, { ...world.env, ...env }) })
}

/** Without anything that could answer a question: what comes is kept. */
const runUnanswered = (home: Home, args: readonly string[], env: Record<string, string> = {}) =>
  run(home, args, env)

/** Node options with which a run writes the names of the modules it has loaded to the file `loaded`. */
function notingModules(home: Home): Record<string, string> {
  const file = JSON.stringify(join(home.path, "loaded"))
  home.write(
    "hook.cjs",
    `${notingFiles}; process.on("exit", () => require("node:fs").writeFileSync(${file}, ${loadedNames}))`,
  )
  return { NODE_OPTIONS: `--require ${join(home.path, "hook.cjs")}` }
}

const signIns = () => world.adfs.passwords.length
const keptFiles = (home: Home) =>
  readdirSync(join(home.path, folder))
    .filter(name => name.endsWith(".json"))
    .map(name => join(home.path, folder, name))
const accessKeyOf = ({ stdout }: Ended) => /ASIA\w{16}/.exec(stdout)?.[0]

/** Rewrites the one kept session. */
function edit(home: Home, change: (text: string) => string): void {
  const [file = ""] = keptFiles(home)
  writeFileSync(file, change(readFileSync(file, "utf8")))
}

const expiresIn = (minutes: number) => (text: string) =>
  text.replace(/("expiration":")[^"]+/, `$1${new Date(Date.now() + minutes * 60_000).toISOString()}`)

describe("a session that is kept", () => {
  it("is given to every mode without signing in again, and AWS files are not touched", async () => {
    const home = new Home()
    const { code, stdout, stderr } = await run(home, process1)
    const [session] = world.sts.sessions
    const answer = {
      Version: 1,
      AccessKeyId: session?.accessKeyId,
      SecretAccessKey: session?.secretAccessKey,
      SessionToken: session?.sessionToken,
      Expiration: session?.expiration.toISOString().replace(".000Z", "Z"),
    }
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${JSON.stringify(answer)}\n`, stderr: "" })
    expect(await runUnanswered(home, process1)).toMatchObject({ code: 0, stdout, stderr: "" })
    const rest = process1.slice(1)
    for (const mode of [["--json"], ["--export", "sh"]]) {
      const ended = await runUnanswered(home, [...mode, ...rest])
      expect([ended.code, ended.stderr, accessKeyOf(ended)]).toEqual([0, "", session?.accessKeyId])
    }
    const child = await runUnanswered(home, [...rest, "--", "sh", "-c", 'echo "$AWS_ACCESS_KEY_ID"'])
    expect(child.stdout).toBe(`${session?.accessKeyId}\n`)
    expect(signIns()).toBe(1)
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
  })

  it("is readable by the user alone, and holds neither password nor code nor assertion", async () => {
    const home = new Home()
    await tell(home, process1)
    const mode = (name: string) => (statSync(join(home.path, name)).mode & 0o777).toString(8)
    expect([mode(".aws"), mode(folder)]).toEqual(["700", "700"])
    for (const name of readdirSync(join(home.path, folder))) {
      expect([name, mode(join(folder, name))]).toEqual([name, "600"])
      const text = home.read(join(folder, name)) ?? ""
      for (const secret of [defaultUser.password, first, world.sts.calls[0]?.samlAssertion ?? "?"])
        expect(text).not.toContain(secret)
    }
  })

  it("is found with the options in any order and any spelling, needing no more than one small file", async () => {
    const home = new Home()
    const { stdout } = await tell(home, process1)
    const node = notingModules(home)
    for (const args of [
      [...admin, "--credential-process", "-u", defaultUser.name],
      [
        "--role=administratorACCESS",
        `--username=${defaultUser.name.toUpperCase()}`,
        "-a",
        "585848786654",
        "--credential-process",
        "-d",
        "60m",
      ],
    ]) {
      expect(await runUnanswered(home, args, node)).toMatchObject({ code: 0, stdout })
      expect(home.read("loaded")).toBe("hook.cjs pum-aws load.js cached.js")
    }
    const fromElsewhere = { PUM_ACCOUNT: "585848786654", PUM_ROLE: "AdministratorAccess" }
    expect(
      await runUnanswered(home, ["--credential-process", "-u", defaultUser.name], fromElsewhere),
    ).toMatchObject({ stdout })
    home.write(
      ".pum-aws",
      `[profile default]\nusername = ${defaultUser.name}\naccount = 585848786654\nrole = AdministratorAccess\n`,
    )
    expect(await runUnanswered(home, ["--credential-process"])).toMatchObject({ stdout })
  })

  it("ends the process once it is printed, even if a module of NODE_OPTIONS would keep that running", async () => {
    const home = new Home()
    await tell(home, process1)
    home.write("hook.cjs", "setInterval(() => {}, 1000)")
    const node = { NODE_OPTIONS: `--require ${join(home.path, "hook.cjs")}` }
    expect((await runUnanswered(home, process1, node)).code).toBe(0)
    expect((await runUnanswered(home, ["--json", ...process1.slice(1)], node)).code).toBe(0)
    expect((await runUnanswered(home, ["--status", "--short"], node)).code).toBe(0)
  })

  it("is printed by --json and --export as the whole program does, needing no more than one small file", async () => {
    const home = new Home()
    await tell(home, process1)
    home.write(".aws/config", "[default]\nregion = eu-north-1\n")
    home.write(".pum-aws", "[account-mapping]\n585848786654 = prod\n")
    const node = notingModules(home)
    for (const mode of [["--json"], ["--export", "sh"], ["--export=fish"]]) {
      const args = [...mode, ...process1.slice(1)]
      const told = await runUnanswered(home, args, node)
      expect(home.read("loaded")).toBe("hook.cjs pum-aws load.js short.js")
      const whole = await runUnanswered(home, [...args, "--verbose"], node)
      expect(home.read("loaded")).toContain("main.js")
      expect([told.code, told.stdout, told.stderr]).toEqual([0, whole.stdout, ""])
      expect(told.stdout).toContain("eu-north-1")
      expect(told.stdout).toContain("prod")
    }
  })

  it.each([
    [
      "a region that AWS tools would misread",
      ".aws/config",
      "[default]\nregion = eu-north-1 # home\n",
      7,
      "is not a region",
    ],
    ["a malformed AWS file", ".aws/config", "[default\n", 0, "warning: cannot use ~/.aws/config"],
    ["a sign-in that is to be forgotten", ".pum-aws", "[default]\nremember = off\n", 0, ""],
    ["a misspelt setting", ".pum-aws", "[default]\nregoin = eu-north-1\n", 2, "regoin"],
  ])("is given by the whole program where there is %s", async (_, file, text, exitCode, said) => {
    const home = new Home()
    await tell(home, process1)
    home.write(file, text)
    const node = notingModules(home)
    const { code, stderr } = await runUnanswered(home, ["--json", ...process1.slice(1)], node)
    expect(home.read("loaded")).toContain("start.js")
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(said)])
  })

  it.each([
    ["role", ["--role", "PowerUserAccess", "--account", "095344953043"], {}],
    ["account as it was asked for", ["--account", "5858", "--role", "AdministratorAccess"], {}],
    ["profile", [...admin, "-p", "other"], {}],
    ["duration", [...admin, "-d", "2"], {}],
    ["user", [...admin], { PUM_USERNAME: "adm\\somebody_else" }],
    [
      "sign-in page",
      [...admin, "--idp-url", "https://login.visma.com/adfs/ls/idpinitiatedsignon.aspx?x=1"],
      {},
    ],
  ])("is not given for another %s", async (_, args, env) => {
    const home = new Home()
    await tell(home, process1)
    const user = "PUM_USERNAME" in env ? [] : ["-u", defaultUser.name]
    const ended = await runUnanswered(home, ["--credential-process", ...user, ...args], env)
    expect([ended.code, ended.stdout]).toEqual([2, ""])
    expect(ended.stderr).toMatch(
      /^pum-aws: the password is missing, and there is no terminal to ask on; run this in a terminal: pum-aws .*-- aws sts get-caller-identity\n$/,
    )
  })

  it("says with --verbose where a session comes from", async () => {
    const home = new Home()
    await tell(home, process1)
    const { stderr } = await runUnanswered(home, [...process1, "-v"])
    expect(stderr).toMatch(
      /· a session is there already: arn:aws:sts::585848786654:assumed-role\/AdministratorAccess\/dev_aly, until \S+Z\n/,
    )
  })

  it("is given without a way out: it needs no network", async () => {
    const home = new Home()
    const { stdout } = await tell(home, process1)
    const nowhere = { HTTPS_PROXY: "http://:x:", AWS_CA_BUNDLE: "/nowhere.pem" }
    expect(await runUnanswered(home, process1, nowhere)).toMatchObject({ code: 0, stdout, stderr: "" })
    expect((await runUnanswered(home, ["--json", ...process1.slice(1)], nowhere)).code).toBe(0)
  })

  it("is not given for a region it cannot be used in", async () => {
    const home = new Home()
    await tell(home, process1)
    const { code, stdout, stderr } = await runUnanswered(home, [...process1, "-r", "cn-north-1"])
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("the region cn-north-1 is not in the role's partition aws")
  })

  it("is given with the warnings that a new one would have", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\nnot-an-account = x\n")
    const first = await tell(home, process1)
    expect(first.stderr).toMatch(/^warning: /)
    expect(await runUnanswered(home, process1)).toEqual(first)
  })

  it("that is shorter than was asked for is announced once, when it begins", async () => {
    const home = new Home()
    world.sts.settings.maxSessionSeconds = { "arn:aws:iam::585848786654:role/AdministratorAccess": 3600 }
    const shorter = "warning: the role does not allow 2 h; these credentials last 1 h\n"
    expect((await tell(home, [...process1, "-d", "2"])).stderr).toBe(shorter)
    expect((await runUnanswered(home, [...process1, "-d", "2"])).stderr).toBe("")
    expect((await runUnanswered(home, ["--json", ...process1.slice(1), "-d", "2"])).stderr).toBe("")
  })

  it("is not given under an alias that stands for another account by now", async () => {
    const home = new Home()
    home.write(".pum-aws", "[account-mapping]\n585848786654 = prod\n")
    const args = ["--credential-process", "-u", defaultUser.name, "-a", "prod"]
    expect((await tell(home, args)).code).toBe(0)
    expect((await runUnanswered(home, args)).code).toBe(0)
    home.write(".pum-aws", "[account-mapping]\n095344953043 = prod\n")
    expect((await runUnanswered(home, args)).code).toBe(2)
  })

  it("is, if no user is named, that of the user who was typed last, and of no other", async () => {
    const home = new Home()
    home.write(".pum-aws", `[default]\nusername = ${defaultUser.name}\n`)
    const args = ["--credential-process", ...admin]
    expect((await tell(home, args)).code).toBe(0)
    expect((await runUnanswered(home, args)).code).toBe(0)
    home.write(".pum-aws", "[default]\nusername = adm\\somebody_else\n")
    expect((await runUnanswered(home, args)).code).toBe(2)
    home.write(".pum-aws", "")
    expect((await runUnanswered(home, args)).code).toBe(2)
  })

  it.each([
    [16, 1],
    [14, 2],
    [-1, 2],
  ])("with %i minutes left means %i sign-ins in all", async (minutes, expected) => {
    const home = new Home()
    await tell(home, process1)
    edit(home, expiresIn(minutes))
    expect((await tell(home, process1, answering(home, second))).code).toBe(0)
    expect(signIns()).toBe(expected)
  })

  it("that was asked for 15 minutes is used for the first half of them", async () => {
    const home = new Home()
    const args = [...process1, "-d", "15m"]
    await tell(home, args)
    edit(home, expiresIn(8))
    expect((await tell(home, args)).code).toBe(0)
    expect(signIns()).toBe(1)
    edit(home, expiresIn(7))
    expect((await tell(home, args, answering(home, second))).code).toBe(0)
    expect(signIns()).toBe(2)
  })

  it("is given while 60 seconds are left, where no answer can come from anywhere", async () => {
    const home = new Home()
    const { stdout } = await tell(home, process1)
    edit(home, expiresIn(1.2))
    expect(accessKeyOf(await tell(home, process1, {}))).toBe(/ASIA\w{16}/.exec(stdout)?.[0])
    edit(home, expiresIn(0.9))
    expect((await tell(home, process1, {})).code).toBe(2)
  })

  it("beats an error, but not a refusal of the password", async () => {
    const home = new Home()
    await tell(home, process1)
    edit(home, expiresIn(2))
    const failing = { ...answering(home), PUM_PASSWORD_COMMAND: "false" }
    expect((await tell(home, process1, failing)).code).toBe(0)
    expect((await tell(home, [...process1, "--force"], failing)).code).toBe(2)
    edit(home, expiresIn(0.9))
    expect((await tell(home, process1, failing)).code).toBe(2)
    edit(home, expiresIn(2))
    const wrong = { ...answering(home), PUM_PASSWORD_COMMAND: "echo wrong" }
    expect((await tell(home, process1, wrong)).code).toBe(3)
  })

  it("is not used with --force, and the new one is kept", async () => {
    const home = new Home()
    const before = await tell(home, process1)
    const forced = await tell(home, [...process1, "--force"], answering(home, second))
    expect([forced.code, signIns()]).toEqual([0, 2])
    expect(accessKeyOf(forced)).not.toBe(accessKeyOf(before))
    expect((await runUnanswered(home, process1)).stdout).toBe(forced.stdout)
  })

  it.each([
    ["cut off", (text: string) => text.slice(0, 300)],
    ["empty", () => ""],
    ["another program's", () => '{"accessToken":"x","expiresAt":"2030-01-01T00:00:00Z"}'],
    ["no text", () => "\x00\xff\xfe"],
    ["without a token", (text: string) => text.replace(/"sessionToken":"[^"]*"/, '"sessionToken":""')],
  ])("that is %s is not there, with a warning, and is replaced", async (_, change) => {
    const home = new Home()
    await tell(home, process1)
    const [file = ""] = keptFiles(home)
    edit(home, change)
    const { code, stderr, stdout } = await tell(home, process1, answering(home, second))
    expect([code, stderr]).toEqual([
      0,
      `warning: ignored ~/.aws/pum-aws/${file.split("/").at(-1)}: it holds no session of pum-aws\n`,
    ])
    expect((await runUnanswered(home, process1)).stdout).toBe(stdout)
  })

  it("that cannot be written is given all the same, with a warning", async () => {
    const home = new Home()
    await tell(home, process1)
    const [file = ""] = keptFiles(home)
    rmSync(file)
    // Where the new text would be written first.
    mkdirSync(join(home.path, folder, `.${basename(file)}.pum-aws.tmp`))
    const { code, stdout, stderr } = await tell(home, process1, answering(home, second))
    expect([code, JSON.parse(stdout).Version]).toEqual([0, 1])
    expect(stderr).toBe(
      `warning: sessions are not kept: cannot write ~/.aws/pum-aws/${basename(file)}: is a folder\n`,
    )
  })

  it("that cannot be read ends the run: it may be there", async () => {
    const home = new Home()
    home.write(folder, "a file where the folder should be")
    const { code, stderr } = await tell(home, process1)
    expect([code, stderr.replace(/default-\w+/, "default-x")]).toEqual([
      7,
      "pum-aws: cannot read ~/.aws/pum-aws/default-x.outcome: a part of its path is a file, not a folder\n",
    ])
    expect(world.adfs.log).toEqual([])
  })
})

describe("many at once, with nothing kept", () => {
  // 50 AWS CLIs: scripts/try-tarball.ts.
  it("many callers: one signs in, all get its session", async () => {
    const home = new Home()
    const env = answering(home)
    const ended = await Promise.all(Array.from({ length: atScale(12, 50) }, () => run(home, process1, env)))
    expect(new Set(ended.map(({ code, stderr }) => `${code} ${stderr}`))).toEqual(new Set(["0 "]))
    expect(new Set(ended.map(accessKeyOf)).size).toBe(1)
    expect([signIns(), world.sts.calls.length, home.read("asked")]).toEqual([1, 1, "asked\n"])
  })

  it("a refused password is sent once, and refuses all", async () => {
    const home = new Home()
    const { NODE_OPTIONS, folder } = notingStarts(home)
    const env = {
      ...answering(home),
      NODE_OPTIONS,
      // A process that starts after the refusal does not wait.
      PUM_PASSWORD_COMMAND: `while [ $(ls ${folder} | wc -l) -lt 6 ]; do sleep 0.05; done; echo wrong`,
    }
    const ended = await Promise.all(Array.from({ length: 6 }, () => run(home, process1, env)))
    expect(world.adfs.passwords).toEqual(["wrong"])
    const [one] = ended
    expect(one?.stderr).toMatch(/^pum-aws: ADFS refused the user name or password/)
    for (const each of ended) expect(each).toEqual(one)
    expect(one?.code).toBe(3)
  })

  it("the one who asks is killed: another takes over", async () => {
    const home = new Home()
    const env = answering(home)
    const hanging = { ...env, PUM_PASSWORD_COMMAND: `echo $$ > ${home.path}/holder; exec sleep 60` }
    const killed = startWithoutTerminal(process.execPath, {
      args: [program, ...process1],
      env: cleanEnv(home, { ...world.env, ...hanging }),
    })
    while (!home.read("holder")?.endsWith("\n")) await new Promise(resolve => setTimeout(resolve, 20))
    const waiting = [run(home, process1, env), run(home, process1, env)]
    killed.process.kill("SIGKILL")
    process.kill(Number(home.read("holder")))
    const ended = await Promise.all(waiting)
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect(new Set(ended.map(accessKeyOf)).size).toBe(1)
    expect(signIns()).toBe(1)
    await killed.ended
  })

  it("the one who asks is told to end: another takes over", async () => {
    const home = new Home()
    const env = answering(home)
    const hanging = { ...env, PUM_PASSWORD_COMMAND: `touch ${home.path}/holder; exec sleep 60` }
    const stopped = startWithoutTerminal(process.execPath, {
      args: [program, ...process1],
      env: cleanEnv(home, { ...world.env, ...hanging }),
    })
    while (home.read("holder") === undefined) await new Promise(resolve => setTimeout(resolve, 20))
    const waiting = run(home, process1, env)
    stopped.process.kill("SIGTERM")
    expect([(await stopped.ended).signal, (await waiting).code]).toEqual(["SIGTERM", 0])
  })

  it("a lock that was left behind blocks no process", async () => {
    const home = new Home()
    await tell(home, process1)
    const [file = ""] = keptFiles(home)
    rmSync(file)
    const outcome = readdirSync(join(home.path, folder)).find(name => name.endsWith(".outcome"))
    mkdirSync(join(home.path, folder, `${outcome}.lock`))
    const longAgo = new Date(Date.now() - 3600_000)
    utimesSync(join(home.path, folder, `${outcome}.lock`), longAgo, longAgo)
    expect((await tell(home, process1, answering(home, second))).code).toBe(0)
  })
})

describe("--if-needed", () => {
  const store = (home: Home, args: readonly string[], code: string = first) =>
    tell(home, ["-u", defaultUser.name, "-p", "vadfs", ...args], answering(home, code))

  it("does nothing while the profile holds credentials of the wanted role for that long", async () => {
    const home = new Home()
    expect((await store(home, [...admin, "--if-needed"])).code).toBe(0)
    const before = home.awsFiles()
    for (const args of [
      ["--if-needed"],
      ["--if-needed", "59"],
      [...admin, "--if-needed"],
      ["--role", "administratoraccess", "--if-needed"],
    ]) {
      const { code, stdout, stderr } = await store(home, args)
      expect([code, stdout, stderr.replace(/\d\d:\d\d/, "15:46").replace("59 min", "1 h")]).toEqual([
        0,
        "",
        "✔ Profile [vadfs] needs nothing\n  arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly, valid until 15:46 (1 h)\n",
      ])
    }
    expect(home.awsFiles()).toEqual(before)
    expect(signIns()).toBe(1)
  })

  it.each([
    ["for longer", [...admin, "--if-needed", "61"]],
    ["of another role", ["-a", "095344953043", "--role", "PowerUserAccess", "--if-needed"]],
    ["of a role that a beginning may mean", ["-a", "585848786654", "--role", "Admin", "--if-needed"]],
    ["anew", [...admin, "--if-needed", "--force"]],
  ])("signs in for credentials %s", async (_, args) => {
    const home = new Home()
    await store(home, admin)
    expect((await store(home, args, second)).code).toBe(0)
    expect(signIns()).toBe(2)
  })

  it("is content with half of a session that lasts less than 30 minutes, unless minutes are given", async () => {
    const home = new Home()
    const short = [...admin, "-d", "15m"]
    await store(home, short)
    const lasting = (minutes: number) => {
      const ends = new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, "")
      const text = home.read(".aws/credentials") ?? ""
      home.write(".aws/credentials", text.replace(/(x_security_token_expires = ).*/, `$1${ends}`))
    }
    lasting(8)
    expect((await store(home, [...short, "--if-needed"])).stderr).toContain("needs nothing")
    expect((await store(home, [...short, "--if-needed", "9"], second)).stderr).toContain("Stored")
    lasting(7)
    const third = defaultUser.codes[2]
    expect((await store(home, [...short, "--if-needed"], third)).stderr).toContain("Stored")
  })

  it("does not take another region for the wanted one", async () => {
    const home = new Home()
    await store(home, admin)
    expect((await store(home, [...admin, "--if-needed", "-r", "eu-central-1"])).code).toBe(0)
    expect(signIns()).toBe(1)
    expect((await store(home, [...admin, "--if-needed", "-r", "eu-north-1"], second)).code).toBe(0)
    expect([signIns(), home.read(".aws/config")]).toEqual([2, expect.stringContaining("region = eu-north-1")])
  })

  it("says what AWS tools use instead, and replaces what an old token makes useless", async () => {
    const home = new Home()
    await store(home, admin)
    home.write(
      ".aws/config",
      "[profile vadfs]\nrole_arn = arn:aws:iam::123456789012:role/x\nregion = eu-central-1\n",
    )
    expect((await store(home, ["--if-needed"])).stderr).toContain(
      "warning: role_arn in [profile vadfs] of ~/.aws/config: AWS tools assume that role",
    )
    home.write(".aws/credentials", `${home.read(".aws/credentials")}aws_security_token = old\n`)
    expect((await store(home, [...admin, "--if-needed"], second)).code).toBe(0)
    expect(signIns()).toBe(2)
    expect(home.read(".aws/credentials")).not.toContain("aws_security_token")
  })

  it("does not take another user's credentials for the wanted ones, nor does --status", async () => {
    const home = new Home()
    const other = { ...defaultUser, name: "adm\\other" }
    world.adfs.settings.users = [defaultUser, other]
    const as = (name: string, code: string, ...args: string[]) =>
      tell(home, ["-u", name, "-p", "vadfs", ...admin, ...args], answering(home, code))
    await as(defaultUser.name, first)
    const status = await as(other.name, second, "--status")
    expect([status.code, status.stdout]).toEqual([
      1,
      expect.stringContaining("it holds a session of dev_aly, and another user is asked for"),
    ])
    expect((await as(other.name, first, "--if-needed")).stderr).toContain("Stored in profile [vadfs]")
    expect(home.read(".aws/credentials")).toContain("/other\n")
    for (const name of [other.name, "ADM\\Other"]) {
      expect((await as(name, second, "--status")).code).toBe(0)
      expect((await as(name, second, "--if-needed")).stderr).toContain("needs nothing")
    }
    // The kept sessions of the user who is named tell it as well.
    rmSync(join(home.path, folder), { recursive: true })
    await as(defaultUser.name, second, "--json")
    expect((await as(defaultUser.name, second, "--status")).code).toBe(1)
    // Nothing tells whose they are.
    rmSync(join(home.path, folder), { recursive: true })
    expect((await as(defaultUser.name, second, "--if-needed")).stderr).toContain("needs nothing")
  })

  it("comes from the environment, too", async () => {
    const home = new Home()
    await store(home, admin)
    const env = { ...answering(home, second), PUM_IF_NEEDED: "yes" }
    expect((await tell(home, ["-u", defaultUser.name, "-p", "vadfs"], env)).code).toBe(0)
    expect(signIns()).toBe(1)
  })
})
