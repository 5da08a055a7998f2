import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { askingModes, loops, signalChildren, startLoop, textAfterCtrlC } from "../support/loops.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { ctrlBackslash, ctrlC, ctrlD, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const password = "Domain password:"

describe("the end by a signal", () => {
  const open = (): Pty =>
    new Pty({
      command: ["sh", "-c", 'ulimit -c 0; exec "$@"', "sh", process.execPath, program],
      args: ["-u", defaultUser.name],
      env: cleanEnv(new Home(), world.env),
    })

  const waysOut: readonly [string, string | undefined, (pty: Pty) => void][] = [
    ["Ctrl-C", "SIGINT", pty => pty.type(ctrlC)],
    ["SIGINT", "SIGINT", pty => process.kill(pty.pid, "SIGINT")],
    ["SIGTERM", "SIGTERM", pty => process.kill(pty.pid, "SIGTERM")],
    ["SIGHUP", "SIGHUP", pty => process.kill(pty.pid, "SIGHUP")],
    ["Ctrl-\\", "SIGQUIT", pty => pty.type(ctrlBackslash)],
    ["SIGQUIT", "SIGQUIT", pty => process.kill(pty.pid, "SIGQUIT")],
    ["Ctrl-D", undefined, pty => pty.type(ctrlD)],
  ]

  it.each(waysOut)("after %s at a question is %s", async (_, signal, act) => {
    const pty = open()
    await pty.isAsked(password)
    act(pty)
    const code = await pty.ends()
    expect([pty.signal, pty.text.includes("pum-aws: cancelled")]).toEqual([signal, true])
    expect(pty.raw.lastIndexOf("\x1b[?25h")).toBeGreaterThan(pty.raw.lastIndexOf("\x1b[?25l"))
    if (signal === undefined) expect(code).toBe(130)
  })
})

describe("one Ctrl-C ends the loop around it", () => {
  // All modes: test/systems/shells.test.ts.
  it.each(askingModes.filter(one => /^(-p|--credential-process|-- true)/.test(one)))(
    "at the question of %s",
    async args => {
      const pty = startLoop(world, loops.sh, args)
      await pty.isAsked(password)
      expect(await textAfterCtrlC(pty)).not.toContain("went on")
      expect(pty.text.match(/Domain password/g)).toHaveLength(1)
    },
  )

  it("as does Ctrl-\\", async () => {
    const pty = startLoop(world, loops.sh, "--json")
    await pty.isAsked(password)
    pty.type(ctrlBackslash)
    await pty.ends()
    expect(pty.text).not.toContain("went on")
  })

  it("with set -e", async () => {
    const pty = startLoop(world, loops.strictSh, "--json")
    await pty.isAsked(password)
    expect(await textAfterCtrlC(pty)).not.toContain("went on")
  })

  it("and around a command that it runs", async () => {
    const pty = startLoop(
      world,
      loops.sh,
      `-- ${process.execPath} -e 'console.log("ready"); setInterval(() => {}, 1000)'`,
    )
    await pty.answer(password, defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    await pty.sees("ready\n")
    expect(await textAfterCtrlC(pty)).not.toContain("went on")
  })
})

describe("a hidden question that another process stops", () => {
  it.each([
    // It cannot be caught: the shell sees to its terminal itself, as most do.
    ["SIGSTOP", "stty sane; "],
    ["SIGTSTP", ""],
  ] as const)("by %s shows no key after fg", async (signal, before) => {
    const pty = new Pty({ command: ["sh", "-i"], env: cleanEnv(new Home(), { ...world.env, PS1: "$ " }) })
    await pty.isAsked("$")
    pty.type(`${process.execPath} ${program} -u '${defaultUser.name}'${enter}`)
    await pty.isAsked(password)
    signalChildren(pty, signal)
    await pty.sees("Stopped")
    if (signal === "SIGTSTP") {
      const isCursorShown = pty.raw.lastIndexOf("\x1b[?25h") > pty.raw.lastIndexOf("\x1b[?25l")
      expect([pty.echoes(), isCursorShown]).toEqual([true, true])
    }
    pty.type(`${before}fg\n`)
    await expect.poll(() => pty.text.match(/Domain password:/g)).toHaveLength(2)
    await pty.hidesKeys()
    pty.type(defaultUser.password + enter)
    await pty.isAsked("Visma Google Auth 2FA Token:")
    expect(pty.text).not.toContain(defaultUser.password)
    expect(world.adfs.passwords).toEqual([defaultUser.password])
    pty.type(ctrlC)
    await pty.sees("cancelled")
    pty.type(`exit${enter}`)
    await pty.ends()
  })
})

describe("a command that died by a signal", () => {
  it.each([
    ["SIGINT", "SIGINT", 130],
    ["SIGQUIT", "SIGQUIT", 131],
    ["SIGTERM", "SIGTERM", 143],
    ["SIGKILL", undefined, 137],
  ] as const)("%s: so does pum-aws by %s (%i)", async (name, signal, code) => {
    const home = new Home()
    const command = ["--", "sh", "-c", `ulimit -c 0; kill -s ${name.slice(3)} $$`]
    const pty = new Pty({
      command: ["sh", "-c", 'ulimit -c 0; exec "$@"', "sh", process.execPath, program],
      args: ["-u", defaultUser.name, ...command],
      env: cleanEnv(home, world.env),
    })
    await pty.answer(password, defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    expect([await pty.ends(), pty.signal]).toEqual([code, signal])
  })
})
