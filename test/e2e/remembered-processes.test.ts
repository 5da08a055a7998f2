import { cpSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { MemoryKeychain } from "../support/keychain.ts"
import { PackageFolder } from "../support/keyring.ts"
import { cleanEnv, type Ended, Home, runWithoutTerminal } from "../support/program.ts"
import { sealedFilesIn, sealedFolder } from "../support/remembering.ts"
import { atScale } from "../support/scale.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  world.adfs.settings.users = [{ ...defaultUser, codes: "any six digits" }]
})
afterAll(() => world.close())

let code = 100_000

/** pum-aws in a folder of global packages, with a stand-in for the keychain's module beside it, and a home. */
class Machine {
  readonly folder = new PackageFolder()
  readonly home = new Home()

  constructor() {
    this.folder.installProgram()
  }

  /** A machine that holds the same files, and the same entries of the keychain. */
  copy(): Machine {
    const copy = new Machine()
    cpSync(this.home.path, copy.home.path, { recursive: true })
    copy.folder.setEntries(this.folder.entries())
    return copy
  }

  /** Nothing answers a question. */
  run(
    args: readonly string[],
    more: Partial<{ hook: string; env: Record<string, string>; stdin: string }> = {},
  ) {
    const { hook, env = {}, stdin = "" } = more
    const options = hook === undefined ? [] : ["--require", hook]
    return runWithoutTerminal(process.execPath, {
      args: [...options, this.folder.script, "-u", defaultUser.name, ...args],
      // The same CA bundle as that of a story in this process.
      env: cleanEnv(this.home, { ...world.env, AWS_CA_BUNDLE: world.caFile, ...env }),
      stdin,
    })
  }

  signIn(args: readonly string[] = [], more: { hook?: string; env?: Record<string, string> } = {}) {
    const stdin = `${defaultUser.password}\n${code++}\n`
    return this.run([...remembering, "--password-stdin", ...args], { ...more, stdin })
  }

  /** A run of which nothing but what is remembered can answer. In this process, as it waits for locks most of the time. */
  async nextRun(): Promise<Ended> {
    const keychain = new MemoryKeychain()
    for (const [name, secret] of Object.entries(this.folder.entries()))
      keychain.entries.set(name.replace("pum-aws/", ""), secret)
    return tellStory(this.home, world, { args: ["-u", defaultUser.name, ...remembering], keychain })
  }

  get sealed(): string | undefined {
    const [name = ""] = sealedFilesIn(this.home.path)
    return this.home.read(`${sealedFolder}/${name}`)
  }

  /** What is beside the sealed file, and should not be. */
  leftovers(): readonly string[] {
    const names = readdirSync(join(this.home.path, sealedFolder))
    return names.filter(name => name.includes("sign-in-") && !/^sign-in-[\da-f]{32}$/.test(name))
  }
}

const remembering = ["--remember", "sign-in", "--list"]
const keyIdOf = (text = "{}") => JSON.parse(text).keyId

it("many callers for several roles: a visit for each role in turn, no question, and nothing is lost", {
  timeout: 180_000,
}, async () => {
  const machine = new Machine()
  const roles = Array.from({ length: atScale(6, 10) }, (_, n) => `arn:aws:iam::095344953043:role/Role${n}`)
  world.adfs.settings.roles = roles
  expect((await machine.signIn()).code).toBe(0)
  const keyId = keyIdOf(machine.sealed)
  const visits = world.adfs.log.length
  const callers = Array.from({ length: atScale(3, 5) }, () => roles).flat()
  const args = (role: string) => ["--remember", "sign-in", "--credential-process", "--role", role]
  const ended = await Promise.all(callers.map(role => machine.run(args(role))))
  expect(ended.map(one => [one.code, one.stderr])).toEqual(callers.map(() => [0, ""]))
  const keys = ended.map(({ stdout }) => JSON.parse(stdout).AccessKeyId)
  expect(new Set(keys).size).toBe(roles.length)
  for (const [at, role] of roles.entries())
    expect(new Set(keys.filter((_, caller) => callers[caller] === role))).toEqual(new Set([keys[at]]))
  expect([world.adfs.log.length - visits, world.adfs.passwords.length, world.adfs.codes.length]).toEqual([
    roles.length,
    1,
    1,
  ])
  expect([keyIdOf(machine.sealed), machine.leftovers()]).toEqual([keyId, []])
  expect((await machine.nextRun()).code).toBe(0)
  expect(world.adfs.passwords).toHaveLength(1)
})

describe("killed at any change of a sealed sign-in", { timeout: 90_000 }, () => {
  const hook = join(import.meta.dirname, "../support/kill-at-sealed.cjs")

  it.each([
    {
      work: "another visit",
      start: (machine: Machine, at: number) =>
        machine.run(remembering, { hook, env: { KILL_AT: String(at) } }),
      least: [
        "mkdirSync",
        "spawn",
        "openSync",
        "writeFileSync",
        "fsyncSync",
        "closeSync",
        "renameSync",
        "rmdirSync",
      ],
    },
    {
      work: "a new sign-in",
      start: (machine: Machine, at: number) =>
        machine.signIn(["--force"], { hook, env: { KILL_AT: String(at) } }),
      least: ["mkdirSync", "spawn", "openSync", "writeFileSync", "renameSync", "spawn", "rmdirSync"],
    },
  ])(
    "by $work: the old file or the new one, and the next run asks nothing and needs no hand",
    async ({ start, least }) => {
      const first = new Machine()
      await first.signIn()
      const before = first.sealed
      const counted = await start(first.copy(), 0)
      const changes = /changes: (.*)/.exec(counted.stderr)?.[1]?.split(" ") ?? []
      expect([counted.code, changes]).toEqual([0, expect.arrayContaining(least)])
      const seen = await Promise.all(
        changes.map(async (_, index) => {
          const machine = first.copy()
          const { signal } = await start(machine, index + 1)
          const isOld = machine.sealed === before
          const next = await machine.nextRun()
          return {
            signal,
            isOld,
            next: [next.code, next.stderr],
            left: machine.leftovers(),
            files: sealedFilesIn(machine.home.path).length,
            keys: Object.keys(machine.folder.entries()).length,
          }
        }),
      )
      for (const [at, one] of seen.entries())
        expect({ at, ...one }).toMatchObject({ at, signal: "SIGKILL", next: [0, ""], left: [], files: 1 })
      expect(new Set(seen.map(({ isOld }) => isOld))).toEqual(new Set([true, false]))
      // A key without its file opens nothing.
      for (const { keys } of seen) expect(keys).toBeLessThanOrEqual(2)
    },
  )
})

describe("secrets", () => {
  /** Command lines and environments of the process group's programs, looked at as long as it runs. */
  function watch(): () => string {
    const seen = new Set<string>()
    const look = () => {
      for (const entry of readdirSync("/proc").filter(name => /^\d+$/.test(name)))
        try {
          const line = readFileSync(`/proc/${entry}/cmdline`, "utf8")
          if (/pum-aws|keychain/.test(line)) seen.add(line)
        } catch {
          // It ended while it was looked at.
        }
    }
    const timer = setInterval(look, 5)
    return () => {
      clearInterval(timer)
      return [...seen].join("\n")
    }
  }

  it("are in no command line, entry's name, message or file", async () => {
    const machine = new Machine()
    const stop = watch()
    const ended = [
      await machine.signIn(["-v", "--remember", "all"]),
      await machine.run([...remembering, "-v"]),
    ]
    const entries = machine.folder.entries()
    const doctor = await machine.run(["--doctor", "--remember", "all"])
    ended.push(doctor, await machine.run(["--logout", "-v"]))
    const lines = stop()
    expect(ended.map(one => one.code)).toEqual([0, 0, expect.any(Number), 0])
    expect(lines).toContain("keychain.js")
    const files = readdirSync(machine.home.path, { recursive: true, withFileTypes: true })
      .filter(file => file.isFile())
      .map(file => readFileSync(join(file.parentPath, file.name), "utf8"))
    const text = [
      lines,
      ...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      ...Object.keys(entries),
      ...files,
    ].join("\n")
    const secrets = [defaultUser.password, ...Object.values(entries), ...world.adfs.cookies]
    expect(secrets.length).toBeGreaterThan(5)
    for (const secret of secrets.filter(one => one.length > 8)) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(secret.slice(4, 40))
    }
  })

  it("are not looked at by --doctor: the keychain is not opened", async () => {
    const machine = new Machine()
    await machine.run(["--doctor", "--remember", "all"])
    expect(machine.folder.seen()).toBeUndefined()
  })
})
