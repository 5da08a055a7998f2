import { execFileSync } from "node:child_process"
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { MemoryKeychain } from "../support/keychain.ts"
import { patchFs, systemError } from "../support/patched-fs.ts"
import { Home } from "../support/program.ts"
import { Remembering, sealedFilesIn, sealedFolder, withField } from "../support/remembering.ts"

let world: World
let aly: Remembering
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  aly = new Remembering(world)
})
afterEach(() => void vi.useRealTimers())
afterAll(() => world.close())

const hour = 3600_000

describe("a sealed file in other hands", () => {
  it("is passed by on another machine, whose keychain does not hold its key", async () => {
    await aly.list()
    const thief = new Home()
    mkdirSync(join(thief.path, sealedFolder), { recursive: true })
    const [name = ""] = aly.files()
    copyFileSync(join(aly.home.path, sealedFolder, name), join(thief.path, sealedFolder, name))
    const own = aly.keychain
    aly.keychain = new MemoryKeychain()
    const ended = await aly.tell(["--remember", "sign-in", "--list"], {}, thief)
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("does not hold its key")])
    expect(sealedFilesIn(thief.path)).toEqual([name])
    expect(own.entries.size).toBe(1)
    expect(aly.asked()).toEqual([1, 1])
  })

  it("under the name of another user's file opens nothing for that user", async () => {
    world.adfs.settings.users = [defaultUser, { ...defaultUser, name: "adm\\dev_bob" }]
    await aly.list()
    await aly.list(["-u", "adm\\dev_bob"])
    const [first = "", second = ""] = aly.files()
    const path = (name: string) => join(aly.home.path, sealedFolder, name)
    copyFileSync(path(first), path(second))
    for (const name of [defaultUser.name, "adm\\dev_bob"]) await aly.list(["-u", name])
    // One of the two names was right.
    expect(aly.asked()).toEqual([3, 3])
  })

  it.each([
    ["another CA bundle", () => ({ AWS_CA_BUNDLE: bundle("ca.pem") })],
    ["another file of NODE_EXTRA_CA_CERTS", () => ({ NODE_EXTRA_CA_CERTS: bundle("extra.pem") })],
    ["certificates that are not checked", () => ({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })],
    ["another proxy", () => ({ HTTPS_PROXY: "http://127.0.0.1:1", https_proxy: "" })],
    ["another STS endpoint", () => ({ AWS_ENDPOINT_URL_STS: "https://localhost:1" })],
    ["another address of the same ADFS", () => ({ PUM_IDP_URL: `${idpUrl}&x=1` })],
  ])("is never used with %s than at the sign-in, and the keychain is not asked", async (_, env) => {
    const extra = { NODE_EXTRA_CA_CERTS: world.caFile }
    await aly.list([], extra)
    const before = aly.text
    const visits = world.adfs.log.length
    aly.keychain.calls.length = 0
    const ended = await aly.tell(["--remember", "sign-in", "--list"], { ...extra, ...env() })
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("is not used: it was made with")])
    expect([aly.text, aly.keychain.calls]).toEqual([before, []])
    expect(world.adfs.log.slice(visits).flatMap(({ cookieNames }) => cookieNames)).toEqual([])
    expect((await aly.list([], extra)).code).toBe(0)
    expect(aly.asked()).toEqual([1, 1])
  })

  it("is used with the same certificates in another file", async () => {
    await aly.list([], { NODE_EXTRA_CA_CERTS: world.caFile })
    const other = join(aly.home.path, "moved.pem")
    copyFileSync(world.caFile, other)
    await aly.list([], { AWS_CA_BUNDLE: other, NODE_EXTRA_CA_CERTS: other })
    expect(aly.asked()).toEqual([1, 1])
  })
})

const idpUrl = "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"

/** The same certificate twice: ADFS is reached all the same. */
function bundle(name: string): string {
  const path = join(aly.home.path, name)
  copyFileSync(world.caFile, path)
  writeFileSync(path, "\n# another one\n", { flag: "a" })
  return path
}

describe("time", () => {
  it("begins with the password: a slow second factor or keychain does not move the end", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    vi.setSystemTime(new Date(2026, 10, 26, 8, 0))
    const set = aly.keychain.set.bind(aly.keychain)
    aly.keychain.set = (name, secret) => {
      vi.setSystemTime(new Date(2026, 10, 26, 8, 3))
      return set(name, secret)
    }
    await aly.list()
    const { began, ends } = JSON.parse(aly.text)
    const of = (time: number) => new Date(time).toTimeString().slice(0, 5)
    expect([of(began), of(ends)]).toEqual(["08:00", "20:00"])
  })

  it.each([
    ["back by an hour", -hour],
    ["forward by 13 hours", 13 * hour],
  ])("a clock that is set %s: removed with its key, and the ordinary questions come", async (_, step) => {
    world.adfs.settings.sessionHours = 24
    vi.useFakeTimers({ toFake: ["Date"] })
    await aly.list()
    const { keyId } = aly
    vi.setSystemTime(Date.now() + step)
    const ended = await aly.list()
    expect([ended.code, ...aly.asked()]).toEqual([0, 2, 2])
    expect([...aly.keychain.entries.keys()]).toEqual([`sign-in ${aly.keyId}`])
    expect(aly.keyId).not.toBe(keyId)
  })
})

describe("ADFS", () => {
  it("that makes SamlSession longer at each use never gets a request that is too long", async () => {
    world.adfs.settings.loopGuard = "server"
    vi.useFakeTimers({ toFake: ["Date"] })
    await aly.list()
    const { length } = aly.text
    for (let visit = 1; visit <= 25; visit++) {
      vi.setSystemTime(Date.now() + 60_000)
      expect((await aly.list()).code).toBe(0)
    }
    expect(aly.asked()).toEqual([1, 1])
    expect(aly.text.length).toBe(length)
  })

  it("that names another session by the same subject is another user: thrown away", async () => {
    await aly.list()
    world.adfs.settings.assertion = { roleSessionName: "dev_bob" }
    await aly.list()
    expect(aly.asked()).toEqual([2, 2])
  })

  it.each([400, 413, 414, 431])("that answers HTTP %i: thrown away", async status => {
    await aly.list()
    world.adfs.faults.switchOn("token page", { kind: "answer", status, body: "<h2>Too Long</h2>" }, 1)
    expect((await aly.list()).code).toBe(0)
    expect(aly.asked()).toEqual([2, 2])
  })

  it.each([500, 503])("that answers HTTP %i is in trouble: kept", async status => {
    await aly.list()
    world.adfs.faults.switchOn("token page", { kind: "answer", status, body: "<h2>Sorry</h2>" }, 1)
    expect((await aly.list()).code).toBe(4)
    expect((await aly.list()).code).toBe(0)
    expect(aly.asked()).toEqual([1, 1])
  })
})

describe("signing out", () => {
  it("in the middle of a visit waits for it; nothing comes back afterwards", async () => {
    await aly.list()
    world.adfs.settings.delayMs = 300
    const before = world.adfs.log.length
    const visit = aly.list()
    await vi.waitFor(() => expect(world.adfs.log.length).toBeGreaterThan(before), {
      timeout: 5_000,
      interval: 5,
    })
    const logout = await aly.tell(["--logout"])
    expect([logout.code, (await visit).code]).toEqual([0, 0])
    expect([aly.files(), aly.keychain.entries.size, world.adfs.signOuts]).toEqual([[], 0, 1])
    world.adfs.settings.delayMs = 0
    await aly.list()
    expect(aly.asked()).toEqual([2, 2])
  })

  it.each([
    ["everything", ["--logout"], 0],
    ["its profile", ["--logout", "-p", "prod"], 0],
    ["another profile", ["--logout", "-p", "test"], 1],
  ])(
    "while AWS makes the session: it is handed out, and not kept if %s is forgotten",
    async (_, logout, kept) => {
      await aly.list()
      world.sts.settings.delayMs = 300
      const getting = aly.tell(["--remember", "sign-in", "--json", "--role", "RDSAlice", "-p", "prod"])
      await vi.waitFor(() => expect(world.sts.calls).toHaveLength(1), { timeout: 5_000, interval: 5 })
      await aly.tell(logout)
      const { code, stdout, stderr } = await getting
      expect([code, JSON.parse(stdout).RoleArn]).toEqual([0, expect.stringMatching(/RDSAlice$/)])
      expect(stderr).toBe(kept === 1 ? "" : "warning: the session is not kept: --logout was run meanwhile\n")
      const files = readdirSync(join(aly.home.path, sealedFolder))
      expect(files.filter(name => name.endsWith(".request"))).toHaveLength(kept)
      const { SecretAccessKey: secret } = JSON.parse(stdout)
      const texts = files.map(name => aly.home.read(`${sealedFolder}/${name}`) ?? "")
      expect(texts.some(text => text.includes(secret))).toBe(kept === 1)
    },
  )

  it("by --logout ends ADFS' session, and removes file, key and password", async () => {
    aly.keychain.entries.set(`password federation.visma.com ${defaultUser.name}`, "x")
    await aly.list()
    const stolen = aly.text
    const [name] = aly.files()
    const keys = new Map(aly.keychain.entries)
    const ended = await aly.tell(["--logout"])
    const said = [
      "✔ Forgot the remembered sign-in",
      "✔ Forgot 0 kept sessions",
      "  Credentials that were handed out already work until they run out.",
      "",
    ]
    expect([ended.code, ended.stderr]).toEqual([0, said.join("\n")])
    expect([aly.files(), aly.keychain.entries.size, world.adfs.signOuts]).toEqual([[], 0, 1])
    // With both at hand again, ADFS does not know them any more.
    for (const [key, secret] of keys) aly.keychain.entries.set(key, secret)
    aly.home.write(`${sealedFolder}/${name}`, stolen)
    await aly.list()
    expect(aly.asked()).toEqual([2, 2])
  })

  it.each([
    ["the keychain cannot be asked", () => Object.assign(aly.keychain, { trouble: "no bus" }), {}, "no bus"],
    ["its key is gone", () => aly.keychain.entries.clear(), {}, "does not hold its key"],
    ["it was made by another way", () => {}, { AWS_ENDPOINT_URL_STS: "https://localhost:1" }, "made with"],
    ["it is of another ADFS", () => aly.change(withField("origin", "https://x.test")), {}, "https://x.test"],
    ["it is damaged", () => aly.change(() => "{"), {}, "it is damaged"],
    ["the CA bundle is gone", () => {}, { AWS_CA_BUNDLE: "/nowhere.pem" }, "CA bundle"],
    ["the proxy is none", () => {}, { HTTPS_PROXY: "http://a b" }, "HTTPS_PROXY"],
  ])("if %s: the file goes all the same, and a warning says that ADFS was not told", async (...row) => {
    const [, change, env, why] = row
    await aly.list()
    change()
    const ended = await aly.tell(["--logout"], env as Record<string, string>)
    expect([ended.code, aly.files(), world.adfs.signOuts]).toEqual([0, [], 0])
    expect(ended.stderr).toMatch(/^warning: .*was not told of the sign-out: /m)
    expect(ended.stderr).toContain(why)
  })

  it("of several users tells ADFS of each, also if one cannot be told", async () => {
    const users = [defaultUser.name, "adm\\dev_bob", "adm\\dev_eve"]
    world.adfs.settings.users = users.map(name => ({ ...defaultUser, name }))
    for (const name of users) await aly.list(["-u", name])
    world.adfs.faults.switchOn("any", { kind: "drop" }, 1)
    const ended = await aly.tell(["--logout"])
    expect(ended.stderr.match(/could not be told/g)).toHaveLength(1)
    expect(ended.stderr).toContain("✔ Forgot 3 remembered sign-ins\n")
    expect([world.adfs.signOuts, aly.files(), aly.keychain.entries.size]).toEqual([2, [], 0])
  })

  it("leaves nothing of a run that was killed while it wrote", async () => {
    await aly.list()
    const [name] = aly.files()
    aly.home.write(`${sealedFolder}/.${name}.pum-aws.tmp`, aly.text.slice(0, 300))
    mkdirSync(join(aly.home.path, sealedFolder, `${name}.lock`))
    await aly.tell(["--logout"])
    expect(readdirSync(join(aly.home.path, sealedFolder))).toEqual([])
  })

  it("of one profile leaves what belongs to none", async () => {
    await aly.list()
    await aly.tell(["--logout", "--profile", "prod"])
    await aly.list()
    expect([aly.asked(), world.adfs.signOuts]).toEqual([[1, 1], 0])
  })
})

describe("a disk", () => {
  const onSealed = (file: unknown) => /sign-in-[^/]*$/.test(String(file))

  it("that is full: a visit goes on with a line, and the old file stays whole", async () => {
    await aly.list()
    const before = aly.text
    patchFs("openSync", real => (...args) => {
      if (onSealed(args[0]) && args[1] === "wx") throw systemError("ENOSPC", "open")
      return real(...args)
    })
    const ended = await aly.list()
    expect([ended.code, ended.stderr]).toEqual([
      0,
      expect.stringContaining("the sign-in is not remembered: "),
    ])
    const anew = await aly.list(["--force"])
    expect([anew.code, anew.stderr]).toEqual([0, expect.stringContaining("no space")])
    expect([aly.text, [...aly.keychain.entries.keys()]]).toEqual([before, [`sign-in ${aly.keyId}`]])
  })

  it("that is read-only: a line, the ordinary questions, and no key in the keychain", async () => {
    mkdirSync(join(aly.home.path, ".aws"))
    patchFs("mkdirSync", real => (...args) => {
      if (String(args[0]).includes(".aws/pum-aws")) throw systemError("EROFS", "mkdir")
      return real(...args)
    })
    const ended = await aly.list()
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("remembered")])
    expect([aly.asked(), aly.keychain.entries.size]).toEqual([[1, 1], 0])
  })

  it("whose folder others may write to: a planted file is not read, and nothing is put there", async () => {
    await aly.list()
    chmodSync(join(aly.home.path, sealedFolder), 0o777)
    const ended = await aly.list()
    expect([ended.code, ...aly.asked()]).toEqual([0, 2, 2])
    rmSync(join(aly.home.path, sealedFolder), { recursive: true })
  })
})

describe("something else in the place of the file", () => {
  it.each([
    ["a link to another file", (path: string) => symlinkSync(join(aly.home.path, "mine"), path), true],
    ["a FIFO", (path: string) => execFileSync("mkfifo", [path]), true],
    ["a folder", (path: string) => mkdirSync(path), false],
    ["a file in the place of its lock", (path: string) => writeFileSync(`${path}.lock`, ""), false],
  ])("%s: the ordinary questions, and --logout ends well", async (_, plant, isReplaced) => {
    await aly.list()
    const path = join(aly.home.path, sealedFolder, aly.files()[0] ?? "")
    rmSync(path)
    aly.home.write("mine", "mine")
    plant(path)
    const ended = await aly.list()
    expect([ended.code, ...aly.asked()]).toEqual([0, 2, 2])
    expect(ended.stderr.includes("is not remembered: ")).toBe(!isReplaced)
    expect((await aly.list()).code).toBe(0)
    expect(aly.asked()).toEqual(isReplaced ? [2, 2] : [3, 3])
    expect((await aly.tell(["--logout"])).code).toBe(0)
    expect(aly.home.read("mine")).toBe("mine")
  })
})

describe("confirm = yes", () => {
  it.each([
    ["--all", ["--all"]],
    ["--profiles", ["--profiles", "prod,test"]],
  ])("in one of the profiles asks for all of %s", async (_, args) => {
    await aly.list()
    aly.home.write(
      ".pum-aws",
      "[profile prod]\naccount = 585848786654\nconfirm = yes\n[profile test]\naccount = 039882259752\nconfirm = yes\n",
    )
    const ended = await aly.tell(["--remember", "sign-in", ...args])
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("no terminal to confirm it on")])
    expect(aly.asked()).toEqual([1, 1])
  })
})

it("a wrong password in the keychain is sent once, however many runs for other roles there are at once", async () => {
  aly.keychain.entries.set(`password federation.visma.com ${defaultUser.name}`, "an old password")
  const args = ["--remember", "password", "--json", "--role"]
  const runs = ["RDSAlice", "ViewOnlyAccess", "AdministratorAccess", "PowerUserAccess"].map(role =>
    aly.tell([...args, role]),
  )
  const codes = (await Promise.all(runs)).map(({ code }) => code)
  expect(codes.toSorted()).toEqual([2, 2, 2, 3])
  expect(world.adfs.passwords).toEqual(["an old password"])
})

describe("one password and one code", () => {
  const admin = ["-a", "585848786654", "--role", "AdministratorAccess"]

  it("serve every mode", async () => {
    aly.home.write(".pum-aws", "[default]\nremember = sign-in\n[profile a]\naccount = 039882259752\n")
    await aly.list()
    const modes = [
      ["--list"],
      ["-p", "x", ...admin],
      ["--json", ...admin, "-d", "2h"],
      ["--export", "sh", ...admin, "-d", "3h"],
      ["--credential-process", ...admin, "-d", "4h"],
      ["--console", ...admin, "-d", "5h"],
      ["--profiles", "a"],
      ["--all"],
      ["-d", "6h", ...admin, "--", "true"],
    ]
    for (const mode of modes) {
      const before = world.adfs.log.length
      const { code, stderr } = await aly.tell(mode)
      expect([mode, code, stderr]).toEqual([
        mode,
        0,
        expect.not.stringMatching(/warning: (the|a) (rem|sign)/),
      ])
      expect([mode, world.adfs.log.length - before]).toEqual([mode, 1])
    }
    expect(aly.asked()).toEqual([1, 1])
  })

  it("serve runs that begin at once, before anything is kept: the others wait and ask nothing", async () => {
    const roles = ["RDSAlice", "ViewOnlyAccess", "AdministratorAccess", "PowerUserAccess"]
    const stdin = `${defaultUser.password}\n${aly.codes[0]}\n`
    const args = ["--remember", "sign-in", "--password-stdin", "--json", "--role"]
    const runs = roles.map(role => aly.tell([...args, role], {}, aly.home, stdin))
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect([aly.asked(), aly.keychain.entries.size]).toEqual([[1, 1], 1])
  })

  it("and no look into the keychain, while a kept session serves", async () => {
    await aly.list()
    const args = ["--remember", "all", "--json", ...admin]
    const { stdout } = await aly.tell(args)
    aly.keychain.calls.length = 0
    const again = await aly.tell(args)
    expect([again.code, again.stdout, aly.keychain.calls]).toEqual([0, stdout, []])
  })
})

it("a right password in the keychain is used by the next run as soon as ADFS asks for the code", async () => {
  aly.keychain.entries.set(`password federation.visma.com ${defaultUser.name}`, defaultUser.password)
  const run = (role: string, code: string) => {
    const otp = `while [ ! -e ${aly.home.path}/go ]; do sleep 0.05; done; echo ${code}`
    return aly.tell(["--remember", "password", "--otp-command", otp, "--json", "--role", role])
  }
  const runs = [run("RDSAlice", aly.codes[0] ?? ""), run("ViewOnlyAccess", aly.codes[1] ?? "")]
  await vi
    .waitFor(() => expect(world.adfs.passwords).toHaveLength(2), { timeout: 10_000 })
    .finally(() => aly.home.write("go", ""))
  expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0])
})
