import { expect, it, vi } from "vitest"
import { newHome, readIn } from "../../support/aws-home.ts"

// Other test files of this process may have left a lock: their listener is there already.
vi.resetModules()
const { atExit } = await import("../../../src/files/at-exit.ts")
const { lockAll } = await import("../../../src/files/lock.ts")

it("what is to be done when the process exits is done before all else, the last first, whatever fails", () => {
  const before = process.listeners("exit")
  const did: string[] = []
  const listener = () => did.push("listener")
  process.on("exit", listener)
  const takeBack = [
    atExit(() => did.push("first")),
    atExit(() => {
      throw new Error("no")
    }),
    atExit(() => did.push("last")),
    atExit(() => did.push("taken back")),
  ]
  takeBack.pop()?.()
  for (const one of process.listeners("exit")) if (!before.includes(one)) one.call(process, 0)
  for (const back of takeBack) back()
  process.off("exit", listener)
  expect(did).toEqual(["last", "first", "listener"])
  expect(process.listeners("exit")).toEqual(before)
})

it("a lock that is released leaves nothing to be done", async () => {
  const before = process.listeners("exit")
  const locks = await lockAll([readIn(newHome({ f: "" }), "f")], 100)
  expect(process.listeners("exit")).toHaveLength(before.length + 1)
  await locks.release()
  expect(process.listeners("exit")).toEqual(before)
})
