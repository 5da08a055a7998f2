import { statSync } from "node:fs"
import { ClientRequest } from "node:http"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { readCommandLine } from "../../src/options/command-line.ts"
import { readOptions } from "../../src/options/options.ts"
import { forgetRemembered } from "../../src/remembered/forget.ts"
import type { Run } from "../../src/run.ts"
import { signOut } from "../../src/visit-adfs.ts"
import { defaultUser, errorPage, startWorld, type World } from "../emulators/world.ts"
import type { MemoryKeychain } from "../support/keychain.ts"
import { cleanEnv, type Home } from "../support/program.ts"
import { Remembering, sealedFolder, withField } from "../support/remembering.ts"
import { tellStory } from "../support/story.ts"

let world: World
let aly: Remembering
let home: Home
let keychain: MemoryKeychain
let codes: string[]
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  aly = new Remembering(world)
  ;({ home, keychain, codes } = aly)
})
afterEach(() => void vi.useRealTimers())
afterAll(() => world.close())

const user = ["-u", defaultUser.name]

const list = (args: readonly string[] = [], env: Record<string, string> = {}) => aly.list(args, env)
const asked = () => aly.asked()

const realTimeout = globalThis.setTimeout

describe("a working day", () => {
  const at = (time: string) => {
    const [hours = 0, minutes = 0] = time.split(":").map(Number)
    vi.setSystemTime(new Date(2026, 10, 26, hours, minutes))
  }

  it.each([
    {
      sessionHours: 8,
      times: ["8:00", "9:00", "12:00", "15:59", "16:01", "19:59"],
      askedAt: ["8:00", "16:01"],
    },
    { sessionHours: 24, times: ["8:00", "12:00", "16:01", "19:59", "20:01"], askedAt: ["8:00", "20:01"] },
  ])(
    "with ADFS at $sessionHours hours, one password and one code at $askedAt",
    async ({ sessionHours, times, askedAt }) => {
      world.adfs.settings.sessionHours = sessionHours
      vi.useFakeTimers({ toFake: ["Date"] })
      const questions: string[] = []
      for (const time of times) {
        at(time)
        const before = asked()
        const ended = await list()
        expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("AdministratorAccess") })
        const [passwords = 0, sentCodes = 0] = asked().map((count, index) => count - (before[index] ?? 0))
        if (passwords + sentCodes > 0) questions.push(time)
        expect([0, 1]).toContain(passwords)
        expect(sentCodes).toBe(passwords)
      }
      expect(questions).toEqual(askedAt)
    },
  )
})

describe("a remembered sign-in", () => {
  it("needs the code alone, if the relying party wants a fresh second factor", async () => {
    world.adfs.settings.freshSecondFactor = true
    await list()
    expect((await list()).code).toBe(0)
    expect(asked()).toEqual([1, 2])
  })

  it("connects to ADFS while the keychain is asked, and sends nothing yet", async () => {
    await list()
    const seen = () => [world.adfs.connections(), world.adfs.log.length]
    const [connections = 0, requests] = seen()
    const get = keychain.get.bind(keychain)
    keychain.get = async name => {
      while (world.adfs.connections() === connections) await new Promise(resolve => setTimeout(resolve, 5))
      expect(seen()).toEqual([connections + 1, requests])
      return get(name)
    }
    expect((await list()).code).toBe(0)
    expect(world.adfs.connections()).toBe(connections + 1)
  })

  it("connects to STS while ADFS answers", async () => {
    await list()
    world.adfs.settings.delayMs = 500
    const { emit } = ClientRequest.prototype
    const connected: string[] = []
    vi.spyOn(ClientRequest.prototype, "emit").mockImplementation(function (
      this: ClientRequest,
      name,
      ...values
    ) {
      if (name === "response") connected.push(world.proxy.log.at(-1)?.target ?? "")
      return emit.call(this, name, ...values)
    })
    await aly.tell(["--remember", "sign-in", "--json", "--role", "AdministratorAccess"])
    vi.restoreAllMocks()
    expect(connected[0]).toBe("sts.eu-central-1.amazonaws.com:443")
  })

  it("serves every role and mode, and an ADFS that splits its cookies", async () => {
    world.adfs.settings.bigCookies = true
    await list()
    for (const role of ["AdministratorAccess", "PowerUserAccess"]) {
      const args = [...user, "--remember", "sign-in", "--json", "--role", role]
      const ended = await tellStory(home, world, { args, keychain })
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(role) })
    }
    expect(asked()).toEqual([1, 1])
  })

  it("is one file of mode 600 and one key; nothing of it can be read, and each write has its own nonce", async () => {
    const ended = await list(["-v"])
    const first = JSON.parse(aly.text)
    expect(statSync(join(home.path, sealedFolder, aly.files()[0] ?? "")).mode & 0o777).toBe(0o600)
    expect(Object.keys(first)).toEqual([
      "version",
      "origin",
      "user",
      "bound",
      "keyId",
      "began",
      "ends",
      "nonce",
      "data",
    ])
    expect(first.ends - first.began).toBe(12 * 3600_000)
    const again = await list(["-v"])
    const second = JSON.parse(aly.text)
    expect({ ...second, nonce: "", data: "" }).toEqual({ ...first, nonce: "", data: "" })
    expect(second.nonce).not.toBe(first.nonce)
    expect([...keychain.entries.keys()]).toEqual([`sign-in ${first.keyId}`])
    const shown = `${aly.text}${ended.stdout}${ended.stderr}${again.stderr}`
    for (const secret of [...world.adfs.cookies, ...keychain.entries.values(), defaultUser.password])
      if (secret.length > 8) expect(shown).not.toContain(secret)
  })

  it("gets a new key with each password, and the old entry is deleted", async () => {
    await list()
    const [old] = keychain.entries.keys()
    await list(["--force"])
    expect(world.adfs.connections()).toBe(2)
    expect(keychain.entries.size).toBe(1)
    expect(keychain.entries.has(old ?? "")).toBe(false)
    expect(asked()).toEqual([2, 2])
    await list()
    expect(asked()).toEqual([2, 2])
  })

  it.each([
    ["its session was ended on the server", () => world.adfs.endSessions()],
    [
      "its request would be too long",
      () =>
        world.adfs.faults.switchOn(
          "token page",
          { kind: "answer", status: 400, body: "<h2>Too Long</h2>" },
          1,
        ),
    ],
    [
      "ADFS answers with an error",
      () => {
        const body = errorPage({ message: "MSIS7000: The sign in request is not compliant." })
        world.adfs.faults.switchOn("token page", { kind: "answer", status: 200, body }, 1)
      },
    ],
    [
      "ADFS knows another user by it",
      () => {
        world.adfs.settings.otherSubject = "adm\\dev_bob"
      },
    ],
  ])("is thrown away if %s, and the ordinary questions come", async (_, change) => {
    await list()
    const [old = ""] = keychain.entries.keys()
    const openBefore = world.adfs.openSockets()
    change()
    const ended = await list()
    expect([ended.code, ...asked()]).toEqual([0, 2, 2])
    expect([keychain.entries.size, keychain.entries.has(old)]).toEqual([1, false])
    // The connection of the visit in vain is closed.
    await vi.waitFor(() => expect(world.adfs.openSockets()).toBe(openBefore + 1))
  })

  it("is kept at network trouble and after a mistyped code", async () => {
    await list()
    const text = aly.text
    world.adfs.faults.switchOn("token page", { kind: "drop" }, 1)
    expect((await list()).code).toBe(4)
    world.adfs.settings.freshSecondFactor = true
    codes.unshift("000000")
    expect((await list()).code).toBe(3)
    world.adfs.settings.freshSecondFactor = false
    expect(aly.text).toBe(text)
    expect((await list()).code).toBe(0)
    expect(world.adfs.passwords).toHaveLength(1)
  })

  it("waits 20 s once, if ADFS wants a pause (MSIS7042), and ends with an error if it wants another", async () => {
    await list()
    const text = aly.text
    const body = errorPage({ message: "MSIS7042: The same client browser session has made '6' requests." })
    world.adfs.faults.switchOn("token page", { kind: "answer", status: 200, body }, 1)
    const pauses = vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation(((work: () => void, milliseconds?: number, ...args: unknown[]) =>
        realTimeout(work, milliseconds === 20_000 ? 0 : milliseconds, ...args)) as typeof setTimeout)
    try {
      expect((await list()).code).toBe(0)
      expect(pauses.mock.calls.filter(([, milliseconds]) => milliseconds === 20_000)).toHaveLength(1)
      world.adfs.faults.switchOn("token page", { kind: "answer", status: 200, body }, 2)
      expect(await list()).toMatchObject({ code: 4, stderr: expect.stringContaining("MSIS7042") })
    } finally {
      pauses.mockRestore()
    }
    expect(aly.keyId).toBe(JSON.parse(text).keyId)
    expect(asked()).toEqual([1, 1])
  })

  it.each([
    ["cut off", (text: string) => text.slice(0, 200)],
    ["with another version", withField("version", 0)],
    ["with its end moved", withField("ends", (ends: number) => ends - 1)],
    ["with its end moved beyond 12 hours", withField("ends", (ends: number) => ends + 1)],
    ["begun in the future", withField("began", (began: number) => began + 3600_000)],
    ["with another nonce", withField("nonce", Buffer.alloc(12).toString("base64"))],
    [
      "with changed data",
      withField("data", (data: string) => `${data.startsWith("A") ? "B" : "A"}${data.slice(1)}`),
    ],
    ["with a tag that is cut off", withField("data", (data: string) => data.slice(0, -4))],
  ])("is removed %s, and the ordinary questions come", async (_, change) => {
    await list()
    aly.change(change)
    const removed = change(aly.text)
    await list()
    expect(asked()).toEqual([2, 2])
    expect(aly.text).not.toBe(removed)
  })

  it.each([
    ["of another user", withField("user", "adm\\dev_bob"), {}],
    ["of another origin", withField("origin", "https://login.visma.com"), {}],
    ["of a later version", withField("version", 2), {}],
    ["bound to something else", withField("bound", "x"), {}],
    ["whose key this keychain does not hold", withField("keyId", "another"), {}],
    [
      "made with another STS endpoint",
      (text: string) => text,
      { AWS_ENDPOINT_URL_STS: "https://localhost:1" },
    ],
    ["made through another proxy", (text: string) => text, { HTTPS_PROXY: "" }],
  ])("is passed by %s, and stays until another one is kept", async (_, change, env) => {
    await list()
    aly.change(change)
    const before = aly.text
    const { HTTPS_PROXY } = env as Record<string, string>
    const direct = HTTPS_PROXY === "" ? { ...world.directEnv, https_proxy: "", HTTPS_PROXY: "" } : env
    world.adfs.faults.switchOn("password", { kind: "drop" })
    await list([], direct as Record<string, string>)
    expect(aly.text).toBe(before)
  })

  it("is passed by if the keychain cannot be asked: a line, the ordinary questions, and the file stays", async () => {
    await list()
    keychain.trouble = "the keychain did not answer within 5 s; it may be locked"
    const text = aly.text
    const ended = await list()
    expect(ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("not used: the keychain did not answer"),
    })
    expect(aly.text).toBe(text)
    expect(asked()).toEqual([2, 2])
  })

  it("is not used without a terminal, if confirm = yes", async () => {
    await list()
    home.write(".pum-aws", "[profile prod]\nconfirm = yes\n")
    expect(await list(["-p", "prod"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("no terminal to confirm"),
    })
    expect(asked()).toEqual([2, 2])
  })

  it("serves many callers for ten roles in turn: one password, one code, no MSIS7042", async () => {
    const roles = Array.from({ length: 10 }, (_, n) => `arn:aws:iam::095344953043:role/Role${n}`)
    world.adfs.settings.roles = roles
    await list()
    const visits = world.adfs.log.length
    const runs = roles.map(role =>
      tellStory(home, world, {
        args: [...user, "--remember", "sign-in", "--credential-process", "--role", role],
        keychain,
      }),
    )
    const ended = await Promise.all(runs)
    expect(ended.map(({ code, stderr }) => [code, stderr.includes("MSIS")])).toEqual(
      roles.map(() => [0, false]),
    )
    expect(asked()).toEqual([1, 1])
    expect(world.adfs.log.length - visits).toBe(10)
    await list()
    expect(asked()).toEqual([1, 1])
  })

  it("is removed by off, with its key", async () => {
    await list()
    const args = [...user, "--remember", "off", "--list", "--no-op"]
    const { stderr } = await tellStory(home, world, { args, keychain })
    expect(stderr).toMatch(/^✔ Forgot the remembered sign-in\n/)
    expect([aly.files(), keychain.entries.size]).toEqual([[], 0])
  })
})

describe("signing out", () => {
  it("removes file, key and password first, and ends the session at ADFS; if that fails, it is a warning", async () => {
    for (const isReached of [true, false]) {
      keychain.entries.set(`password federation.visma.com ${defaultUser.name}`, "x")
      await list()
      const env = cleanEnv(home, { ...world.env, AWS_CA_BUNDLE: world.caFile })
      const commandLine = readCommandLine(user)
      if (commandLine.wants !== "run") throw new TypeError(commandLine.wants)
      const options = readOptions(commandLine, env, home.path)
      const warnings: string[] = []
      const terminal = {
        warn: (line: string) => warnings.push(line),
        succeed: () => {},
        trace: () => {},
        keepSecret: () => {},
        progress: () => () => {},
      } as unknown as Run["terminal"]
      const ending = new AbortController().signal
      const run = {
        options,
        env,
        home: home.path,
        terminal,
        program: { script: "" },
        ending,
        keychain,
      } as unknown as Run
      const sessions = await forgetRemembered(run, { isSigningOut: true })
      expect([aly.files(), keychain.entries.size, sessions.length]).toEqual([[], 0, 1])
      if (!isReached) world.adfs.faults.switchOn("any", { kind: "drop" })
      await signOut(run, sessions)
      expect([world.adfs.signOuts, warnings.length]).toEqual([1, isReached ? 0 : 1])
    }
  })
})

describe("remembering is switched on by the user alone", () => {
  it.each([
    ["PUM_REMEMBER", { PUM_REMEMBER: "sign-in" }, []],
    ["PUM_REMEMBER, not even off", { PUM_REMEMBER: "off" }, []],
    ["--env-file", {}, ["--env-file", "HOME/file"]],
    ["PUM_CONFIG", { PUM_CONFIG: "HOME/config" }, []],
    ["PUM_CONFIG of an env file", {}, ["--env-file", "HOME/pointing"]],
    ["[profile NAME] of ~/.pum-aws", { HOME_CONFIG: "yes" }, []],
  ])("not by %s: exit code 2", async (_, env, args) => {
    home.write("file", "PUM_REMEMBER=all\n")
    home.write("config", "[default]\nremember = all\n")
    home.write("pointing", `PUM_CONFIG=${home.path}/config\n`)
    if ("HOME_CONFIG" in env) home.write(".pum-aws", "[profile prod]\nremember = all\n")
    const inHome = (text: string) => text.replace("HOME", home.path)
    const set = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, inHome(value)]))
    const ended = await tellStory(home, world, {
      args: [...user, "--list", ...args.map(inHome)],
      env: set,
      keychain,
    })
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("remember") })
    expect([asked(), keychain.calls]).toEqual([[0, 0], []])
  })

  it.each([
    ["~/.pum-aws", {}],
    ["~/.pum-aws, also if PUM_CONFIG names that file", { PUM_CONFIG: "~/.pum-aws" }],
  ])("but by [default] of %s", async (_, env) => {
    home.write(".pum-aws", "[default]\nremember = sign-in\n")
    const stdin = `${defaultUser.password}\n${codes[0]}\n`
    const args = [...user, "--list", "--password-stdin"]
    for (let run = 1; run <= 2; run += 1) await tellStory(home, world, { args, stdin, env, keychain })
    expect(asked()).toEqual([1, 1])
  })
})

describe("a remembered password", () => {
  const name = `password federation.visma.com ${defaultUser.name}`
  const all = (more: readonly string[] = []) => [...user, "--remember", "password", "--list", ...more]

  it("is sent once, and removed if ADFS refuses it or it has expired", async () => {
    keychain.entries.set(name, "an old password")
    const refused = await tellStory(home, world, { args: all(["--retry"]), keychain })
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("removed from the keychain") })
    expect([keychain.entries.size, world.adfs.passwords]).toEqual([0, ["an old password"]])

    keychain.entries.set(name, defaultUser.password)
    world.adfs.settings.users = [{ ...defaultUser, passwordExpired: true }]
    expect((await tellStory(home, world, { args: all(), keychain })).code).toBe(3)
    expect(keychain.entries.size).toBe(0)
  })

  it("that was refused is not sent again if the keychain does not remove it, until another one is kept", async () => {
    keychain.entries.set(name, "an old password")
    const stuck = vi.spyOn(keychain, "delete").mockResolvedValue({ trouble: "it is read-only" })
    for (const code of [3, 2, 2]) {
      const ended = await tellStory(home, world, { args: all(), keychain })
      expect([ended.code, ended.stderr.split("\n")[0]]).toEqual([
        code,
        "warning: the remembered password was refused, and is still in the keychain: it is read-only",
      ])
    }
    expect(world.adfs.passwords).toEqual(["an old password"])

    stuck.mockRestore()
    const { stderr } = await tellStory(home, world, { args: all(), keychain })
    expect(stderr.split("\n")[0]).toBe("warning: the remembered password was removed from the keychain")
    keychain.entries.set(name, defaultUser.password)
    await tellStory(home, world, { args: all(), keychain })
    expect(world.adfs.passwords).toEqual(["an old password", defaultUser.password])
  })

  it("comes after stdin and the command; one that was not typed is not kept", async () => {
    keychain.entries.set(name, defaultUser.password)
    await tellStory(home, world, { args: all(["--otp-command", `echo ${codes[0]}`]), keychain })
    expect([world.adfs.passwords, world.adfs.codes]).toEqual([[defaultUser.password], [codes[0]]])
    keychain.entries.set(name, "of the keychain")
    await tellStory(home, world, { args: all(["--password-stdin"]), stdin: "of stdin", keychain })
    await tellStory(home, world, { args: all(["--password-command", "echo of the command"]), keychain })
    expect(world.adfs.passwords.slice(1)).toEqual(["of stdin", "of the command"])
    expect(keychain.entries.get(name)).toBe("of the keychain")
  })
})
