import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { type ErrorCode, PumError } from "../../../src/errors.ts"
import { type Obtained, obtainSession } from "../../../src/sessions/shared-session.ts"
import { caller, pending, screen, session, TestClock } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

const nobody = async (): Promise<Obtained> => {
  throw new Error("it signed in")
}
const refusing = (code: ErrorCode) => async () => {
  throw new PumError(code, `because of ${code}`, { hint: "a hint" })
}
const gives =
  (clock: TestClock, accessKeyId?: string, typedUsername?: string, minutes?: number) =>
  async (): Promise<Obtained> => ({ session: session(clock, accessKeyId, minutes), typedUsername })

describe("whose session it is", () => {
  const expected = { id: "adm\\dev_aly", ownsItem: false }
  const other = { id: "adm\\other", ownsItem: false }
  const item = { id: '["1Password","visma","Federation ADM"]', ownsItem: true }

  it.each([
    ["the one that was expected, where nobody typed another", expected, undefined, [expected]],
    ["the one that was typed, and not the one that was expected", expected, "ADM\\Other", [other]],
    ["the one that was typed where nobody was expected", undefined, "ADM\\Other", [other]],
    ["for the item's owner, and whoever was typed in its place", item, "ADM\\Other", [item, other]],
    ["nobody's where nobody is known", undefined, undefined, []],
  ])("%s", async (_, user, typed, holders) => {
    const [home, clock] = [tempHome(), new TestClock()]
    await obtainSession(caller({ home, clock, user }), gives(clock, "ASIA1", typed))
    clock.time += 1000
    for (const one of [expected, other, item]) {
      const again = obtainSession(caller({ home, clock, user: one }), gives(clock, "ASIA2"))
      const kept = holders.some(({ id }) => id === one.id)
      expect([one.id, (await again).accessKeyId]).toEqual([one.id, kept ? "ASIA1" : "ASIA2"])
    }
  })

  it("is not that of another STS", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    await obtainSession(caller({ home, clock }), gives(clock))
    const options = { ...caller({ home, clock }).options, stsEndpoint: "https://localhost:4566/" }
    clock.time += 1000
    expect((await obtainSession(caller({ home, clock, options }), gives(clock, "ASIA2"))).accessKeyId).toBe(
      "ASIA2",
    )
  })
})

describe("how a sign-in ended is told to those who waited", () => {
  /** What comes of one who began before the other's sign-in ended. */
  async function waited(code: ErrorCode, holder: string | undefined, waiter: string | undefined) {
    const [home, clock] = [tempHome(), new TestClock()]
    const waiting = caller({ home, clock, tty: waiter })
    clock.time += 1000
    const first = obtainSession(caller({ home, clock, tty: holder }), refusing(code))
    await expect(first).rejects.toMatchObject({ code, hint: "a hint" })
    const ended = obtainSession(waiting, gives(clock, "ASIA2"))
    return ended.then(
      ({ accessKeyId }) => accessKeyId,
      (error: PumError) => `${error.message} (${error.hint})`,
    )
  }

  it.each<ErrorCode>([
    "signInRefused",
    "codeRefused",
    "passwordExpired",
    "idpUnreachable",
    "idpPage",
    "idpUnsafe",
    "awsUnreachable",
    "awsRefused",
    "assertionExpired",
    "noRole",
  ])("%s is no different for another", async code => {
    expect(await waited(code, "1", "2")).toBe(`because of ${code} (a hint)`)
    expect(await waited(code, "1", undefined)).toBe(`because of ${code} (a hint)`)
    expect(await waited(code, undefined, undefined)).toBe(`because of ${code} (a hint)`)
  })

  it.each<ErrorCode>(["answerMissing", "usage", "file"])("%s may be different for another", async code => {
    expect(await waited(code, "1", "1")).toBe("ASIA2")
    expect(await waited(code, undefined, undefined)).toBe("ASIA2")
  })

  it("cancelled is for those at the same terminal", async () => {
    expect(await waited("cancelled", "1", "1")).toBe("because of cancelled (a hint)")
    expect(await waited("cancelled", "1", "2")).toBe("ASIA2")
    expect(await waited("cancelled", undefined, undefined)).toBe("ASIA2")
  })

  it("several roles, and nobody to choose, may be chosen from where there is somebody", async () => {
    expect(await waited("noRole", undefined, "1")).toBe("ASIA2")
  })

  it("a session is given also with --force: it is a new one", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const waiting = caller({ home, clock, given: { force: true } })
    clock.time += 1000
    await obtainSession(caller({ home, clock, given: { force: true } }), gives(clock))
    expect((await obtainSession(waiting, nobody)).accessKeyId).toBe("ASIA1")
    const later = caller({ home, clock, given: { force: true }, began: clock.time + 1 })
    expect((await obtainSession(later, gives(clock, "ASIA2"))).accessKeyId).toBe("ASIA2")
  })

  it("nothing is believed of a time to come: the clock was set back", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    clock.offset += 2 * 3600_000
    await obtainSession(caller({ home, clock }), refusing("signInRefused")).catch(() => {})
    clock.offset -= 2 * 3600_000
    clock.time += 1
    expect((await obtainSession(caller({ home, clock }), gives(clock))).accessKeyId).toBe("ASIA1")
  })

  it("a session that has run out meanwhile is none", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const waiting = caller({ home, clock })
    await obtainSession(caller({ home, clock }), gives(clock, "ASIA1", undefined, 15))
    clock.time += 8 * 60_000
    expect((await obtainSession(waiting, gives(clock, "ASIA2"))).accessKeyId).toBe("ASIA2")
  })
})

/** As long as the test takes: the clock runs with each look. */
const patience = Number.POSITIVE_INFINITY

describe("waiting for another", () => {
  it("lasts 55 seconds at most, and says so", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const { signIn, started, ends } = pending()
    // The lock is touched below: its holder takes it for lost.
    const first = obtainSession(caller({ home, clock, giveUp: () => {} }), signIn)
    await started
    const before = clock.time
    // Its heartbeat comes in real time, which this clock leaves behind.
    const folder = join(home, ".aws/pum-aws")
    const pause = async (milliseconds: number) => {
      await clock.pause(milliseconds)
      for (const name of readdirSync(folder).filter(one => one.endsWith(".lock")))
        utimesSync(join(folder, name), new Date(), clock.pauses)
    }
    await expect(obtainSession(caller({ home, clock, pause }), nobody)).rejects.toMatchObject({
      code: "answerMissing",
      message: "another pum-aws is signing in, and was waited for 55 s in vain",
      hint: "answer its questions, then run this again",
    })
    expect(Math.round((clock.time - before) / 1000)).toBe(55)
    ends({ session: session(clock), typedUsername: undefined })
    expect((await first).accessKeyId).toBe("ASIA1")
  })

  it.each([
    [
      "is shown where the question is on another terminal",
      "2",
      ["progress: Waiting for another pum-aws to sign in", "progress ends"],
    ],
    ["is not shown on the terminal of the question, which it would spoil", "1", []],
  ])("%s", async (_, tty, expected) => {
    const [home, clock] = [tempHome(), new TestClock()]
    const { signIn, started, ends } = pending()
    const first = obtainSession(caller({ home, clock, tty: "1" }), signIn)
    await started
    const { terminal, shown } = screen()
    const second = obtainSession(caller({ home, clock, tty, terminal, patience }), nobody)
    while (clock.pauses === 0) await new Promise(resolve => setImmediate(resolve))
    ends({ session: session(clock), typedUsername: undefined })
    expect((await second).accessKeyId).toBe((await first).accessKeyId)
    expect(shown).toEqual(expected)
  })

  it("for the terminal: questions for different profiles come one after the other, others at once", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const one = pending()
    const events: string[] = []
    const times = new Map<string, number>()
    const asks = (name: string) => async () => {
      events.push(name)
      times.set(name, clock.time)
      return { session: session(clock, name), typedUsername: undefined }
    }
    const first = obtainSession(caller({ home, clock, tty: "1", given: { profile: "one" } }), one.signIn)
    await one.started
    const second = obtainSession(
      caller({ home, clock, tty: "1", given: { profile: "two" }, patience }),
      asks("two"),
    )
    await obtainSession(caller({ home, clock, tty: "2", given: { profile: "three" } }), asks("three"))
    await obtainSession(caller({ home, clock, tty: undefined, given: { profile: "four" } }), asks("four"))
    events.push("one ends")
    times.set("one ends", clock.time)
    one.ends({ session: session(clock), typedUsername: undefined })
    expect([(await first).accessKeyId, (await second).accessKeyId]).toEqual(["ASIA1", "two"])
    expect(events).toEqual(["three", "four", "one ends", "two"])
    // Whoever had the terminal puts it back when it ends, which must not be under the next question.
    expect((times.get("two") ?? 0) - (times.get("one ends") ?? 0)).toBeGreaterThanOrEqual(300)
  })

  it("is not needed for long where a lock was left behind, whatever time it has", async () => {
    for (const age of [3600, -3600]) {
      const [home, clock] = [tempHome(), new TestClock()]
      await obtainSession(caller({ home, clock }), gives(clock))
      const folder = join(home, ".aws/pum-aws")
      const [file = ""] = readdirSync(folder).filter(name => name.endsWith(".outcome"))
      const then = new Date(Date.now() + age * 1000)
      for (const name of [file, "asking-34816"]) {
        mkdirSync(join(folder, `${name}.lock`))
        utimesSync(join(folder, `${name}.lock`), then, then)
      }
      const forced = caller({ home, clock, given: { force: true }, began: clock.time + 1 })
      expect((await obtainSession(forced, gives(clock, "ASIA2"))).accessKeyId).toBe("ASIA2")
    }
  })
})

describe("a sign-in that stood still", () => {
  it("has been taken over by another, and gives up as soon as it goes on", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const { signIn, started } = pending()
    const gaveUp = new Promise<string>(resolve => {
      const giveUp = (error: PumError) => resolve(error.message)
      void obtainSession(caller({ home, clock, giveUp }), signIn)
    })
    await started
    // Its heartbeat comes every two seconds; the locks are another's by now.
    const folder = join(home, ".aws/pum-aws")
    for (const name of readdirSync(folder).filter(one => one.endsWith(".lock"))) {
      rmdirSync(join(folder, name))
      mkdirSync(join(folder, name))
    }
    expect(await gaveUp).toBe("another pum-aws asks by now: this one stood still for too long")
  })
})

describe("a user who is named", () => {
  const expected = { id: "adm\\dev_aly", ownsItem: false }

  it("does not get what came of a question that another user answered", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const named = caller({ home, clock, user: expected, given: { username: "adm\\dev_aly" } })
    const offered = caller({ home, clock, user: expected })
    clock.time += 1000
    await obtainSession(offered, gives(clock, "ASIA1", "adm\\other"))
    expect((await obtainSession(named, gives(clock, "ASIA2"))).accessKeyId).toBe("ASIA2")
  })

  it("gets what is kept of the same user", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    await obtainSession(caller({ home, clock, user: expected }), gives(clock, "ASIA1", "adm\\dev_aly"))
    const named = caller({ home, clock, user: expected, given: { username: "adm\\dev_aly" } })
    expect((await obtainSession(named, nobody)).accessKeyId).toBe("ASIA1")
  })
})

describe("the folder of sessions", () => {
  it("holds no secret that a server quoted, and tells none to those who wait", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const waiting = caller({ home, clock })
    const quoting = async () => {
      throw new PumError("signInRefused", "No such password: hunter2", { hint: "not hunter2" })
    }
    await expect(obtainSession(caller({ home, clock }), quoting)).rejects.toThrow("hunter2")
    await expect(obtainSession(waiting, nobody)).rejects.toMatchObject({
      message: "No such password: [redacted]",
      hint: "not [redacted]",
    })
    const folder = join(home, ".aws/pum-aws")
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), "utf8")).not.toContain("hunter2")
  })

  it("loses what ran out more than a day ago, and nothing else", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    const folder = join(home, ".aws/pum-aws")
    await obtainSession(caller({ home, clock, given: { profile: "old" } }), gives(clock))
    const [oldRequest = "", oldOutcome = ""] = ["request", "outcome"].map(
      end => readdirSync(folder).find(name => name.endsWith(end)) ?? "",
    )
    writeFileSync(join(folder, "accounts.json"), '{"version":1}')
    clock.time += 24 * 3600_000 + 30 * 60_000
    await obtainSession(caller({ home, clock, given: { profile: "new" } }), gives(clock))
    // The outcome is of when it began, the session lasted an hour longer.
    expect([existsSync(join(folder, oldRequest)), existsSync(join(folder, oldOutcome))]).toEqual([
      true,
      false,
    ])
    clock.time += 31 * 60_000
    await obtainSession(caller({ home, clock, given: { profile: "third" } }), gives(clock))
    expect(existsSync(join(folder, oldRequest))).toBe(false)
    expect(readdirSync(folder).filter(name => /^(new|third|accounts)/.test(name))).toHaveLength(5)
  })

  it("loses what an earlier version left of a sign-in, once that is old", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    await obtainSession(caller({ home, clock, given: { profile: "one" } }), gives(clock))
    const folder = join(home, ".aws/pum-aws")
    const names = ["old.outcome", "new.outcome"]
    for (const name of names) writeFileSync(join(folder, name), '{"key":"k","at":1,"session":{}}')
    for (const [name, hours] of [
      ["old.outcome", 25],
      ["new.outcome", 23],
    ] as const) {
      const time = (clock.now() - hours * 3600_000) / 1000
      utimesSync(join(folder, name), time, time)
    }
    await obtainSession(caller({ home, clock, given: { profile: "two" } }), gives(clock))
    expect(names.map(name => existsSync(join(folder, name)))).toEqual([false, true])
  })

  it("where nothing can be locked costs a warning, not the session", async () => {
    const [home, clock] = [tempHome(), new TestClock()]
    await obtainSession(caller({ home, clock }), gives(clock))
    const folder = join(home, ".aws/pum-aws")
    const [file = ""] = readdirSync(folder).filter(name => name.endsWith(".outcome"))
    writeFileSync(join(folder, `${file}.lock`), "a file where a folder would be")
    utimesSync(join(folder, `${file}.lock`), 0, 0)
    const { terminal, shown } = screen()
    const forced = caller({ home, clock, terminal, given: { force: true }, began: clock.time + 1 })
    expect((await obtainSession(forced, gives(clock, "ASIA2"))).accessKeyId).toBe("ASIA2")
    expect(shown).toEqual([
      `sessions are not shared: cannot lock ~/.aws/pum-aws/${file}: ~/.aws/pum-aws/${file}.lock is a file (move it away: in its place pum-aws makes an empty folder, its lock)`,
    ])
  })
})
