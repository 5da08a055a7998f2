import { readFileSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

/** Signs in and stores; counts how often the credentials file was read. */
async function readsOf(home: Home, change = ""): Promise<number> {
  const credentials = join(home.path, ".aws/credentials")
  const hook = `
    const fs = require("node:fs")
    const read = fs.readFileSync
    let reads = 0
    fs.readFileSync = (path, ...more) => {
      if (String(path) === ${JSON.stringify(credentials)} && ++reads === 1) { ${change} }
      return read(path, ...more)
    }
    const readLater = fs.promises.readFile
    fs.promises.readFile = (path, ...more) => {
      if (String(path) === ${JSON.stringify(credentials)}) reads++
      return readLater(path, ...more)
    }
    process.on("exit", () => fs.writeFileSync(${JSON.stringify(join(home.path, "reads"))}, String(reads)))`
  home.write("hook.cjs", hook)
  const { code, stderr } = await runProgram({
    args: ["--password-stdin", "-u", defaultUser.name, "-p", "mine"],
    env: cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${join(home.path, "hook.cjs")}` }),
    stdin: `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
  })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return Number(readFileSync(join(home.path, "reads"), "utf8"))
}

describe("the credentials file", () => {
  const text = "[theirs]\naws_access_key_id = ASIATHEIRS\n"

  it("is read once in a run", async () => {
    const home = new Home()
    home.write(".aws/credentials", text)
    utimesSync(join(home.path, ".aws/credentials"), 1_000_000_000, 1_000_000_000)
    expect(await readsOf(home)).toBe(1)
    expect(home.read(".aws/credentials")).toContain("[theirs]")
  })

  it("is read again if another program changes it meanwhile, and keeps the change", async () => {
    const home = new Home()
    home.write(".aws/credentials", text)
    utimesSync(join(home.path, ".aws/credentials"), 1_000_000_000, 1_000_000_000)
    const change = `setTimeout(() => fs.appendFileSync(${JSON.stringify(join(home.path, ".aws/credentials"))}, "[later]\\nregion = x\\n"), 20)`
    expect(await readsOf(home, change)).toBeGreaterThan(1)
    expect(home.read(".aws/credentials")).toContain("[later]\nregion = x\n")
    expect(home.read(".aws/credentials")).toContain("[mine]\n")
  })
})
