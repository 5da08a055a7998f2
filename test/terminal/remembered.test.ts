import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { isRunning, PackageFolder } from "../support/keyring.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlC, Pty } from "../support/pty.ts"
import { sealedFilesIn, sealedFolder } from "../support/remembering.ts"

let world: World
let folder: PackageFolder
let home: Home
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  folder = new PackageFolder()
  folder.installProgram()
  home = new Home()
})
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const password = "Domain password:"
const token = "Visma Google Auth 2FA Token:"
const admin = ["-p", "prod", "-a", "585848786654", "--role", "AdministratorAccess"]

const open = (args: readonly string[]) =>
  new Pty({
    command: [process.execPath, folder.script],
    args: ["-u", defaultUser.name, ...args],
    env: cleanEnv(home, world.env),
    columns: 140,
  })

async function signIn(args: readonly string[]): Promise<Pty> {
  const pty = open(args)
  await pty.answer(password, defaultUser.password)
  await pty.answer(token, first)
  expect(await pty.ends()).toBe(0)
  return pty
}

const asked = () => [world.adfs.passwords.length, world.adfs.codes.length]
const locks = () =>
  readdirSync(join(home.path, sealedFolder)).filter(name => /^sign-in-.*\.lock$|^\.sign-in/.test(name))

describe("a remembered sign-in on a terminal", () => {
  it("asks nothing at the second run, and for the code alone if a second factor is due", async () => {
    home.write(".pum-aws", "[default]\nremember = sign-in\n")
    await signIn(admin)
    const again = open(admin)
    expect(await again.ends()).toBe(0)
    expect(again.text).toMatch(/^✔ Stored in profile \[prod\]/)
    expect(asked()).toEqual([1, 1])

    world.adfs.settings.freshSecondFactor = true
    const due = open(admin)
    await due.answer(token, second)
    expect(await due.ends()).toBe(0)
    expect(due.text).toMatch(/^Visma Google Auth 2FA Token: 123456\n✔ Stored in profile \[prod\]/)
    expect(due.text).not.toContain(password)
    expect([asked(), locks()]).toEqual([[1, 2], []])
  })

  it("is used after a yes, if confirm = yes; a no or Enter alone ends with 130, and it stays", async () => {
    home.write(".pum-aws", "[default]\nremember = sign-in\n[profile prod]\nconfirm = yes\n")
    await signIn(admin)
    const question = "Use the remembered sign-in? (y/N)"
    for (const [keys, code] of [
      ["", 130],
      ["n", 130],
      ["y", 0],
    ] as const) {
      const visited = () => [world.adfs.log.length, world.adfs.connections()]
      const before = visited()
      const pty = open(admin)
      await pty.answer(question, keys)
      expect(await pty.ends()).toBe(code)
      if (code === 130) {
        expect(pty.text).toContain("cancelled, the remembered sign-in was not used")
        expect(visited()).toEqual(before)
      } else expect(pty.text).toContain("✔ Stored in profile [prod]")
      expect([pty.text.includes(password), locks()]).toEqual([false, []])
    }
    const other = open(["-p", "test", ...admin.slice(2)])
    expect(await other.ends()).toBe(0)
    expect(other.text).not.toContain("Use the remembered")
    expect(asked()).toEqual([1, 1])
  })

  it("whose keychain never answers: Ctrl-C ends the wait and the keychain's process, and no lock stays", async () => {
    await signIn(["--remember", "sign-in", ...admin])
    folder.hang()
    const pty = open(["--remember", "sign-in", ...admin])
    await pty.sees("Asking the keychain; if it is locked, unlock it")
    await vi.waitFor(() => expect(folder.seen()?.pid).toBeDefined(), 10_000)
    const { pid = 0 } = folder.seen() ?? {}
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 5_000)
    expect([asked(), locks(), sealedFilesIn(home.path).length]).toEqual([[1, 1], [], 1])
  })

  it("whose keychain never answers: after 5 s a line, and the ordinary questions", async () => {
    await signIn(["--remember", "sign-in", ...admin])
    folder.hang()
    const began = performance.now()
    const pty = open(["--remember", "sign-in", ...admin])
    await pty.isAsked(password)
    expect(performance.now() - began).toBeLessThan(12_000)
    expect(pty.text).toContain(
      "warning: the remembered sign-in is not used: the keychain did not answer within 5 s; it may be locked",
    )
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
    expect([locks(), sealedFilesIn(home.path).length]).toEqual([[], 1])
  })
})

describe("remember = password on a terminal", () => {
  const entry = `pum-aws/password federation.visma.com ${defaultUser.name}`

  it("keeps the typed password after the whole sign-in; the next run asks for the code alone", async () => {
    home.write(".pum-aws", "[default]\nremember = password\n")
    const wrongCode = open(admin)
    await wrongCode.answer(password, defaultUser.password)
    await wrongCode.isAsked(token)
    expect(folder.entries()).toEqual({})
    wrongCode.type(ctrlC)
    await wrongCode.ends()
    expect(folder.entries()).toEqual({})

    await signIn(admin)
    expect(folder.entries()).toEqual({ [entry]: defaultUser.password })
    expect(existsSync(join(home.path, sealedFolder)) && sealedFilesIn(home.path)).toEqual([])
    const next = open(admin)
    await next.answer(token, second)
    expect(await next.ends()).toBe(0)
    expect(next.text).not.toContain(password)
    expect(world.adfs.passwords).toEqual(Array.from({ length: 3 }, () => defaultUser.password))
  })

  it("removes a refused one and, with --retry, asks for another, which is kept", async () => {
    folder.setEntries({ [entry]: "an old password" })
    const pty = open(["--remember", "password", "--retry", ...admin])
    await pty.answer(password, defaultUser.password)
    expect(pty.text).toContain("the remembered password was removed from the keychain")
    await pty.answer(token, first)
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual(["an old password", defaultUser.password])
    expect(folder.entries()).toEqual({ [entry]: defaultUser.password })
  })
})
