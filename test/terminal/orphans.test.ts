import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { ctrlZ, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const password = "Domain password:"
const call = `'${process.execPath}' '${program}' --credential-process -u '${defaultUser.name}'`

/**
 * A program that runs `credential_process` by a shell, and kills only that shell when the file `kill` appears.
 * @param after what it does then
 */
const caller = (shell: string, after: string) =>
  `${shell} -c "$LINE" >answer </dev/tty & pid=$!; until [ -e kill ]; do sleep 0.05; done; kill -9 $pid; ${after}`

/** Starts such a program from an interactive shell, and waits for the question. */
async function askFor(home: Home, shell: string, after = "exit 1"): Promise<Pty> {
  home.write("caller", caller(shell, after))
  // A shell that has more to do stays; some become the command otherwise.
  const env = cleanEnv(home, { ...world.env, PS1: "$ ", LINE: `${call}; true` })
  const pty = new Pty({ command: ["sh", "-i"], env })
  await pty.isAsked("$")
  pty.type(`sh caller 2>/dev/null; echo "it ended with $?"${enter}`)
  await pty.isAsked(password)
  return pty
}

/** Whether pum-aws runs with this home. */
function isRunning(home: Home): boolean {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8")
    } catch {
      return ""
    }
  }
  return readdirSync("/proc").some(
    pid =>
      read(pid, "cmdline").includes(`${program}\0--credential-process`) &&
      read(pid, "environ").includes(home.path),
  )
}

const locksIn = (home: Home) =>
  readdirSync(join(home.path, ".aws/pum-aws")).filter(name => name.endsWith(".lock"))

describe("a question whose program killed the shell and ended", () => {
  it.each(["sh", "bash"])(
    "%s: is gone within a second, the terminal echoes, and no lock is left",
    async shell => {
      const home = new Home()
      const pty = await askFor(home, shell)
      home.write("kill", "")
      await pty.sees("it ended with 1")
      const began = Date.now()
      await expect.poll(() => pty.echoes(), { interval: 50, timeout: 5_000 }).toBe(true)
      await expect.poll(() => isRunning(home), { interval: 50, timeout: 5_000 }).toBe(false)
      expect(Date.now() - began).toBeLessThan(1_000)
      expect(locksIn(home)).toEqual([])
      pty.type(`echo "still ""here"${enter}`)
      await pty.sees("still here")
    },
  )
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
    pty.type(`${call} | cut -c 1-13${enter}`)
    await pty.sees(`{"Version":1,`)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

describe("a question of a program that goes on", () => {
  it("outlives Ctrl-Z, bg and fg", async () => {
    const home = new Home()
    const pty = new Pty({ command: ["sh", "-i"], env: cleanEnv(home, { ...world.env, PS1: "$ " }) })
    await pty.isAsked("$")
    pty.type(`${call} >answer${enter}`)
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
    home.write("script", `${call} >answer; echo "it ended with $?"`)
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
