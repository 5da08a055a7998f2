import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { ctrlC, ctrlD, down, enter } from "../support/pty.ts"
import {
  nodeVersions,
  openConsole,
  runProgram,
  WindowsHome,
  windowsEnv,
  worldEnv,
} from "./support/windows.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const answers = `${defaultUser.password}\r\n${code}\r\n`
const admin = ["--role", "AdministratorAccess"]

describe.each(nodeVersions)("on Windows with Node.js %s", version => {
  it("signs in with the answers on stdin, and stores in a home with blank, ampersand and umlauts", async () => {
    const home = new WindowsHome("Häst Öl & Söner")
    const env = windowsEnv(home, worldEnv(world))
    const args = ["--password-stdin", "-u", defaultUser.name, "-p", "vadfs", ...admin]
    const ended = await runProgram(args, { version, env, stdin: answers })
    expect(ended).toMatchObject({ code: 0, stdout: "" })
    expect(ended.stderr).not.toContain("\x1b")
    expect(ended.stderr).toContain("Stored in profile [vadfs] of ~\\.aws\\credentials")
    expect(home.read(".aws/credentials")).toMatch(/^\[vadfs\]\naws_access_key_id = ASIA/)
  })

  it("signs in on a console: user, password, code, menu by filter and arrows", async () => {
    const home = new WindowsHome()
    const pty = openConsole(["-p", "vadfs"], windowsEnv(home, worldEnv(world)), version)
    await pty.answer("Privileged user (e.g. adm\\dev_aly):", defaultUser.name)
    await pty.answer("Domain password:", defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", code)
    await pty.sees("type to filter")
    pty.type("0953")
    await pty.sees("2 of 4")
    pty.type(down)
    pty.type(enter)
    await pty.sees("Stored in profile [vadfs]")
    expect(await pty.ends()).toBe(0)
    expect(home.read(".aws/credentials")).toContain(":assumed-role/RDSAlice/")
    expect(pty.raw).not.toContain(defaultUser.password)
  })

  it("ends with 130 at Ctrl-C and Ctrl-D, and stores nothing", async () => {
    for (const key of [ctrlC, ctrlD]) {
      const home = new WindowsHome()
      const pty = openConsole(["-u", defaultUser.name], windowsEnv(home, worldEnv(world)), version)
      await pty.isAsked("Domain password:")
      pty.type(key)
      expect(await pty.ends()).toBe(130)
      expect(home.read(".aws/credentials")).toBeUndefined()
    }
  })
})
