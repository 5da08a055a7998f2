import { chmodSync, cpSync, mkdirSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import {
  type Job,
  nodeVersions,
  program,
  runJobs,
  WindowsHome,
  windowsEnv,
  worldEnv,
} from "./support/windows.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => {
  world.reset()
  world.adfs.settings.users = [{ ...defaultUser, codes: "any six digits" }]
})
afterAll(() => world.close())

const storing = (home: WindowsHome, profile: string, index = 0): Job => ({
  args: [program, "--password-stdin", "-u", defaultUser.name, "-p", profile],
  env: windowsEnv(home, worldEnv(world)),
  stdin: `${defaultUser.password}\r\n${100_000 + index}\r\n`,
})

const mine = "; mine\r\n[other]\r\naws_access_key_id = AKIA\r\naws_secret_access_key = s\r\n"

/** A lock that a killed process left behind long ago. */
function leaveLock(home: WindowsHome): void {
  const lock = join(home.folder, ".aws/credentials.lock")
  mkdirSync(lock)
  utimesSync(lock, 1_000_000_000, 1_000_000_000)
}

describe("the AWS files on Windows", () => {
  it("lose nothing when 16 processes store at once, beside a stale lock and in CRLF", async () => {
    const home = new WindowsHome()
    home.write(".aws/credentials", mine)
    leaveLock(home)
    const names = Array.from({ length: 16 }, (_, index) => `p${index}`)
    const ended = await runJobs(
      names.map((name, index) => ({ ...storing(home, name, index), timeout: 90_000 })),
      true,
    )
    expect(ended.map(({ code, stderr }) => [code, code === 0 ? "" : stderr])).toEqual(
      names.map(() => [0, ""]),
    )
    const text = home.read(".aws/credentials") ?? ""
    expect(text.startsWith(mine)).toBe(true)
    for (const name of names) expect(text).toContain(`\r\n[${name}]\r\naws_access_key_id = ASIA`)
    expect(text.replaceAll("\r\n", "")).not.toContain("\n")
    expect(home.list(".aws").filter(name => /lock|tmp/.test(name))).toEqual([])
  })

  it("are whole after processes were killed, and the next run needs no help", async () => {
    const home = new WindowsHome()
    home.write(".aws/credentials", mine)
    const killed = [500, 700, 900, 1_100, 1_300].map((killAfter, index) => ({
      ...storing(home, `k${index}`, index),
      killAfter,
    }))
    const ended = await runJobs([...killed, storing(home, "last", 9)])
    expect(ended.at(-1)).toMatchObject({ code: 0 })
    const text = home.read(".aws/credentials") ?? ""
    expect(text.startsWith(mine)).toBe(true)
    expect(text).toContain("\r\n[last]\r\naws_access_key_id = ASIA")
    expect(home.list(".aws").filter(name => /\.lock|\.tmp/.test(name))).toEqual([])
  })

  it("are written once another program has closed them, which holds one open for 3 s", async () => {
    const home = new WindowsHome()
    const file = home.write(".aws/credentials", mine)
    const hold = `require("fs").openSync(${JSON.stringify(file)}); setTimeout(() => {}, 5000)`
    const [holder, stored] = await runJobs([{ args: ["-e", hold], env: {} }, storing(home, "p")], true)
    expect(holder).toMatchObject({ code: 0 })
    expect(stored).toMatchObject({ code: 0 })
    expect(stored?.milliseconds).toBeGreaterThan(4_000)
    expect(home.read(".aws/credentials")).toContain("[p]\r\naws_access_key_id = ASIA")
  })

  it("stay as they are while another program holds one open for longer; what was paid for is kept", async () => {
    const home = new WindowsHome()
    const file = home.write(".aws/credentials", mine)
    const hold = `require("fs").openSync(${JSON.stringify(file)}); setTimeout(() => {}, 17000)`
    const [, stored] = await runJobs([{ args: ["-e", hold], env: {} }, storing(home, "p")], true)
    expect(stored).toMatchObject({ code: 7 })
    expect(stored?.stderr).toContain("cannot write ~\\.aws\\credentials: another program holds it open")
    expect(stored?.stderr).toContain('kept, and used without a question: pum-aws --profile p "--" aws')
    expect(home.read(".aws/credentials")).toBe(mine)
    const { env } = storing(home, "p")
    const [used] = await runJobs([{ args: [program, "-u", defaultUser.name, "-p", "p", "--json"], env }])
    expect(JSON.parse(used?.stdout ?? "")).toMatchObject({ Profile: "p" })
    expect(world.adfs.passwords).toHaveLength(1)
  })

  it("are found by a path relative to a drive; ~/.pum-aws may begin with a mark; another HOME is warned of", async () => {
    const home = new WindowsHome()
    home.write(".pum-aws", "\ufeff[profile p]\r\nrole = AdministratorAccess\r\n")
    home.write("there/creds", mine)
    const job = storing(home, "p")
    const named = { ...job.env, AWS_SHARED_CREDENTIALS_FILE: "Z:there\\creds" }
    const [relative, other] = await runJobs([
      { ...job, cwd: home.path, env: named },
      { ...storing(home, "p", 1), env: { ...job.env, HOME: "C:\\elsewhere" } },
    ])
    expect(relative).toMatchObject({ code: 0 })
    expect(home.read("there/creds")).toContain(`${mine}\r\n[p]\r\naws_access_key_id = ASIA`)
    expect(other).toMatchObject({ code: 0 })
    expect(other?.stderr).toContain("warning: HOME is C:\\elsewhere, and USERPROFILE another folder")
    expect(relative?.stderr.match(/warning: .*/g)).toEqual([expect.stringContaining("is a relative path")])
  })

  it("may have a path that is longer than 260 characters", async () => {
    const home = new WindowsHome()
    const deep = Array<string>(28).fill("0123456789").join("/")
    const credentials = home.write(`${deep}/credentials`, mine)
    const job = storing(home, "p")
    const env = {
      ...job.env,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_CONFIG_FILE: credentials.replace(/\w+$/, "config"),
    }
    const [ended] = await runJobs([{ ...job, env }])
    expect(ended).toMatchObject({ code: 0 })
    expect(home.read(`${deep}/credentials`)).toContain("[p]\r\naws_access_key_id = ASIA")
    expect(home.list(deep).sort()).toEqual(["config", "credentials"])
  })

  it("are no devices: NUL and CON are refused at once, and so in a setting", async () => {
    const home = new WindowsHome()
    const job = storing(home, "p")
    const run = (more: Record<string, string>, ...args: string[]) => ({
      ...job,
      args: [...job.args, ...args],
      env: { ...job.env, ...more },
      cwd: home.path,
    })
    const ended = await runJobs(
      [
        run({ AWS_CONFIG_FILE: "NUL", AWS_SHARED_CREDENTIALS_FILE: "nul" }),
        run({ PUM_CONFIG: "C:\\x\\con" }),
        run({}, "--policy", "CON"),
      ],
      true,
    )
    expect(ended.map(({ code }) => code)).toEqual([7, 7, 2])
    for (const { stderr } of ended) expect(stderr).toContain(": is no regular file")
    expect(home.list(".")).toEqual([])
    expect(world.adfs.passwords).toEqual([])
  })

  it("name no program of a temporary folder, whose name Windows gives in its short form", async () => {
    const home = new WindowsHome("firstname.lastname")
    for (const name of ["bin", "dist", "package.json"])
      cpSync(join(import.meta.dirname, "../..", name), join(home.folder, name), { recursive: true })
    const args = ["/c", "for %I in (.) do @echo %~sI"]
    const [asked] = await runJobs([{ file: "C:\\windows\\system32\\cmd.exe", args, cwd: home.path, env: {} }])
    const TEMP = asked?.stdout.trim().replace(/\\[^\\]*$/, "") ?? ""
    expect(home.path.startsWith(TEMP)).toBe(false)
    const job = storing(home, "p")
    const own = [`${home.path}\\bin\\pum-aws`, ...job.args.slice(1), "--on-demand"]
    const [ended] = await runJobs([{ ...job, args: own, env: { ...job.env, TEMP, TMP: TEMP } }])
    expect(ended?.stderr).toContain("pum-aws runs from a folder that may vanish")
    expect(ended).toMatchObject({ code: 2 })
  })

  it("that may not be written are refused before the password is sent", async () => {
    const home = new WindowsHome()
    home.write(".aws/credentials", mine)
    chmodSync(join(home.folder, ".aws/credentials"), 0o444)
    const [ended] = await runJobs([storing(home, "p")])
    expect(ended).toMatchObject({ code: 7 })
    expect(ended?.stderr).toContain("cannot write ~\\.aws\\credentials: permission denied")
    expect(world.adfs.passwords).toEqual([])
    expect(home.read(".aws/credentials")).toBe(mine)
  })
})

describe("compiled code on Windows", () => {
  it.each(nodeVersions)(
    "is kept by the first sign-in and used by the next one, Node.js %s",
    async version => {
      const home = new WindowsHome()
      const kept = () =>
        home
          .list(folder)
          .map(name => [name, statSync(join(home.folder, folder, name), { bigint: true }).mtimeNs])
      const folder = ".aws/pum-aws/code"
      const signIn = (index: number) => runJobs([{ ...storing(home, "a", index), version }])
      expect(await signIn(1)).toMatchObject([{ code: 0 }])
      const first = kept()
      expect(first.map(([name]) => `${name}`.replace(/^.*--/, ""))).toEqual(
        expect.arrayContaining(["main.js", "sign-in.js", "sts.js"]),
      )
      expect(await signIn(2)).toMatchObject([{ code: 0 }])
      expect(kept()).toEqual(first)
    },
  )
})
