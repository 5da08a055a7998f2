import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { openKeychain } from "../../src/remembered/keychain.ts"
import { defaultUser, startWorld } from "../emulators/world.ts"
import { PackageFolder } from "../support/keyring.ts"
import { runWithoutTerminal } from "../support/program.ts"
import { tempHome } from "../support/temp-home.ts"
import { notingTerminal } from "../support/terminal.ts"

const cache = process.env.PUM_TEST_KEYRING ?? join(homedir(), ".cache/pum-aws-keyring")
const secret = 'correct "horse" 🐎 battery\\staple'
const name = "sign-in 0b0e"

const realPackage = () => new PackageFolder("", join(cache, "node_modules/@napi-rs"))

function keychainWith(home: string, more: Readonly<Record<string, string>>, limit = 10_000) {
  const { script } = realPackage()
  const { terminal } = notingTerminal()
  const ending = new AbortController().signal
  const env = { PATH: process.env.PATH, HOME: home, ...more }
  return openKeychain({ script, env, platform: process.platform, terminal, ending, limit })
}

/** Neither the kernel's keyring nor a file holds it. */
function expectNoTrace(home: string) {
  expect(readFileSync("/proc/keys", "utf8")).not.toContain("pum-aws")
  const files = readdirSync(home, { recursive: true, withFileTypes: true, encoding: "utf8" })
  for (const file of files.filter(each => each.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain("horse")
}

function pidOfKeyring(bus: Readonly<Record<string, string>>): number {
  const call = [
    "--session",
    "--print-reply=literal",
    "--dest=org.freedesktop.DBus",
    "/org/freedesktop/DBus",
    "org.freedesktop.DBus.GetConnectionUnixProcessID",
    "string:org.freedesktop.secrets",
  ]
  const reply = execFileSync("dbus-send", call, { env: { ...process.env, ...bus }, encoding: "utf8" })
  return Number(/uint32 (\d+)/.exec(reply)?.[1])
}

describe("gnome-keyring on a bus of its own", () => {
  let session: ChildProcess
  let bus: { readonly DBUS_SESSION_BUS_ADDRESS: string }
  let home: string
  beforeEach(async () => {
    home = tempHome()
    const commands = `printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat >/dev/null`
    const env = { PATH: process.env.PATH, HOME: home }
    session = spawn("dbus-run-session", ["--", "sh", "-c", commands], {
      env,
      stdio: ["pipe", "pipe", "ignore"],
    })
    const [line] = await once(session.stdout ?? session, "data")
    bus = { DBUS_SESSION_BUS_ADDRESS: String(line).trim() }
  })
  afterEach(async () => {
    session.stdin?.end()
    await once(session, "exit")
  })

  it("stores, reads and deletes", async () => {
    const keychain = keychainWith(home, bus)
    expect(await keychain.get(name)).toEqual({ secret: undefined })
    expect(await keychain.set(name, "before")).toEqual({ secret: undefined })
    expect(await keychain.set(name, secret)).toEqual({ secret: undefined })
    expect(await keychain.get(name)).toEqual({ secret })
    expectNoTrace(home)
    expect(await keychain.delete(name)).toEqual({ secret: undefined })
    expect(await keychain.delete(name)).toEqual({ secret: undefined })
    expect(await keychain.get(name)).toEqual({ secret: undefined })
  })

  /** pum-aws with the real module beside it, and what it remembers. */
  async function install() {
    const { path, script } = realPackage()
    for (const part of ["bin", "dist", "package.json"])
      cpSync(join(import.meta.dirname, "../..", part), join(path, "pum-aws", part), { recursive: true })
    const world = await startWorld()
    onTestFinished(() => world.close())
    const env = { PATH: process.env.PATH ?? "", HOME: home, PUM_NO_OP: "1", ...world.env, ...bus }
    const run = (args: readonly string[], stdin = "") =>
      runWithoutTerminal(process.execPath, { args: [script, "-u", defaultUser.name, ...args], env, stdin })
    const files = () => readdirSync(join(home, ".aws/pum-aws")).filter(file => /^sign-in-\w+$/.test(file))
    const keyId = () =>
      JSON.parse(readFileSync(join(home, ".aws/pum-aws", files()[0] ?? ""), "utf8")).keyId as string
    const codes = [...defaultUser.codes]
    const list = ["--list", "--remember", "all"]
    const answered = () => run([...list, "--password-stdin"], `${defaultUser.password}\n${codes.shift()}\n`)
    const asked = () => [world.adfs.passwords.length, world.adfs.codes.length]
    return { run, files, keyId, answered, asked, unanswered: () => run(list) }
  }

  it("serves pum-aws: asked once for two runs, then forgotten", async () => {
    const { run, files, keyId, answered, asked, unanswered } = await install()
    const first = await answered()
    const second = await unanswered()
    expect([first.code, second.code, second.stdout]).toEqual([0, 0, first.stdout])
    expect(`${first.stderr}${second.stderr}`).not.toContain("remembered")
    expect([asked(), files().length]).toEqual([[1, 1], 1])
    const name = `sign-in ${keyId()}`
    const keychain = keychainWith(home, bus)
    const key = async () => (await keychain.get(name)).secret
    expect(Buffer.from((await key()) ?? "", "base64")).toHaveLength(32)
    await run(["--logout"])
    expect([await key(), files()]).toEqual([undefined, []])
  })

  it("whose entry is deleted between two runs: a line, and the ordinary questions", async () => {
    const { files, keyId, answered, asked, unanswered } = await install()
    await answered()
    const lost = keyId()
    await keychainWith(home, bus).delete(`sign-in ${lost}`)
    const unasked = await unanswered()
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("does not hold its key")])
    expect([keyId(), asked()]).toEqual([lost, [1, 1]])
    const again = await answered()
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("does not hold its key")])
    expect([(await unanswered()).code, asked(), files().length]).toEqual([0, [2, 2], 1])
    expectNoTrace(home)
  })

  it("that is slow, as it never answers: a line within the limit, the ordinary questions, and the file stays", async () => {
    const { keyId, answered, asked, unanswered } = await install()
    await answered()
    const before = keyId()
    const daemon = pidOfKeyring(bus)
    process.kill(daemon, "SIGSTOP")
    try {
      const began = performance.now()
      const ended = await answered()
      // Its own library gives up before our limit for some calls.
      const line = /remembered sign-in is not used: the keychain (did not answer within 5 s|failed: .*reply)/
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(line)])
      // Asked to read the key, then to keep a new one.
      expect(performance.now() - began).toBeLessThan(20_000)
      expect([keyId(), asked()]).toEqual([before, [2, 2]])
    } finally {
      process.kill(daemon, "SIGCONT")
    }
    expect([(await unanswered()).code, asked()]).toEqual([0, [2, 2]])
    expectNoTrace(home)
  })

  function lock(): void {
    const call = [
      "--session",
      "--print-reply",
      "--dest=org.freedesktop.secrets",
      "/org/freedesktop/secrets",
      "org.freedesktop.Secret.Service.Lock",
      "array:objpath:/org/freedesktop/secrets/collection/login",
    ]
    execFileSync("dbus-send", call, { env: { ...process.env, ...bus }, stdio: "ignore" })
  }

  it("locked, and nobody there to unlock it: a line within the limit", async () => {
    const keychain = keychainWith(home, bus, 3000)
    await keychain.set(name, secret)
    lock()
    for (const answer of [await keychain.get(name), await keychain.set(name, secret)])
      expect(answer).toEqual({ trouble: expect.stringMatching(/^the keychain (failed: |did not answer)/) })
    expectNoTrace(home)
  })

  it("locked between two runs of pum-aws: a line, the ordinary questions, and the file stays", async () => {
    const { keyId, answered, asked } = await install()
    await answered()
    const before = keyId()
    lock()
    const ended = await answered()
    const line = /remembered sign-in is not used: the keychain (failed: |did not answer within 5 s)/
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(line)])
    expect([keyId(), asked()]).toEqual([before, [2, 2]])
    expectNoTrace(home)
  })
})

it.each([
  ["there is no address and no XDG_RUNTIME_DIR", {}],
  ["its socket is gone", { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus" }],
  ["XDG_RUNTIME_DIR is empty", { XDG_RUNTIME_DIR: "/nowhere" }],
])("without a bus: a line, and nothing is kept anywhere else (%s)", async (_, env) => {
  const home = tempHome()
  mkdirSync(join(home, ".aws"))
  const keychain = keychainWith(home, env as Record<string, string>)
  for (const answer of [
    await keychain.set(name, secret),
    await keychain.get(name),
    await keychain.delete(name),
  ])
    expect(answer).toEqual({ trouble: expect.stringMatching(/^the keychain failed: /) })
  expectNoTrace(home)
})
