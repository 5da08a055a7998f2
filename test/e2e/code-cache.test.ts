import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"

/** Codes that are no constants of a program. */
const user = { ...defaultUser, codes: ["731905", "480213"] }

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { users: [user] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const admin = ["-u", user.name, "--account", "585848786654", "--role", "AdministratorAccess"]

/** With the cache where users have it. */
const run = (home: Home, args: readonly string[], stdin = "") =>
  runProgram({
    args: [...admin, ...args],
    env: cleanEnv(home, { ...world.env, NODE_COMPILE_CACHE: "" }),
    stdin,
  })

const signIn = (home: Home, at = 0) =>
  run(home, ["--password-stdin"], `${user.password}\n${user.codes[at]}\n`)

const folder = ".aws/pum-aws/code"
const pathsIn = (home: Home) =>
  readdirSync(join(home.path, folder)).map(name => join(home.path, folder, name))
const stateOf = (home: Home) => pathsIn(home).map(path => [path, statSync(path, { bigint: true }).mtimeNs])

describe("compiled code", () => {
  it("is kept by the first sign-in, serves the next one, and holds no secret", async () => {
    const home = new Home()
    expect(await signIn(home)).toMatchObject({ code: 0 })
    const kept = stateOf(home)
    const names = pathsIn(home).map(path => path.replace(/^.*--/, ""))
    expect(names).toEqual(expect.arrayContaining(["main.js", "sign-in.js", "sts.js"]))
    expect(await signIn(home, 1)).toMatchObject({ code: 0 })
    expect(stateOf(home)).toEqual(kept)
    const credentials = home.read(".aws/credentials") ?? ""
    const secrets = [...credentials.matchAll(/^aws_\w+ = (.+)$/gm)].map(([, value = ""]) => value)
    expect(secrets).toHaveLength(3)
    for (const path of pathsIn(home))
      for (const secret of [...secrets, user.password, ...user.codes])
        expect(readFileSync(path, "latin1").includes(secret), `${path}: ${secret}`).toBe(false)
  })

  it.each([["--json"], ["--credential-process"], ["--status", "--short"]])(
    "serves %s; a damaged one changes no answer, nor does a FIFO in its place",
    async (...args) => {
      const home = new Home()
      await signIn(home)
      const isShort = args.includes("--short")
      const ask = () =>
        isShort ? runProgram({ args, env: cleanEnv(home, { NODE_COMPILE_CACHE: "" }) }) : run(home, args)
      const first = await ask()
      expect(first).toMatchObject({ code: 0, stderr: "" })
      const kept = stateOf(home)
      expect(await ask()).toEqual(first)
      expect(stateOf(home)).toEqual(kept)
      for (const path of pathsIn(home)) {
        const content = readFileSync(path)
        content.fill(7, 500, 1_500)
        writeFileSync(path, content)
      }
      expect(await ask()).toEqual(first)
      expect(await ask()).toEqual(first)
      for (const path of pathsIn(home)) {
        rmSync(path)
        execFileSync("mkfifo", [path])
      }
      expect(await ask()).toEqual(first)
    },
  )

  it("is kept whole by 20 processes that begin at once", async () => {
    const home = new Home()
    await signIn(home)
    const answers = await Promise.all(Array.from({ length: 20 }, () => run(home, ["--credential-process"])))
    expect(new Set(answers.map(({ code, stdout, stderr }) => [code, stdout, stderr].join())).size).toBe(1)
    expect(pathsIn(home).filter(path => path.endsWith(".tmp"))).toEqual([])
    const kept = stateOf(home)
    expect(await run(home, ["--credential-process"])).toMatchObject({ code: 0 })
    expect(stateOf(home)).toEqual(kept)
  })

  it("is not made by what signs nobody in", async () => {
    const home = new Home()
    const env = cleanEnv(home, { NODE_COMPILE_CACHE: "" })
    for (const args of [["--version"], ["--help", "all"], ["--status"], ["--completion", "bash"]])
      expect(await runProgram({ args, env })).toMatchObject({ code: 0 })
    expect(readdirSync(home.path)).toEqual([])
  })
})
