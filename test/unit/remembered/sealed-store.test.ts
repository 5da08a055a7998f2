import { readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { RememberedSignIn } from "../../../src/remembered/remembered-sign-in.ts"
import type { SealedContent } from "../../../src/remembered/seal.ts"
import { type OpenedSignIn, SealedStore } from "../../../src/remembered/sealed-store.ts"
import { MemoryKeychain } from "../../support/keychain.ts"
import { type FsName, patchFs } from "../../support/patched-fs.ts"
import { tempHome } from "../../support/temp-home.ts"
import { notingTerminal } from "../../support/terminal.ts"

const wanted = { origin: "https://adfs.example", user: "adm\\dev_aly", bound: "b" }

function contentOf(...values: readonly string[]): SealedContent {
  return { cookies: values.map(value => ({ name: "MSISAuth", value, path: "/adfs" })), identity: "aly" }
}

const setUp = () => {
  const home = tempHome()
  const keychain = new MortalKeychain()
  const store = new SealedStore(wanted, { home, keychain, now: Date.now, keepSecret: () => {} })
  return { home, keychain, store }
}

/** Dies at a step: nothing that it does from then on, not even tidying up, changes anything. */
class Death {
  private steps = 0
  at = Number.POSITIVE_INFINITY

  /** @param halfway what a write has done when it dies */
  step(halfway = () => {}): void {
    this.steps++
    if (this.steps === this.at) halfway()
    if (this.steps >= this.at) throw new Error("dead")
  }

  /** Dies at this step of what follows. */
  isAt(step: number): void {
    this.steps = 0
    this.at = step
  }

  get isOver(): boolean {
    return this.steps >= this.at
  }
}

class MortalKeychain extends MemoryKeychain {
  death: Death | undefined

  override async set(name: string, secret: string) {
    this.death?.step()
    return super.set(name, secret)
  }

  override async delete(name: string) {
    this.death?.step()
    return super.delete(name)
  }
}

const writes: readonly FsName[] = [
  "mkdirSync",
  "openSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "unlinkSync",
]

function mortalFs(death: Death): void {
  for (const name of writes)
    patchFs(name, real => (...args) => {
      const [file, text] = args
      death.step(() => {
        if (name === "writeFileSync") real(file, String(text).slice(0, String(text).length / 2))
      })
      return real(...args)
    })
}

const opened = async (store: SealedStore) => {
  const found = await store.open()
  return found !== undefined && "cookies" in found ? found : undefined
}
const valuesOf = (found: OpenedSignIn | undefined) => found?.cookies.map(({ value }) => value)

it.each([
  {
    work: "a new sign-in",
    change: async (store: SealedStore) => void (await store.begin(contentOf("new"), Date.now())),
  },
  {
    work: "another visit",
    change: async (store: SealedStore) => {
      const found = await opened(store)
      if (found !== undefined) await store.write({ ...found, ...contentOf("new") })
    },
  },
])("killed at each step of $work: the old file or the new one, with its key", async ({ change }) => {
  const { home, keychain, store } = setUp()
  const death = new Death()
  mortalFs(death)
  keychain.death = death
  const seen: unknown[] = []
  for (let step = 1, isKilled = true; isKilled; step++) {
    await store.begin(contentOf("old"), Date.now())
    death.isAt(step)
    await change(store).catch(() => {})
    isKilled = death.isOver
    death.isAt(Number.POSITIVE_INFINITY)
    seen.push(valuesOf(await opened(store))?.join())
  }
  expect([...new Set(seen)]).toEqual(["old", "new"])
  expect(seen.length).toBeGreaterThan(6)
  await store.begin(contentOf("next"), Date.now())
  expect(valuesOf(await opened(store))).toEqual(["next"])
  expect(readdirSync(join(home, ".aws/pum-aws"))).toHaveLength(1)
})

it("killed at each step of the first sign-in: nothing or the new one, which cannot be read without its key", async () => {
  const death = new Death()
  mortalFs(death)
  const seen: unknown[] = []
  for (let step = 1, isKilled = true; isKilled; step++) {
    const { keychain, store } = setUp()
    keychain.death = death
    death.isAt(step)
    await store.begin(contentOf("new"), Date.now()).catch(() => {})
    isKilled = death.isOver
    death.isAt(Number.POSITIVE_INFINITY)
    seen.push(valuesOf(await opened(store))?.join())
  }
  expect([...new Set(seen)]).toEqual([undefined, "new"])
})

it("ten visits at once take turns: each finds what the one before has kept", async () => {
  const { home, keychain, store } = setUp()
  await store.begin(contentOf(), Date.now())
  const { terminal } = notingTerminal()
  const settings = { home, keychain, wanted, terminal, isForced: false, confirm: false, now: Date.now }
  const names = Array.from({ length: 10 }, (_, n) => `visit${n}`)
  let isVisiting = false
  await Promise.all(
    names.map(async name => {
      const pause = () => new Promise<void>(resolve => setTimeout(resolve, 2))
      const signIn = new RememberedSignIn({ ...settings, pause })
      const found = await signIn.find()
      if (found === undefined) throw new Error("nothing was found")
      expect(isVisiting).toBe(false)
      isVisiting = true
      await pause()
      await signIn.keepVisit(found, [...found.cookies, ...contentOf(name).cookies])
      isVisiting = false
      await signIn.release()
    }),
  )
  expect(valuesOf(await opened(store))?.toSorted()).toEqual(names)
  expect(keychain.entries.size).toBe(1)
})
