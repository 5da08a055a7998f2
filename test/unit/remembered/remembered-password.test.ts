import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it, vi } from "vitest"
import { RememberedPassword } from "../../../src/remembered/remembered-password.ts"
import { MemoryKeychain } from "../../support/keychain.ts"
import { tempHome } from "../../support/temp-home.ts"

const pause = () => new Promise<void>(resolve => setTimeout(resolve, 2))

it.each([
  { trouble: undefined, isMissing: false, warnings: [] },
  {
    trouble: "it is locked",
    isMissing: false,
    warnings: ["if a password is remembered, it is still in the keychain: it is locked"],
  },
  { trouble: "there is no module", isMissing: true, warnings: [] },
])(
  "forgetting a password tells if it may have stayed: $trouble",
  async ({ trouble, isMissing, warnings }) => {
    const keychain = new MemoryKeychain()
    const seen: string[] = []
    const terminal = { warn: (line: string) => seen.push(line), progress: () => () => {} }
    const password = new RememberedPassword({ keychain, host: "adfs", home: tempHome(), terminal, pause })
    await password.keep("ADM\\dev_aly", "x")
    Object.assign(keychain, { trouble, isMissing })
    await password.forget("adm\\dev_aly")
    expect(seen).toEqual(warnings)
    expect(keychain.entries.size).toBe(trouble === undefined ? 0 : 1)
  },
)

const setUp = (patience?: number) => {
  const keychain = new MemoryKeychain()
  const home = tempHome()
  const warnings: string[] = []
  const terminal = { warn: (line: string) => warnings.push(line), progress: () => () => {} }
  const settings = {
    keychain,
    host: "adfs",
    home,
    terminal,
    pause,
    ...(patience === undefined ? {} : { patience }),
  }
  const open = () => new RememberedPassword(settings)
  return { keychain, home, warnings, open }
}

it("processes use a password in turn: one that was refused is given to no other", async () => {
  const { keychain, open, home } = setUp()
  keychain.entries.set("password adfs aly", "old")
  const sent: string[] = []
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const password = open()
      const login = await password.login("Aly")
      if (login === undefined) return
      sent.push(login.password)
      await pause()
      await password.removeGiven()
    }),
  )
  expect(sent).toEqual(["old"])
  expect(readdirSync(join(home, ".aws/pum-aws"))).toEqual([])
})

const refuse = async ({ keychain, open }: ReturnType<typeof setUp>) => {
  keychain.entries.set("password adfs aly", "old")
  vi.spyOn(keychain, "delete").mockResolvedValueOnce({ trouble: "it is locked" })
  const password = open()
  await password.login("aly")
  await password.removeGiven()
}

it.each(["keep", "forget"] as const)(
  "a refused password that the keychain did not remove is out of the way after %s",
  async what => {
    const all = setUp()
    await refuse(all)
    expect(readdirSync(join(all.home, ".aws/pum-aws"))).toHaveLength(1)
    await all.open()[what]("aly", "new")
    expect(readdirSync(join(all.home, ".aws/pum-aws"))).toEqual([])
  },
)

it("a refused password is given to no later run, even if this one ends while the keychain is waited for", async () => {
  const { keychain, open } = setUp()
  keychain.entries.set("password adfs aly", "old")
  vi.spyOn(keychain, "delete").mockRejectedValueOnce(new Error("the run ends"))
  const ending = open()
  await ending.login("aly")
  await expect(ending.removeGiven()).rejects.toThrow("the run ends")
  await ending.release()
  expect(await open().login("aly")).toBeUndefined()
})

it("says that a refused password is sent again, if nothing can remove it and nothing say so", async () => {
  const all = setUp()
  writeFileSync(join(all.home, ".aws"), "")
  await refuse(all)
  expect(all.warnings.at(-1)).toMatch(/^the next run sends it again: cannot /)
})

it("a password that ADFS took is given to all, and one of another user is not waited for", async () => {
  const { keychain, open, warnings } = setUp(200)
  keychain.entries.set("password adfs aly", "right")
  keychain.entries.set("password adfs bob", "his")
  const first = open()
  await first.login("aly")
  expect(await open().login("bob")).toEqual({ username: "bob", password: "his" })
  expect(await open().login("aly")).toBeUndefined()
  expect(warnings).toEqual(["the remembered password is not used: another pum-aws is using it"])
  await first.release()
  expect(await open().login("aly")).toEqual({ username: "aly", password: "right" })
})

it("a password is used out of turn, with a line, if nothing can be written to the home folder", async () => {
  const { keychain, open, warnings, home } = setUp()
  keychain.entries.set("password adfs aly", "right")
  writeFileSync(join(home, ".aws"), "")
  expect(await open().login("aly")).toEqual({ username: "aly", password: "right" })
  expect(warnings).toEqual([expect.stringContaining("used out of turn: ")])
})
