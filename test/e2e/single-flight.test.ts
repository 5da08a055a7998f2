import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { build } from "esbuild"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import {
  cleanEnv,
  type Ended,
  Home,
  program,
  runProgram,
  runWithoutTerminal,
  startWithoutTerminal,
} from "../support/program.ts"
import { ctrlC, Pty } from "../support/pty.ts"
import { atScale } from "../support/scale.ts"
import { askBySdk, whoAmI } from "../support/sdk.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const admin = ["--account", "585848786654", "--role", "AdministratorAccess"]
const call = ["--credential-process", "-u", defaultUser.name, ...admin]
const hook = join(import.meta.dirname, "../support/set-clock.cjs")

const accessKeyOf = ({ stdout }: Ended) => /ASIA\w{16}/.exec(stdout)?.[0]
const until = async (isSo: () => boolean) => {
  for (let looks = 0; !isSo(); looks++) {
    if (looks > 1_500) throw new Error("it never came")
    await pause(20)
  }
}
const startedIn = (home: Home) => readdirSync(join(home.path, "started")).length

/** Its password comes from a command that waits until `go` is there. */
function waitingEnv(home: Home, password: string = defaultUser.password): Record<string, string> {
  home.write("password", password)
  return cleanEnv(home, {
    ...world.env,
    PUM_PASSWORD_COMMAND: `echo asked >> ${home.path}/asked; while [ ! -e ${home.path}/go ]; do sleep 0.05; done; cat ${home.path}/password`,
    PUM_OTP_COMMAND: `echo ${defaultUser.codes[0]}`,
  })
}

describe("a clock that is set back and forward by a day while processes wait", () => {
  const day = 24 * 3600_000
  // All orders: test/unit/sessions/single-flight.test.ts.
  const orders = [
    [day, 0, -day],
    [-day, day, 0],
  ]

  /** One process signs in, two wait, the clock is set before each of them and before the end. */
  async function shareWhileClockIsSet(
    home: Home,
    password: string,
    [begins, waits, ends]: readonly number[],
  ) {
    mkdirSync(join(home.path, "started"))
    const env = {
      ...waitingEnv(home, password),
      NODE_OPTIONS: `--require ${hook}`,
      CLOCK_FILE: join(home.path, "clock"),
      STARTED_FOLDER: join(home.path, "started"),
    }
    const start = () => startWithoutTerminal(process.execPath, { args: [program, ...call], env }).ended
    home.write("clock", String(begins))
    const leader = start()
    await until(() => home.read("asked") !== undefined)
    home.write("clock", String(waits))
    const waiters = [start(), start()]
    await until(() => startedIn(home) === 3)
    home.write("clock", String(ends))
    home.write("go", "")
    return Promise.all([leader, ...waiters])
  }

  it.each(orders)("shares a session (%i, %i, %i ms)", async (...order) => {
    const home = new Home()
    const ended = await shareWhileClockIsSet(home, defaultUser.password, order)
    // The clock of the one that signs in may differ from the servers'.
    const words = ({ stderr }: Ended) => stderr.replace(/^warning: this machine's clock is 24 h .*\n/, "")
    expect(ended.map(one => [one.code, words(one)])).toEqual(ended.map(() => [0, ""]))
    expect(new Set(ended.map(accessKeyOf)).size).toBe(1)
    expect([world.adfs.passwords.length, home.read("asked")]).toEqual([1, "asked\n"])
  })

  it.each(orders)(
    "shares a refusal, and no later run takes it for its own (%i, %i, %i ms)",
    async (...order) => {
      const home = new Home()
      const ended = await shareWhileClockIsSet(home, "wrong", order)
      expect(ended.map(({ code }) => code)).toEqual([3, 3, 3])
      expect(world.adfs.passwords).toEqual(["wrong"])
      home.write("clock", String(order[1]))
      const env = {
        ...waitingEnv(home),
        NODE_OPTIONS: `--require ${hook}`,
        CLOCK_FILE: join(home.path, "clock"),
      }
      world.adfs.reset()
      expect((await runProgram({ args: ["--json", ...call.slice(1)], env })).code).toBe(0)
    },
  )
})

describe("the leader killed, again and again", () => {
  const folder = mkdtempSync(join(tmpdir(), "pum-aws-driver-"))
  const driver = join(folder, "driver.cjs")
  beforeAll(async () => {
    const entry = join(import.meta.dirname, "single-flight/driver.ts")
    const external = ["vitest"]
    await build({
      entryPoints: [entry],
      outfile: driver,
      bundle: true,
      platform: "node",
      format: "cjs",
      external,
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const kills = atScale(2, 20)
  const waiters = atScale(8, 50)

  it("of many, one more signs in each time, and all the others get the last one's session", async () => {
    const home = new Home()
    mkdirSync(join(home.path, "leaders"))
    const leaders = () =>
      readdirSync(join(home.path, "leaders")).map(name =>
        readFileSync(join(home.path, "leaders", name), "utf8"),
      )
    const running = Array.from({ length: waiters }, () => {
      const child = spawn(process.execPath, [driver, home.path], { stdio: ["ignore", "pipe", "inherit"] })
      let stdout = ""
      child.stdout.on("data", text => {
        stdout += text
      })
      return { child, ended: once(child, "close").then(([code, signal]) => ({ code, signal, stdout })) }
    })
    const killed = new Set<string>()
    for (let kill = 0; kill < kills; kill++) {
      await until(() => leaders().some(pid => pid !== "" && !killed.has(pid)))
      const alive = leaders().filter(pid => pid !== "" && !killed.has(pid))
      expect(alive).toHaveLength(1)
      for (const pid of alive) {
        killed.add(pid)
        process.kill(Number(pid), "SIGKILL")
      }
    }
    await until(() => leaders().some(pid => pid !== "" && !killed.has(pid)))
    home.write("go", "")
    const ended = await Promise.all(running.map(one => one.ended))
    expect(leaders()).toHaveLength(kills + 1)
    expect(ended.filter(({ signal }) => signal === "SIGKILL")).toHaveLength(kills)
    const [last] = leaders().filter(pid => !killed.has(pid))
    const rest = ended.filter(({ signal }) => signal === null)
    expect(rest).toEqual(rest.map(() => ({ code: 0, signal: null, stdout: `ASIA${last}` })))
  }, 600_000)
})

/** A program whose child is pum-aws: it has another process id each time. */
const runByAnotherProgram = (args: readonly string[], env: Record<string, string>) =>
  runWithoutTerminal(process.execPath, {
    args: [
      "-e",
      `process.exitCode = require("node:child_process").spawnSync(process.execPath, ${JSON.stringify([program, ...args])}, { stdio: "inherit" }).status`,
    ],
    env,
  })

describe("a refusal of credential_process", () => {
  const refusing = (home: Home) => {
    home.write("go", "")
    return waitingEnv(home, "wrong")
  }
  const refusal = /^pum-aws: ADFS refused the user name or password/

  it("holds for the same caller: its second call says the same, and sends nothing", async () => {
    const home = new Home()
    const first = await runProgram({ args: call, env: refusing(home) })
    expect([first.code, first.stderr]).toEqual([3, expect.stringMatching(refusal)])
    expect(await runProgram({ args: call, env: refusing(home) })).toEqual(first)
    expect([world.adfs.passwords, home.read("asked")]).toEqual([["wrong"], "asked\n"])
  })

  it.each([
    ["for another caller", runByAnotherProgram, call],
    [
      "for another request",
      (args: readonly string[], env: Record<string, string>) => runProgram({ args, env }),
      [...call, "-p", "other"],
    ],
    [
      "for a person who runs another mode",
      (args: readonly string[], env: Record<string, string>) => runProgram({ args, env }),
      ["--json", ...call.slice(1)],
    ],
  ])("does not hold %s", async (_, run, args) => {
    const home = new Home()
    await runProgram({ args: call, env: refusing(home) })
    expect(await run(args, refusing(home))).toMatchObject({ code: 3, stderr: expect.stringMatching(refusal) })
    expect(world.adfs.passwords).toEqual(["wrong", "wrong"])
  })

  const served = (home: Home) => {
    const line = `${process.execPath} ${program} --credential-process -p vadfs`
    home.write(".aws/config", `[profile vadfs]\nregion = eu-central-1\ncredential_process = ${line}\n`)
    home.write(
      ".pum-aws",
      `[profile vadfs]\nusername = ${defaultUser.name}\naccount = 585848786654\nrole = AdministratorAccess\npassword_command = echo asked >> ${home.path}/asked; echo wrong\n`,
    )
  }

  it("is sent once where the AWS SDK for JavaScript calls twice; its next run sends it again", async () => {
    const home = new Home()
    served(home)
    // The SDK shows nothing of what it was told.
    expect((await askBySdk(home, world, "vadfs")).code).toBe(1)
    expect([world.adfs.passwords, home.read("asked")]).toEqual([["wrong"], "asked\n"])
    await askBySdk(home, world, "vadfs")
    expect(world.adfs.passwords).toEqual(["wrong", "wrong"])
  })

  it.each([
    ["dies of it", [], 130],
    ["goes on", ["--import", "data:text/javascript,process.on('SIGINT',()=>{})"], 1],
  ] as const)(
    "by Ctrl-C is wanted once where the AWS SDK for JavaScript calls twice: a caller that %s",
    async (_, options, code) => {
      const home = new Home()
      served(home)
      home.write(".pum-aws", (home.read(".pum-aws") ?? "").replace(/password_command.*\n/, ""))
      const pty = new Pty({
        command: [process.execPath, ...options, whoAmI, "vadfs"],
        env: cleanEnv(home, world.env),
        columns: 200,
      })
      await pty.isAsked("Domain password:")
      pty.type(ctrlC)
      expect(await pty.ends()).toBe(code)
      expect(pty.text.match(/Domain password:/g)).toHaveLength(1)
    },
  )

  it("by Ctrl-C does not hold for a person at the same shell", async () => {
    const home = new Home()
    const line = `${process.execPath} ${program} -u '${defaultUser.name}' --credential-process`
    const pty = new Pty({ command: ["sh"], env: { ...cleanEnv(home, world.env), PS1: "$ " }, columns: 200 })
    for (const times of [1, 2]) {
      pty.type(`${line} >out\r`)
      await pty.isAsked("Domain password:")
      pty.type(ctrlC)
      await pty.isAsked("$")
      pty.type(`echo ended ${times}\r`)
      await pty.sees(`\nended ${times}`)
    }
  })
})
