import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "esbuild"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readIni } from "../../src/ini/read-ini.ts"
import { storeProfiles } from "../../src/profiles/store-profiles.ts"
import { type Home, newHome, sectionOf, writeOf } from "../support/aws-home.ts"
import { atScale } from "../support/scale.ts"

const folder = mkdtempSync(join(tmpdir(), "pum-aws-driver-"))
const driver = join(folder, "driver.cjs")
const hookOf = (name: string) => join(import.meta.dirname, `aws-files/${name}.cjs`)

beforeAll(async () => {
  const entry = join(import.meta.dirname, "aws-files/driver.ts")
  await build({ entryPoints: [entry], outfile: driver, bundle: true, platform: "node", format: "cjs" })
  for (const path of [folder, driver]) chmodSync(path, 0o755)
})
const children: ChildProcess[] = []
afterAll(() => {
  // A stopped process of a test that failed would stay for ever.
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

interface StartOptions {
  /** A module to load first. */
  readonly hook?: "signal-at" | "faster-process" | "clock-that-jumps" | "file-in-use"
  readonly env?: Record<string, string>
  readonly uid?: number | undefined
  /** Only look at what is there. */
  readonly look?: boolean
}

function start(
  home: Home,
  profile: string,
  { hook, env = {}, uid, look = false }: StartOptions = {},
): Running {
  const args = hook === undefined ? [] : ["--require", hookOf(hook)]
  const child = spawn(process.execPath, [...args, driver, home.folder, profile, ...(look ? ["look"] : [])], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  children.push(child)
  let stderr = ""
  child.stderr?.on("data", text => {
    stderr += text
  })
  return { child, ended: once(child, "close").then(([code, signal]) => ({ code, signal, stderr })) }
}

const configOf = (profile: string) => `[profile ${profile}]\nregion = eu-central-1\noutput = json\n`
const before = {
  ".aws/credentials": "# mine\n[x]\naws_access_key_id = AKIA\n",
  ".aws/config": "[default]\nregion = a\n",
}
const after = {
  ".aws/credentials": `${before[".aws/credentials"]}\n${sectionOf("p")}`,
  ".aws/config": `${before[".aws/config"]}\n${configOf("p")}`,
}
const names = [".aws/credentials", ".aws/config"] as const

/** Waits until the process is stopped. */
async function untilStopped({ pid }: ChildProcess): Promise<void> {
  // Linux needs no program for it: `pid (name) state …` (proc_pid_stat(5)).
  const state = () =>
    process.platform === "linux"
      ? readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "")
      : execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
  while (!state().startsWith("T")) await new Promise(resolve => setTimeout(resolve, 10))
}

/** What time does to the lock of a killed process, without waiting for it. */
function letLocksAge(home: Home): void {
  const past = new Date(Date.now() - 10_000)
  for (const name of home.leftovers())
    if (name.endsWith(".lock")) utimesSync(home.path(`.aws/${name}`), past, past)
}

describe("many at once", { timeout: 180_000 }, () => {
  it("many processes store a profile each: all are there, the old content too, no reader ever sees a broken file", async () => {
    const home = newHome(before)
    // Of a process that was killed: all of them find it.
    mkdirSync(home.path(".aws/credentials.lock"))
    letLocksAge(home)
    const profiles = Array.from({ length: atScale(30, 100) }, (_, at) => `p${at}`)
    const running = profiles.map(profile => start(home, profile).ended)
    let reads = 0
    let done = false
    const reading = (async () => {
      while (!done) {
        for (const name of names) {
          const text = home.read(name)
          expect(text.startsWith(before[name])).toBe(true)
          for (const section of readIni(text, name).sections.values())
            expect([1, 2, 5]).toContain(section.options.size)
        }
        reads++
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    })()
    const ended = await Promise.all(running)
    done = true
    await reading
    expect(ended.filter(({ code, stderr }) => code !== 0 || stderr !== "")).toEqual([])
    for (const profile of profiles) {
      expect(home.read(".aws/credentials")).toContain(`\n\n${sectionOf(profile)}`)
      expect(home.read(".aws/config")).toContain(`\n\n${configOf(profile)}`)
    }
    expect(home.read(".aws/credentials").split("\n[")).toHaveLength(profiles.length + 2)
    expect(home.leftovers()).toEqual([])
    expect(reads).toBeGreaterThan(0)
  })

  it("many processes store a profile each while the clock is set forward and back by a day", async () => {
    const home = newHome(before)
    const profiles = Array.from({ length: atScale(12, 40) }, (_, at) => `p${at}`)
    const running = profiles.map(profile => start(home, profile, { hook: "clock-that-jumps" }).ended)
    const ended = await Promise.all(running)
    expect(ended.filter(({ code, stderr }) => code !== 0 || stderr !== "")).toEqual([])
    for (const profile of profiles) {
      expect(home.read(".aws/credentials")).toContain(`\n\n${sectionOf(profile)}`)
      expect(home.read(".aws/config")).toContain(`\n\n${configOf(profile)}`)
    }
    expect(home.leftovers()).toEqual([])
  })
})

/** Starts the driver once for every single change it makes to the file system, with a signal right then. */
async function atEveryChange(
  name: string,
  check: (home: Home, running: Running, at: number) => Promise<void>,
) {
  const counted = await start(newHome(before), "p", { hook: "signal-at", env: { SIGNAL_AT: "0" } }).ended
  const changes = Number(counted.stderr)
  // Two locks, two files: below that, the hook has missed some.
  expect(changes).toBeGreaterThan(15)
  const one = async (at: number) => {
    const home = newHome(before)
    const env = { SIGNAL_AT: String(at), SIGNAL_NAME: name }
    await check(home, start(home, "p", { hook: "signal-at", env }), at)
  }
  for (let at = 1; at <= changes; at += 2)
    await Promise.all(at < changes ? [one(at), one(at + 1)] : [one(at)])
}

// Side by side: one of them waits for seconds.
describe.concurrent("a process that ends or stops in the middle", { timeout: 180_000 }, () => {
  it("killed at any change to the file system: each file is the old or the new one, and the next run needs no hand", async () => {
    await atEveryChange("SIGKILL", async (home, { ended }, at) => {
      const { signal } = await ended
      expect({ at, signal }).toEqual({ at, signal: "SIGKILL" })
      for (const name of names) expect([before[name], after[name]]).toContain(home.read(name))
      // Credentials without their region never happen.
      if (home.read(".aws/credentials") === after[".aws/credentials"])
        expect(home.read(".aws/config")).toBe(after[".aws/config"])
      letLocksAge(home)
      await storeProfiles(home.paths, [writeOf("p")], { overwrite: false, patience: 200 })
      for (const name of names) expect(home.read(name)).toBe(after[name])
      expect({ at, left: home.leftovers() }).toEqual({ at, left: [] })
    })
  })

  it("interrupted (Ctrl-C) at any change: both files are old, or both new, and nothing is left", async () => {
    await atEveryChange("SIGINT", async (home, { ended }, at) => {
      const { signal } = await ended
      // The signal waits until both files are written; by then the work may be done.
      const isNew = home.read(".aws/config") === after[".aws/config"]
      if (!isNew) expect({ at, signal }).toEqual({ at, signal: "SIGINT" })
      const wanted = isNew ? after : before
      for (const name of names) expect({ at, text: home.read(name) }).toEqual({ at, text: wanted[name] })
      expect({ at, left: home.leftovers() }).toEqual({ at, left: [] })
    })
  })

  it("stopped at any change while another stores, and continued: nothing of either is lost", async () => {
    await atEveryChange("SIGSTOP", async (home, { child, ended }, at) => {
      await untilStopped(child)
      letLocksAge(home)
      await storeProfiles(home.paths, [writeOf("q")], { overwrite: false, patience: 200 })
      child.kill("SIGCONT")
      expect({ at, ...(await ended) }).toEqual({ at, code: 0, signal: null, stderr: "" })
      for (const profile of ["p", "q"]) {
        expect({ at, text: home.read(".aws/credentials") }).toEqual({
          at,
          text: expect.stringContaining(sectionOf(profile)),
        })
        expect({ at, text: home.read(".aws/config") }).toEqual({
          at,
          text: expect.stringContaining(configOf(profile)),
        })
      }
      expect({ at, left: home.leftovers() }).toEqual({ at, left: [] })
    })
  })

  it("stopped while another waits for its lock: that takes over after some seconds", async () => {
    const home = newHome(before)
    const stopped = start(home, "p", { hook: "signal-at", env: { SIGNAL_AT: "12", SIGNAL_NAME: "SIGSTOP" } })
    await untilStopped(stopped.child)
    expect(home.leftovers()).toEqual(expect.arrayContaining(["config.lock", "credentials.lock"]))
    expect(await start(home, "q").ended).toEqual({ code: 0, signal: null, stderr: "" })
    stopped.child.kill("SIGCONT")
    expect(await stopped.ended).toEqual({ code: 0, signal: null, stderr: "" })
    for (const profile of ["p", "q"]) expect(home.read(".aws/credentials")).toContain(sectionOf(profile))
    expect(home.leftovers()).toEqual([])
  })

  it("interrupted while another program has a file open (Windows): nothing is changed, and nothing is left", async () => {
    const home = newHome(before)
    const waiting = start(home, "p", { hook: "file-in-use" })
    if (waiting.child.stdout !== null) await once(waiting.child.stdout, "data")
    // The config file is replaced by then.
    expect(home.read(".aws/config")).toBe(after[".aws/config"])
    waiting.child.kill("SIGINT")
    expect(await waiting.ended).toMatchObject({ code: null, signal: "SIGINT" })
    for (const name of names) expect(home.read(name)).toBe(before[name])
    expect(home.leftovers()).toEqual([])
  })

  it("the next one waits for the lock of a killed one by itself", async () => {
    const home = newHome(before)
    const killed = await start(home, "p", {
      hook: "signal-at",
      env: { SIGNAL_AT: "8", SIGNAL_NAME: "SIGKILL" },
    }).ended
    expect([killed.signal, home.leftovers()]).toEqual(["SIGKILL", expect.arrayContaining(["config.lock"])])
    expect(await start(home, "p").ended).toEqual({ code: 0, signal: null, stderr: "" })
    expect([home.read(".aws/credentials"), home.leftovers()]).toEqual([after[".aws/credentials"], []])
  })

  it("a killed one's lock that another process takes over first is not taken from that one", async () => {
    const home = newHome(before)
    mkdirSync(home.path(".aws/config.lock"))
    letLocksAge(home)
    expect(await start(home, "p", { hook: "faster-process" }).ended).toEqual({
      code: 0,
      signal: null,
      stderr: "kept",
    })
    expect([home.read(".aws/credentials"), home.leftovers()]).toEqual([after[".aws/credentials"], []])
  })

  it("Ctrl-C ends the waiting for another process", async () => {
    const home = newHome(before)
    mkdirSync(home.path(".aws/credentials.lock"))
    const waiting = start(home, "p")
    // It has the config file's lock by then, and gives it back.
    const hasOne = () => home.leftovers().includes("config.lock")
    while (!hasOne() && waiting.child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 5))
    waiting.child.kill("SIGINT")
    expect(await waiting.ended).toMatchObject({ code: null, signal: "SIGINT" })
    expect(home.leftovers()).toEqual(["credentials.lock"])
    for (const name of names) expect(home.read(name)).toBe(before[name])
  })
})

/** Root may write everywhere. Tests that run as root start a process of this user, who may not. */
const nobody = process.getuid?.() === 0 ? 65534 : undefined

/** Said before the password only: after it, the session is kept. */
const instead = "hint: use --export or --json, which write no file\n"

describe("a user who may not", () => {
  const give = (home: Home, ...paths: string[]) => {
    for (const path of ["", ...paths]) if (nobody !== undefined) chownSync(home.path(path), nobody, nobody)
  }

  it.each([
    [
      "write into the folder",
      { ".aws": 0o500 },
      "cannot write ~/.aws/credentials",
      "cannot lock ~/.aws/credentials",
    ],
    [
      "read the credentials file",
      { ".aws/credentials": 0 },
      "cannot read ~/.aws/credentials",
      "cannot read ~/.aws/credentials",
    ],
    [
      "enter the folder",
      { ".aws": 0o600 },
      "cannot read ~/.aws/credentials",
      "cannot read ~/.aws/credentials",
    ],
    ["make the folder", { "": 0o500 }, "cannot write ~/.aws/credentials", "cannot write ~/.aws/credentials"],
  ])(
    "%s is told so, before and after the password, and nothing has changed",
    async (_, modes, first, later) => {
      const home = newHome("" in modes ? {} : before)
      give(home, ...("" in modes ? [] : [".aws", ...names]))
      for (const [path, mode] of Object.entries(modes)) chmodSync(home.path(path), mode)
      const looked = await start(home, "p", { uid: nobody, look: true }).ended
      const stored = await start(home, "p", { uid: nobody }).ended
      for (const path of Object.keys(modes)) chmodSync(home.path(path), 0o700)
      expect(looked).toEqual({
        code: 7,
        signal: null,
        stderr: `pum-aws: ${first}: permission denied\n${first.includes("write") ? instead : ""}`,
      })
      expect(stored).toEqual({ code: 7, signal: null, stderr: `pum-aws: ${later}: permission denied\n` })
      if ("" in modes) expect(readdirSync(home.folder)).toEqual([])
      else for (const name of names) expect(home.read(name)).toBe(before[name])
    },
  )

  it("write a credentials file that is made read-only is told so before the password", async () => {
    const home = newHome(before)
    give(home, ".aws", ...names)
    chmodSync(home.path(".aws/credentials"), 0o400)
    const stderr = `pum-aws: cannot write ~/.aws/credentials: permission denied\n${instead}`
    expect(await start(home, "p", { uid: nobody, look: true }).ended).toEqual({
      code: 7,
      signal: null,
      stderr,
    })
  })

  it("write a config file that is made read-only can still store, and is warned", async () => {
    const home = newHome(before)
    give(home, ".aws", ...names)
    chmodSync(home.path(".aws/config"), 0o400)
    const looked = await start(home, "p", { uid: nobody, look: true }).ended
    const ended = await start(home, "p", { uid: nobody }).ended
    expect(looked).toEqual({ code: 0, signal: null, stderr: "" })
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stderr: "warning: region and output were not stored: cannot write ~/.aws/config: permission denied\n",
    })
    expect(home.read(".aws/credentials")).toBe(after[".aws/credentials"])
    expect(home.read(".aws/config")).toBe(before[".aws/config"])
  })

  it("change config can still store, where config needs no change", async () => {
    const home = newHome({ "locked/config": configOf("p"), ".aws/credentials": "" })
    rmSync(home.path(".aws"), { recursive: true })
    mkdirSync(home.path(".aws"))
    give(home, ".aws")
    execFileSync("ln", ["-s", "../locked/config", home.path(".aws/config")])
    for (const path of ["locked/config", "locked"]) chmodSync(home.path(path), 0o555)
    const looked = await start(home, "p", { uid: nobody, look: true }).ended
    const ended = await start(home, "p", { uid: nobody }).ended
    chmodSync(home.path("locked"), 0o700)
    expect(looked).toEqual({ code: 0, signal: null, stderr: "" })
    expect(ended).toEqual({ code: 0, signal: null, stderr: "" })
    expect(readFileSync(home.path(".aws/credentials"), "utf8")).toBe(sectionOf("p"))
    expect(statSync(home.path(".aws/credentials")).mode & 0o777).toBe(0o600)
  })
})

it("the AWS SDK for JavaScript uses what was stored", async () => {
  const home = newHome({ ".aws/config": "[default]\r\ns3 =\r\n  addressing_style = path\r\n" })
  await storeProfiles(home.paths, [writeOf("a.b/c@d+e", { region: "eu-north-1" })], { overwrite: false })
  const { accessKeyId, secretAccessKey, sessionToken } = writeOf("a.b/c@d+e").session
  const script = `
const { STSClient } = require("@aws-sdk/client-sts")
const { credentials, region } = new STSClient({ profile: "a.b/c@d+e" }).config
Promise.all([credentials(), region()]).then(found => console.log(JSON.stringify(found)))`
  const answer = execFileSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: { HOME: home.folder, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    cwd: import.meta.dirname,
  })
  expect(JSON.parse(answer)).toEqual([
    expect.objectContaining({ accessKeyId, secretAccessKey, sessionToken }),
    "eu-north-1",
  ])
})
