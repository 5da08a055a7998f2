import { existsSync } from "node:fs"
import { expect, it } from "vitest"
import { type RememberedSettings, RememberedSignIn } from "../../../src/remembered/remembered-sign-in.ts"
import type { SealedContent } from "../../../src/remembered/seal.ts"
import { type OpenedSignIn, SealedStore } from "../../../src/remembered/sealed-store.ts"
import { MemoryKeychain } from "../../support/keychain.ts"
import { tempHome } from "../../support/temp-home.ts"
import { notingTerminal } from "../../support/terminal.ts"

const wanted = { origin: "https://adfs.example", user: "adm\\dev_aly", bound: "b" }

function contentOf(value: string): SealedContent {
  return { cookies: [{ name: "MSISAuth", value, path: "/adfs" }], identity: "aly" }
}

async function setUp(more: Partial<RememberedSettings> = {}) {
  const home = tempHome()
  const keychain = new MemoryKeychain()
  const store = new SealedStore(wanted, { home, keychain, now: Date.now, keepSecret: () => {} })
  await store.begin(contentOf("first"), Date.now())
  const warnings: string[] = []
  const terminal = { ...notingTerminal().terminal, warn: (line: string) => void warnings.push(line) }
  const pause = () => new Promise<void>(resolve => setTimeout(resolve, 2))
  const settings = { home, keychain, wanted, terminal, isForced: false, confirm: false, now: Date.now, pause }
  const run = () => new RememberedSignIn({ ...settings, ...more })
  const found = async (signIn: RememberedSignIn) => {
    const opened = await signIn.find()
    if (opened === undefined) throw new Error("nothing was found")
    return opened
  }
  const value = async () => {
    const opened = await store.open()
    return opened !== undefined && "cookies" in opened ? opened.cookies[0]?.value : opened?.why
  }
  return { keychain, store, run, found, value, warnings }
}

const visit = (signIn: RememberedSignIn, opened: OpenedSignIn) =>
  signIn.keepVisit(opened, contentOf("visit").cookies)

it("a visit does not bring back what was forgotten meanwhile", async () => {
  const { store, run, found, keychain } = await setUp()
  const signIn = run()
  const opened = await found(signIn)
  await store.remove()
  await visit(signIn, opened)
  expect([existsSync(store.file.path), keychain.entries.size]).toEqual([false, 0])
})

it("a visit neither replaces nor throws away another sign-in that was kept meanwhile", async () => {
  const { store, run, found, value, keychain } = await setUp()
  const signIn = run()
  const opened = await found(signIn)
  await store.begin(contentOf("second"), Date.now())
  await visit(signIn, opened)
  expect(await value()).toBe("second")
  await signIn.throwAway(opened, "ADFS forgot it")
  expect([await value(), keychain.entries.size]).toEqual(["second", 1])
})

it("a visit that lost its turn, because the machine slept, writes nothing", async () => {
  const { run, found, value } = await setUp()
  const signIn = run()
  const opened = await found(signIn)
  await signIn.release()
  await visit(signIn, opened)
  expect(await value()).toBe("first")
})

it("a new sign-in that lost its turn takes another one before it writes", async () => {
  const { run, found, value, warnings, store } = await setUp({ patience: 0 })
  const signIn = run()
  await found(signIn)
  await signIn.release()
  const other = run()
  await found(other)
  const keeping = signIn.keepNew(contentOf("second"), Date.now(), [wanted.user])
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(await value()).toBe("first")
  await other.release()
  await keeping
  expect([await value(), warnings, existsSync(`${store.file.path}.lock`)]).toEqual(["second", [], false])
})

it("a new sign-in that the keychain does not take is not kept, and a line says why", async () => {
  const { run, keychain, value, warnings } = await setUp()
  keychain.trouble = "the keychain is locked"
  await run().keepNew(contentOf("second"), Date.now(), [wanted.user])
  expect(warnings).toEqual(["the sign-in is not remembered: the keychain is locked"])
  keychain.trouble = undefined
  expect(await value()).toBe("first")
})

it("is not used out of turn: after too long a wait a line says so", async () => {
  const { run, found, warnings } = await setUp({ patience: 100 })
  const first = run()
  await found(first)
  const second = run()
  expect(await second.find()).toBeUndefined()
  expect(warnings).toEqual(["the remembered sign-in is not used: another pum-aws is using it"])
  await first.release()
  await second.release()
})
