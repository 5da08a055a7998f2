import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { type ErrorCode, PumError } from "../../../src/errors.ts"
import { type Obtained, obtainSession } from "../../../src/sessions/shared-session.ts"
import { type Caller, caller, clockOf, pending, session, TestClock } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

const sdk = "4711 1000"
const day = 24 * 3600_000

/** What comes of a call: the code of its failure, or the session of a sign-in of its own. */
async function call(settings: Caller, code?: ErrorCode): Promise<string> {
  const signIn = async (): Promise<Obtained> => {
    if (code !== undefined) throw new PumError(code, "No such password: hunter2", { hint: "a hint" })
    return { session: session(settings.clock, "NEW"), typedUsername: undefined }
  }
  return obtainSession(caller({ caller: sdk, ...settings }), signIn).then(
    ({ accessKeyId }) => accessKeyId,
    ({ code: found, message, hint }: PumError) => `${found}: ${message} (${hint})`,
  )
}

/** A call that failed, and the time after it. */
async function failed(code: ErrorCode, first: Partial<Caller> = {}, boot: string | undefined = "this boot") {
  const settings = { home: tempHome(), clock: clockOf(boot) }
  expect(await call({ ...settings, ...first }, code)).toBe(`${code}: No such password: hunter2 (a hint)`)
  settings.clock.time += 100
  return settings
}

describe("a refusal holds for the next call of the same caller", () => {
  it.each<ErrorCode>(["signInRefused", "codeRefused", "passwordExpired", "cancelled"])("%s", async code => {
    expect(await call(await failed(code))).toBe(`${code}: No such password: [redacted] (a hint)`)
  })

  it.each<ErrorCode>([
    "usage",
    "answerMissing",
    "idpUnreachable",
    "idpPage",
    "noRole",
    "awsUnreachable",
    "awsRefused",
    "file",
  ])("but not %s", async code => {
    expect(await call(await failed(code))).toBe("NEW")
  })

  it.each([
    [9_999, "signInRefused: No such password: [redacted] (a hint)"],
    [10_000, "NEW"],
  ])("after %i ms: %s", async (after, expected) => {
    const settings = await failed("signInRefused")
    settings.clock.time += after - 100
    expect(await call(settings)).toBe(expected)
  })

  it("from the first of its failures on, however often it is said", async () => {
    const settings = await failed("signInRefused")
    settings.clock.time += 6_000
    expect(await call(settings)).toMatch(/^signInRefused/)
    settings.clock.time += 6_000
    expect(await call(settings)).toBe("NEW")
  })

  it.each<[string, Partial<Caller>]>([
    ["another caller", { caller: "4712 1000" }],
    ["a caller that has its process id by now", { caller: "4711 2000" }],
    ["a person", { caller: undefined }],
    ["another profile", { given: { profile: "other" } }],
    ["another user", { user: { id: "adm\\other", ownsItem: false } }],
  ])("but not for %s", async (_, other) => {
    const settings = await failed("signInRefused")
    expect(await call({ ...settings, ...other })).toBe("NEW")
  })

  it("but a person's does not, even for the same request", async () => {
    expect(await call(await failed("cancelled", { caller: undefined }))).toBe("NEW")
  })

  it("also where another process was refused, which it waited for", async () => {
    const settings = { home: tempHome(), clock: new TestClock() }
    const waiting = caller({ ...settings, caller: "4712 1000" })
    await call(settings, "signInRefused")
    await expect(
      obtainSession(waiting, () => Promise.reject(new TypeError("signed in"))),
    ).rejects.toMatchObject({ code: "signInRefused" })
    settings.clock.time += 1_000
    expect(await call({ ...settings, caller: "4712 1000" })).toMatch(/^signInRefused/)
  })

  it("but a session that was kept since is given", async () => {
    const settings = await failed("signInRefused")
    expect(await call({ ...settings, caller: undefined })).toBe("NEW")
    const next = obtainSession(caller({ ...settings, caller: sdk }), () =>
      Promise.reject(new TypeError("signed in")),
    )
    expect((await next).accessKeyId).toBe("NEW")
  })

  it.each([
    ["SIGINT", "cancelled: cancelled (undefined)"],
    ["SIGTERM", "NEW"],
  ])("after %s during the sign-in: %s", async (signal, expected) => {
    const settings = { home: tempHome(), clock: new TestClock() }
    const ending = new AbortController()
    const { signIn, started, failsWith } = pending()
    const first = obtainSession(caller({ ...settings, caller: sdk, ending: ending.signal }), signIn)
    await started
    const reason = new PumError("cancelled", "cancelled", { cause: signal })
    ending.abort(reason)
    const folder = join(settings.home, ".aws/pum-aws")
    const isKept = readdirSync(folder).some(name => name.endsWith(".refusal"))
    expect(isKept).toBe(signal === "SIGINT")
    // In a real process nothing comes after that.
    failsWith(new PumError("answerMissing", "ended"))
    await first.catch(() => {})
    settings.clock.time += 1
    expect(await call(settings)).toBe(expected)
  })
})

describe("with the wall clock set meanwhile", () => {
  it.each([day, -day, -5_000])(
    "by %i ms, a refusal holds for 10 seconds of the monotonic clock",
    async offset => {
      const settings = await failed("signInRefused")
      settings.clock.offset = offset
      expect(await call(settings)).toMatch(/^signInRefused/)
      settings.clock.time += 10_000
      expect(await call(settings)).toBe("NEW")
    },
  )

  it.each([
    [0, "signInRefused"],
    [day, "NEW"],
    [-day, "NEW"],
    [-5_000, "NEW"],
  ])("by %i ms, and no other clock to compare, the next call says %s", async (offset, expected) => {
    const settings = { home: tempHome(), clock: clockOf(undefined) }
    await call(settings, "signInRefused")
    settings.clock.time += 100
    settings.clock.offset = offset
    expect((await call(settings)).replace(/:.*/, "")).toBe(expected)
  })

  it("one of an earlier boot does not hold", async () => {
    const { home } = await failed("signInRefused")
    expect(await call({ home, clock: clockOf("next boot") })).toBe("NEW")
  })
})

describe("the file of a refusal", () => {
  it("holds no secret, and goes with the next sign-in after it holds no more", async () => {
    const settings = await failed("signInRefused")
    const folder = join(settings.home, ".aws/pum-aws")
    const refusals = () => readdirSync(folder).filter(name => name.endsWith(".refusal"))
    expect(refusals()).toHaveLength(1)
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), "utf8")).not.toContain("hunter2")
    const other = { ...settings, given: { profile: "other" } }
    await call(other)
    expect(refusals()).toHaveLength(1)
    settings.clock.time += 10_000
    await call({ ...other, given: { profile: "third" } })
    expect(refusals()).toEqual([])
  })
})
