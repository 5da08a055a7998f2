import { afterEach, describe, expect, it, vi } from "vitest"
import { bench, home, rightCode, titleOf, toSecondFactor, toToken } from "../server/testing.ts"
import { defaultUser } from "../world.ts"

const at = bench()
const hour = 3600_000
const isAtToken = async () => titleOf(await at.browser.get(home)) === "Working..."
/** Request and loop-guard cookies end with a run of a program. */
const dropCookiesOfTheRequest = () => {
  for (const key of [...at.browser.cookies.keys()])
    if (/^(MSISSamlRequest|MSISLoopDetectionCookie|SamlSession) /.test(key)) at.browser.cookies.delete(key)
}

afterEach(() => void vi.useRealTimers())

describe("a browser that ADFS knows", () => {
  it.each([
    { hours: 8, bigCookies: false },
    { hours: 24, bigCookies: true },
  ])(
    "is known for $hours hours after the password, however often it comes",
    async ({ hours, bigCookies }) => {
      Object.assign(at.world.adfs.settings, { sessionHours: hours, bigCookies })
      vi.useFakeTimers({ toFake: ["Date"] })
      const start = Date.now()
      await toToken(at.browser)
      for (const visit of [1, hours / 2, hours - 0.02]) {
        vi.setSystemTime(start + visit * hour)
        expect(await isAtToken()).toBe(true)
      }
      vi.setSystemTime(start + (hours + 0.02) * hour)
      expect(await isAtToken()).toBe(false)
    },
  )

  it("is asked for the second factor at each visit, if the relying party wants it fresh", async () => {
    at.world.adfs.settings.freshSecondFactor = true
    await toToken(at.browser)
    const page = await at.browser.get(home)
    expect(page.$("#challengeQuestionInput")).toHaveLength(1)
    expect(page.$("#passwordInput")).toHaveLength(0)
    const code = { ChallengeQuestionAnswer: defaultUser.codes[1] }
    expect(titleOf(await at.browser.follow(await at.browser.submit(page, "loginForm", code)))).toBe(
      "Working...",
    )
  })

  it("is a stranger after its session was ended on the server, or by sign-out", async () => {
    await toToken(at.browser)
    at.world.adfs.endSessions()
    expect(await isAtToken()).toBe(false)

    const accepted = await at.browser.submit(await toSecondFactor(at.browser), "loginForm", {
      ...rightCode,
      ChallengeQuestionAnswer: defaultUser.codes[1],
    })
    expect(titleOf(await at.browser.follow(accepted))).toBe("Working...")
    await at.browser.get("https://federation.visma.com/adfs/ls/?wa=wsignout1.0")
    expect([at.world.adfs.signOuts, await isAtToken()]).toEqual([1, false])
  })

  it("gets an assertion of another subject under the same cookie, as a mixed-up server would give", async () => {
    await toToken(at.browser)
    at.world.adfs.settings.otherSubject = "adm\\dev_bob"
    const page = await at.browser.get(home)
    const response = Buffer.from(String(page.$("[name=SAMLResponse]").val()), "base64").toString()
    expect(response).toContain("dev_bob")
  })

  it("sends a longer SamlSession at each use, until the request is too long; not without that cookie", async () => {
    at.world.adfs.settings.loopGuard = "server"
    vi.useFakeTimers({ toFake: ["Date"] })
    await toToken(at.browser)
    const statuses: number[] = []
    for (let visit = 1; visit < 40; visit += 1) {
      vi.setSystemTime(Date.now() + 60_000)
      statuses.push((await at.browser.get(home)).status)
    }
    expect(statuses).toEqual([
      ...statuses.filter(status => status === 200),
      ...statuses.filter(s => s === 400),
    ])
    expect(statuses.at(-1)).toBe(400)
    dropCookiesOfTheRequest()
    expect(await isAtToken()).toBe(true)
  })
})
