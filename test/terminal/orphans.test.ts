import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { askForProgram, expectGone, isRunning, locksIn, orphanCall } from "../support/orphans.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlZ, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const password = "Domain password:"
const askFor = (home: Home, shell: string, after?: string) => askForProgram(world, home, shell, after)

describe("a question whose program killed the shell and ended", () => {
  it("is gone soon, the terminal echoes, and no lock is left", async () => {
    const home = new Home()
    const pty = await askFor(home, "sh")
    await expectGone(home, pty)
  })

  it("is gone when the terminal hangs up", async () => {
    const home = new Home()
    const pty = await askFor(home, "sh", "sleep 60")
    home.write("kill", "")
    pty.hangUp()
    await expect.poll(() => isRunning(home), { interval: 50, timeout: 5_000 }).toBe(false)
    expect(locksIn(home)).toEqual([])
  })

  it("stays while the program does: its answers are kept for the next call", async () => {
    const home = new Home()
    const pty = await askFor(home, "sh", "until [ -e end ]; do sleep 0.05; done; exit 1")
    home.write("kill", "")
    await expect.poll(() => isRunning(home)).toBe(true)
    await new Promise(resolve => setTimeout(resolve, 1_000))
    await pty.answer(password, defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    await pty.sees("warning: the program that asked has given up; the session is kept: run it again\n")
    home.write("end", "")
    await pty.sees("it ended with 1")
    pty.type(`${orphanCall} | cut -c 1-13${enter}`)
    await pty.sees(`{"Version":1,`)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

describe("a question of a program that goes on", () => {
  it("outlives Ctrl-Z, bg and fg", async () => {
    const home = new Home()
    const pty = new Pty({ command: ["sh", "-i"], env: cleanEnv(home, { ...world.env, PS1: "$ " }) })
    await pty.isAsked("$")
    pty.type(`${orphanCall} >answer${enter}`)
    await pty.isAsked(password)
    pty.type(ctrlZ)
    await pty.sees("Stopped")
    for (const command of ["bg", "fg"]) {
      pty.type(command + enter)
      await new Promise(resolve => setTimeout(resolve, 700))
    }
    pty.type(defaultUser.password + enter)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    await pty.isAsked("$")
    expect(home.read("answer")).toMatch(/^{"Version":1,/)
    pty.type(`exit${enter}`)
  })

  it("is left with Ctrl-Z together with the script around it, and come back to with fg", async () => {
    const home = new Home()
    home.write("script", `${orphanCall} >answer; echo "it ended with $?"`)
    const pty = new Pty({ command: ["sh", "-i"], env: cleanEnv(home, { ...world.env, PS1: "$ " }) })
    await pty.isAsked("$")
    pty.type(`sh script${enter}`)
    await pty.isAsked(password)
    pty.type(ctrlZ)
    await pty.sees("Stopped")
    pty.type(`fg${enter}`)
    await pty.isAsked(password)
    await pty.answer(password, defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    await pty.sees("it ended with 0")
    pty.type(`exit${enter}`)
  })

  it("goes on without echo at a Ctrl-Z where no shell could continue it", async () => {
    const home = new Home()
    const pty = new Pty({ args: ["-u", defaultUser.name], env: cleanEnv(home, world.env) })
    await pty.isAsked(password)
    pty.type(ctrlZ)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(pty.echoes()).toBe(false)
    await pty.answer(password, defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    expect(await pty.ends()).toBe(0)
  })
})
