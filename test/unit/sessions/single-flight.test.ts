import { mkdirSync, readdirSync, readFileSync, rmdirSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { PumError } from "../../../src/errors.ts"
import type { Obtained } from "../../../src/sessions/shared-session.ts"
import { obtainSession } from "../../../src/sessions/shared-session.ts"
import { caller, clockOf, pending, session, TestClock } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

const patience = Number.POSITIVE_INFINITY
const day = 24 * 3600_000
const orders = [
  [0, day, -day],
  [0, -day, day],
  [day, 0, -day],
  [day, -day, 0],
  [-day, 0, day],
  [-day, day, 0],
] as const

const never = async (): Promise<Obtained> => {
  throw new Error("it signed in")
}
const gives = (clock: TestClock, accessKeyId: string) => async (): Promise<Obtained> => ({
  session: session(clock, accessKeyId),
  typedUsername: undefined,
})
const refuses = async (): Promise<Obtained> => {
  throw new PumError("signInRefused", "refused")
}
const isWaiting = async (clock: TestClock) => {
  const before = clock.pauses
  while (clock.pauses === before) await new Promise(resolve => setImmediate(resolve))
}
const outcomeIn = (home: string) => {
  const folder = join(home, ".aws/pum-aws")
  const name = readdirSync(folder).find(one => one.endsWith(".outcome")) ?? ""
  return readFileSync(join(folder, name), "utf8")
}

describe.each([
  ["by the monotonic clock of this boot", "this boot"],
  ["by the number of the sign-in, where the system does not tell its boot", undefined],
])("what a sign-in ended with is known %s", (_, boot) => {
  it.each(orders)(
    "is shared while the wall clock is set by %i, %i and %i ms",
    async (begins, waits, ends) => {
      const [home, clock] = [tempHome(), clockOf(boot)]
      for (const end of ["session", "refusal"]) {
        clock.offset = begins
        clock.time += 60_000
        const force = { force: true }
        const leader = pending()
        const first = obtainSession(caller({ home, clock, given: force }), leader.signIn).catch(
          error => error,
        )
        await leader.started
        clock.offset = waits
        clock.time += 10_000
        const waiting = obtainSession(caller({ home, clock, given: force, patience }), never).catch(
          error => error,
        )
        await isWaiting(clock)
        clock.offset = ends
        if (end === "session") leader.ends({ session: session(clock, "ASIA1"), typedUsername: undefined })
        else leader.failsWith(new PumError("signInRefused", "refused"))
        const expected = end === "session" ? { accessKeyId: "ASIA1" } : { code: "signInRefused" }
        expect(await first).toMatchObject(expected)
        expect(await waiting).toMatchObject(expected)
      }
    },
  )

  it.each([0, day, -day])("is not taken for news later, with the wall clock set by %i ms", async offset => {
    const [home, clock] = [tempHome(), clockOf(boot)]
    await obtainSession(caller({ home, clock }), refuses).catch(() => {})
    clock.time += 1
    clock.offset = offset
    expect(await obtainSession(caller({ home, clock }), gives(clock, "ASIA2"))).toMatchObject({
      accessKeyId: "ASIA2",
    })
  })
})

describe("what an earlier run left", () => {
  it("is not taken for news after a restart of the machine, whatever its clocks said", async () => {
    const home = tempHome()
    const earlier = clockOf("earlier boot")
    earlier.time += 10 * day
    await obtainSession(caller({ home, clock: earlier }), refuses).catch(() => {})
    const clock = clockOf("this boot")
    expect(await obtainSession(caller({ home, clock }), gives(clock, "ASIA2"))).toMatchObject({
      accessKeyId: "ASIA2",
    })
  })

  it("tells a process that had begun before, though the next sign-in is under way", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const waiting = caller({ home, clock })
    clock.time += 1000
    await obtainSession(caller({ home, clock }), refuses).catch(() => {})
    clock.time += 1000
    const next = pending()
    const second = obtainSession(caller({ home, clock }), next.signIn)
    await next.started
    await expect(obtainSession(waiting, never)).rejects.toThrow("refused")
    next.ends({ session: session(clock), typedUsername: undefined })
    await second
  })
})

describe("the outcome is written", () => {
  it("by no process whose lock is another's by now", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const leader = pending()
    const first = obtainSession(caller({ home, clock, giveUp: () => {} }), leader.signIn)
    await leader.started
    const folder = join(home, ".aws/pum-aws")
    for (const name of readdirSync(folder).filter(one => one.endsWith(".lock"))) {
      rmdirSync(join(folder, name))
      mkdirSync(join(folder, name))
      utimesSync(join(folder, name), 1, 1)
    }
    leader.ends({ session: session(clock), typedUsername: undefined })
    expect((await first).accessKeyId).toBe("ASIA1")
    expect(outcomeIn(home)).not.toContain("ASIA1")
  })

  it.each([
    ["SIGINT", "cancelled"],
    ["SIGTERM", "ASIA2"],
  ])(
    "before the process ends by %s: of those at the same terminal the next says %s",
    async (signal, expected) => {
      const [home, clock] = [tempHome(), new TestClock()]
      const waiting = caller({ home, clock, patience })
      const ending = new AbortController()
      const leader = pending()
      const first = obtainSession(caller({ home, clock, ending: ending.signal }), leader.signIn)
      await leader.started
      const second = obtainSession(waiting, gives(clock, "ASIA2")).then(
        ({ accessKeyId }) => accessKeyId,
        ({ code }: PumError) => code,
      )
      await isWaiting(clock)
      const reason = new PumError("cancelled", "cancelled", { cause: signal })
      ending.abort(reason)
      if (signal === "SIGINT") expect(await second).toBe(expected)
      // The process is gone, and its locks with it.
      for (const name of readdirSync(join(home, ".aws/pum-aws")).filter(one => one.endsWith(".lock")))
        rmdirSync(join(home, ".aws/pum-aws", name))
      expect(await second).toBe(expected)
      leader.failsWith(reason)
      await expect(first).rejects.toThrow("cancelled")
    },
  )
})
