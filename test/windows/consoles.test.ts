import { setTimeout as pause } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { ctrlC, enter, type Pty } from "../support/pty.ts"
import {
  nodeFolder,
  openConsole,
  openConsoleFor,
  program,
  runJobs,
  runProgram,
  WindowsHome,
  windowsEnv,
  worldEnv,
} from "./support/windows.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const { name, password, codes } = defaultUser
const forProfile = (profile: string) => ["-u", name, "-p", profile, "--credential-process"]

/** Waits until something has happened beside the screen. */
async function until(isSo: () => boolean, pty: Pty): Promise<void> {
  for (let looks = 0; !isSo(); looks++) {
    if (looks > 600) throw new Error(`it never happened:\n${pty.text}`)
    await pause(50)
  }
}

const questions = (pty: Pty) => pty.text.match(/Domain password:/g)?.length ?? 0

describe("credential_process on Windows", () => {
  it("asks on the console of a tool that captures stdout and stderr; then answers from the cache", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const args = [program, ...forProfile("p")]
    const { pty, results } = openConsoleFor([{ args, env, stdio: ["inherit", "pipe", "pipe"] }])
    await pty.sees("Domain password:")
    pty.type(password + enter)
    await pty.sees("2FA Token:")
    pty.type(codes[0] + enter)
    expect(await pty.ends()).toBe(0)
    const [asked] = results()
    expect(JSON.parse(asked?.stdout ?? "")).toMatchObject({ Version: 1 })
    const cached = await runProgram(forProfile("p"), { env })
    expect(cached).toMatchObject({ code: 0, stdout: asked?.stdout, stderr: "" })
  })

  it("asks one question at a time for ten callers on one console, and no key goes astray", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const jobs = Array.from({ length: 10 }, (_, index) => ({
      args: [program, ...forProfile(index % 2 === 0 ? "even" : "odd")],
      env,
      timeout: 60_000,
    }))
    const { pty, results } = openConsoleFor(jobs)
    for (const turn of [1, 2]) {
      // wine's console draws a question again and again: only what is written once can be counted.
      await until(() => {
        const [, ...asked] = pty.text.split(/for profile (?:even|odd)/)
        return asked.length === turn && asked.at(-1)?.includes("Domain password:") === true
      }, pty)
      await pause(500)
      for (const key of password + enter) {
        pty.type(key)
        await pause(20)
      }
      await until(() => world.adfs.passwords.length === turn, pty)
      expect(world.adfs.passwords.at(-1)).toBe(password)
      await pause(2_000)
      pty.type(codes[turn - 1] + enter)
      await until(() => world.adfs.codes.length === turn, pty)
    }
    expect(await pty.ends()).toBe(0)
    expect(results().map(({ code }) => code)).toEqual(Array(10).fill(0))
    expect(new Set(results().map(({ stdout }) => stdout)).size).toBe(2)
    expect(world.adfs.passwords).toEqual([password, password])
    expect(pty.raw).not.toContain(password)
  })

  it("ends by itself on a console that nobody sees, with its line and no lock; in Git Bash at once", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const job = { args: [program, ...forProfile("p")], env, keepStdinOpen: true, timeout: 70_000 }
    const [unseen, gitBash] = await runJobs(
      [job, { ...job, args: [program, "-u", name, "--json"], env: { ...env, MSYSTEM: "MINGW64" } }],
      true,
    )
    expect(unseen).toMatchObject({ code: 2, stdout: "" })
    expect(unseen?.stderr).toMatch(
      /pum-aws: no answer within 50 s, .*; run this in a terminal: pum-aws --username adm\\dev_aly --profile p "--" aws sts get-caller-identity\n$/,
    )
    expect(unseen?.milliseconds).toBeLessThan(60_000)
    expect(home.list(".aws/pum-aws").filter(one => one.endsWith(".lock"))).toEqual([])
    expect(gitBash).toMatchObject({ code: 2 })
    expect(gitBash?.milliseconds).toBeLessThan(10_000)
    expect(gitBash?.stderr).toContain("in Git Bash, type winpty pum-aws ..., or use Windows Terminal")
    expect(world.adfs.passwords).toEqual([])
  })
})

it("Ctrl-Break, and a window that is closed, end a question on Windows as Ctrl-C does", async () => {
  const home = new WindowsHome()
  const preloaded = home.write(
    "signal.cjs",
    "setTimeout(() => process.emit(process.env.SENT, process.env.SENT), 3000)",
  )
  const env = windowsEnv(home, {
    ...worldEnv(world),
    NODE_OPTIONS: `--require "${preloaded.replaceAll("\\", "/")}"`,
  })
  const ended = await runJobs(
    ["SIGBREAK", "SIGHUP"].map(SENT => ({
      args: [program, ...forProfile(SENT)],
      env: { ...env, SENT, WT_SESSION: SENT },
      keepStdinOpen: true,
    })),
    true,
  )
  for (const one of ended)
    expect(one).toMatchObject({ code: 130, stderr: expect.stringMatching(/pum-aws: cancelled\n$/) })
  expect(home.list(".aws/pum-aws").filter(one => one.endsWith(".lock"))).toEqual([])
})

describe("two consoles on Windows", () => {
  const open = (home: WindowsHome, profile: string, more = {}) =>
    openConsole(["-u", name, "-p", profile, "--json"], windowsEnv(home, { ...worldEnv(world), ...more }))

  it("ask at once in two windows of Windows Terminal", async () => {
    const home = new WindowsHome()
    const ptys = ["1", "2"].map(id => open(home, `p${id}`, { WT_SESSION: id }))
    for (const pty of ptys) await pty.sees("Domain password:")
    for (const pty of ptys) {
      pty.type(ctrlC)
      expect(await pty.ends()).toBe(130)
    }
  })

  it("take turns if nothing tells them apart, and the second says why it waits", async () => {
    const home = new WindowsHome()
    const first = open(home, "one")
    await first.sees("Domain password:")
    const second = open(home, "two")
    await second.sees("Waiting for another pum-aws to sign in: its question may be in another window")
    expect(questions(second)).toBe(0)
    first.type(ctrlC)
    expect(await first.ends()).toBe(130)
    await second.sees("Domain password:")
    second.type(ctrlC)
    expect(await second.ends()).toBe(130)
  })
})

describe("a command on a Windows console", () => {
  it("gets Ctrl-C, and decides on the exit code", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const signIn = ["--password-stdin", "-u", name, "--json"]
    await runProgram(signIn, { env, stdin: `${password}\r\n${codes[0]}\r\n` })
    home.write(
      "wait.cjs",
      "process.on('SIGINT', () => { console.log('interrupted'); process.exit(5) }); setInterval(() => {}, 9e9); console.log('ready')",
    )
    const pty = openConsole(["-u", name, "--", "node", `${home.path}\\wait.cjs`], {
      ...env,
      Path: nodeFolder,
    })
    await pty.sees("ready")
    pty.type(ctrlC)
    await pty.sees("interrupted")
    expect(await pty.ends()).toBe(5)
  })
})
