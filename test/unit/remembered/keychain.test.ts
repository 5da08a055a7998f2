import { spawn } from "node:child_process"
import { once } from "node:events"
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { openKeychain } from "../../../src/remembered/keychain.ts"
import { isRunning, PackageFolder } from "../../support/keyring.ts"
import { notingTerminal } from "../../support/terminal.ts"

const secret = 'correct "horse" battery\\staple'
const name = "sign-in 0b0e"
const folders: PackageFolder[] = []

/** @param more of the environment of pum-aws */
function setUp(version?: string, { limit = 20_000, more = {} as Record<string, string> } = {}) {
  const folder = new PackageFolder(version)
  folders.push(folder)
  const { terminal, seen } = notingTerminal()
  const ending = new AbortController()
  const env = { PATH: process.env.PATH, HOME: folder.path, ...more }
  const settings = { script: folder.script, env, platform: process.platform, terminal }
  const keychain = openKeychain({ ...settings, ending: ending.signal, limit })
  return { folder, keychain, ending, waits: seen.waits }
}

/** The stand-in never ends by itself. */
const isKilled = (folder: PackageFolder) => {
  const { pid = 0 } = folder.seen() ?? {}
  return vi.waitFor(() => expect([pid > 0, isRunning(pid)]).toEqual([true, false]))
}

afterEach(() => {
  vi.useRealTimers()
  for (const folder of folders.splice(0)) {
    const { pid } = folder.seen() ?? {}
    if (pid !== undefined && isRunning(pid)) process.kill(pid, "SIGKILL")
  }
})

describe("the keychain", () => {
  it("stores, reads and deletes an entry; each process is killed once it has answered", async () => {
    const { folder, keychain, waits } = setUp()
    expect(await keychain.get(name)).toEqual({ secret: undefined })
    await isKilled(folder)
    expect(await keychain.set(name, secret)).toEqual({ secret: undefined })
    expect(folder.entries()).toEqual({ [`pum-aws/${name}`]: secret })
    expect(await keychain.get(name)).toEqual({ secret })
    expect(await keychain.delete(name)).toEqual({ secret: undefined })
    expect(await keychain.delete(name)).toEqual({ secret: undefined })
    expect(folder.entries()).toEqual({})
    await isKilled(folder)
    const wait = ["Asking the keychain; if it is locked, unlock it", "done"]
    expect(waits).toEqual([wait, wait, wait, wait, wait].flat())
  })

  it("is asked by the Secret Service on Linux; neither name nor secret is in the command line or environment", async () => {
    const { folder, keychain } = setUp()
    await keychain.set(name, secret)
    const { commandLine = "", environment, linux } = folder.seen() ?? {}
    expect(linux).toEqual({ store: "secret-service" })
    expect(commandLine).toContain("keychain.js")
    const shown = `${commandLine}${Object.entries(environment ?? {})
      .flat()
      .join("\n")}`
    for (const part of [secret, "horse", name]) expect(shown).not.toContain(part)
  })

  it("is asked by the module beside pum-aws alone, which gets no variable that makes it load another library", async () => {
    const { folder, keychain } = setUp(undefined, {
      more: { NAPI_RS_NATIVE_LIBRARY_PATH: "/x", KEPT: "yes" },
    })
    await keychain.get(name)
    expect(folder.seen()?.environment).toMatchObject({ KEPT: "yes" })
    expect(Object.keys(folder.seen()?.environment ?? {}).filter(each => /napi/i.test(each))).toEqual([])
  })
})

describe("without a module that can be used, a line says so, and no process is started", () => {
  it("none is beside pum-aws; another folder is not looked into", async () => {
    const { folder, keychain, waits } = setUp()
    rmSync(join(folder.path, "@napi-rs"), { recursive: true })
    folder.writeModule("pum-aws/node_modules/@napi-rs/keyring", "2.1.2")
    expect(await keychain.get(name)).toEqual({
      trouble: expect.stringContaining("npm install -g pum-aws @napi-rs/keyring"),
      isMissing: true,
    })
    expect(waits).toEqual([])
  })

  it.each(["1.9.9", "2.0.9", "2.1.1", "3.0.0", "two"])("its version is %s", async version => {
    const { folder, keychain } = setUp(version)
    const trouble = `@napi-rs/keyring ${version} is not used: 2.1.2 is needed`
    expect(await keychain.set(name, secret)).toEqual({ trouble })
    expect(folder.seen()).toBeUndefined()
  })

  it.each(["2.1.3", "2.2.0"])("but %s is used", async version => {
    const { keychain } = setUp(version)
    expect(await keychain.get(name)).toEqual({ secret: undefined })
  })

  it("its package.json cannot be read", async () => {
    const { folder, keychain } = setUp()
    const manifest = join(folder.path, "@napi-rs/keyring/package.json")
    rmSync(manifest)
    folder.writeModule("@napi-rs/keyring/package.json", "2.1.2")
    expect((await keychain.get(name)).trouble).toContain("npm install -g")
    rmSync(manifest, { recursive: true })
    writeFileSync(manifest, "{")
    expect((await keychain.get(name)).trouble).toContain("is not used")
  })
})

describe("a keychain in trouble", () => {
  it("is killed after the limit, if it never answers", async () => {
    const { folder, keychain, waits } = setUp("2.1.2", { limit: 1500 })
    const before = performance.now()
    const trouble = "the keychain did not answer within 1.5 s; it may be locked"
    expect(await keychain.get("hangs")).toEqual({ trouble })
    expect(performance.now() - before).toBeLessThan(5000)
    await isKilled(folder)
    expect(waits.at(-1)).toBe("done")
  })

  it("ends by itself soon after the limit, if pum-aws was killed while it waited", async () => {
    const { folder } = setUp()
    const module = join(folder.path, "@napi-rs/keyring")
    const child = spawn(process.execPath, [join(folder.path, "pum-aws/dist/keychain.js")], {
      stdio: ["pipe", "ignore", "ignore"],
    })
    const ended = once(child, "exit")
    child.stdin?.end(JSON.stringify({ module, action: "get", name: "hangs", limit: 500 }))
    expect(await ended).toEqual([null, "SIGKILL"])
    expect(folder.seen()?.pid).toBe(child.pid)
  })

  it("is killed when pum-aws ends", async () => {
    const { folder, keychain, ending, waits } = setUp()
    const answer = keychain.get("hangs")
    const refused = expect(answer).rejects.toThrow("Ctrl-C")
    await vi.waitFor(() => expect(folder.seen()).toBeDefined(), 10_000)
    ending.abort(new Error("Ctrl-C"))
    await refused
    await isKilled(folder)
    expect(waits.at(-1)).toBe("done")
    await expect(keychain.get(name)).rejects.toThrow("Ctrl-C")
  })

  it.each([
    { platform: "linux", env: {}, seconds: 5 },
    { platform: "linux", env: { DISPLAY: ":0" }, seconds: 60 },
    { platform: "linux", env: { WAYLAND_DISPLAY: "wayland-0" }, seconds: 60 },
    { platform: "darwin", env: {}, seconds: 60 },
    { platform: "darwin", env: { SSH_CONNECTION: "1" }, seconds: 5 },
    { platform: "win32", env: { SSH_TTY: "1" }, seconds: 5 },
  ] as const)("has $seconds s on $platform with $env", async ({ platform, env, seconds }) => {
    const { folder } = setUp()
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const { signal } = new AbortController()
    const { terminal } = notingTerminal()
    const keychain = openKeychain({ script: folder.script, env, platform, terminal, ending: signal })
    let trouble: string | undefined
    const asked = keychain.get("hangs").then(answer => {
      trouble = answer.trouble
    })
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1)
    expect(trouble).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    await asked
    expect(trouble).toContain(`within ${seconds} s`)
  })

  it("says what failed, without what acts on a terminal and never with the secret", async () => {
    const { keychain } = setUp()
    expect(await keychain.set("fails", secret)).toEqual({ trouble: "the keychain failed: no bus" })
    expect(await keychain.set("quotes", secret)).toEqual({ trouble: "the keychain failed" })
    expect(await keychain.set("escapes", secret)).toEqual({ trouble: "the keychain failed" })
  })

  it("gives no answer, or cannot be started: a line says so", async () => {
    const { folder, keychain } = setUp()
    expect(await keychain.get("ends")).toEqual({ trouble: "the keychain gave no answer" })
    rmSync(join(folder.path, "pum-aws/dist/keychain.js"))
    expect(await keychain.set(name, secret)).toEqual({ trouble: "the keychain gave no answer" })
    expect(folder.entries()).toEqual({})
  })
})
