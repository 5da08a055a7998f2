import { setTimeout as pause } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { beforeEachFile } from "../support/loaded-files.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlC, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const open = (home: Home, ...args: readonly string[]) => new Pty({ args, env: cleanEnv(home, world.env) })

describe("what is typed ahead", () => {
  it("of the password question, at 25 ms a key,, reaches ADFS whole and is not shown", async () => {
    const pty = open(new Home(), "-u", defaultUser.name)
    await pty.hidesKeys()
    for (const key of `${defaultUser.password}${enter}`) {
      pty.type(key)
      await pause(25)
    }
    await pty.answer("Visma Google Auth 2FA Token:", code)
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
    for (let at = 0; at + 4 <= defaultUser.password.length; at++)
      expect(pty.raw).not.toContain(defaultUser.password.slice(at, at + 4))
  })

  // A loaded machine loads slowly: 150 ms for each file of dist/.
  const slowLoading = beforeEachFile(`path => {
    if (!path.endsWith("type-ahead.js")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
  }`)

  it.each([
    ["typed at 25 ms a key", 25],
    ["pasted with its Enter", 0],
  ])(
    "from 200 ms after the start on, %s, while everything loads slowly: ADFS gets all of it",
    async (_, gap) => {
      const home = new Home()
      home.write("slow.cjs", slowLoading)
      const env = cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${home.path}/slow.cjs` })
      const pty = new Pty({ args: ["-u", defaultUser.name], env })
      await pause(200)
      await pty.hidesKeys()
      const keys = `${defaultUser.password}${enter}`
      for (const part of gap === 0 ? [keys] : keys) {
        pty.type(part)
        await pause(gap)
      }
      await pty.answer("Visma Google Auth 2FA Token:", code)
      expect(await pty.ends()).toBe(0)
      expect(world.adfs.passwords).toEqual([defaultUser.password])
      for (let at = 0; at + 4 <= defaultUser.password.length; at++)
        expect(pty.raw).not.toContain(defaultUser.password.slice(at, at + 4))
    },
  )

  it("is not echoed from the first lines of the launcher on", async () => {
    const home = new Home()
    // Longer than the test waits.
    home.write("slow.cjs", slowLoading.replace("150", "60_000"))
    const env = cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${home.path}/slow.cjs` })
    await new Pty({ args: ["-u", defaultUser.name], env }).hidesKeys()
  })

  it("in whole lines goes to the questions it was meant for, one line each", async () => {
    const home = new Home()
    const pty = open(home)
    await pty.hidesKeys()
    pty.type([defaultUser.name, defaultUser.password, code, ""].join(enter))
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
    expect(home.read(".aws/credentials")).toContain(":assumed-role/AdministratorAccess/")
    expect(pty.raw).not.toContain(defaultUser.password)
  })

  it("pasted with its Enter and the code behind it, at the password question, signs in", async () => {
    const pty = open(new Home(), "-u", defaultUser.name)
    await pty.isAsked("Domain password:")
    pty.type(`${defaultUser.password}${enter}${code}${enter}`)
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
  })

  it("behind a line that the question refuses is the next answer to it", async () => {
    const pty = open(new Home(), "-u", defaultUser.name)
    await pty.isAsked("Domain password:")
    pty.type(`${enter}${defaultUser.password}${enter}`)
    await pty.answer("Visma Google Auth 2FA Token:", code)
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
  })

  it("is Ctrl-C as well", async () => {
    const pty = open(new Home(), "-u", defaultUser.name)
    await pty.hidesKeys()
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
    expect(world.adfs.passwords).toEqual([])
  })

  it("is echoed where nothing is asked, and Ctrl-C ends the run there", async () => {
    world.adfs.faults.switchOn("any", { kind: "hang" })
    const pty = open(new Home(), "-u", defaultUser.name, "--password-command", "echo secret")
    await pty.sees("Opening the sign-in page")
    pty.type("ls")
    await pty.sees("ls")
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
  })
})
