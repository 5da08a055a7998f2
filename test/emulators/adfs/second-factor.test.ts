import { describe, expect, it } from "vitest"
import { addressOf, type Fields, fieldsOf, replaced, without } from "../server/browser.ts"
import {
  authMethodOf,
  bench,
  contextOf,
  credentials,
  errorOf,
  home,
  newBrowser,
  refusalOf,
  rightCode,
  titleOf,
  toSecondFactor,
  toToken,
} from "../server/testing.ts"
import { defaultUser } from "../world.ts"
import type { SecondFactor } from "./settings.ts"

const at = bench()
const [first, second] = defaultUser.codes

const oneField: [SecondFactor, string, string, string][] = [
  ["VismaMFAAdapter", "VismaMFAAdapter", "loginForm", "ChallengeQuestionAnswer"],
  ["SecurIDAuthentication", "SecurIDAuthentication", "passcodeForm", "Passcode"],
  ["AzureMfaAuthentication", "AzureMfaAuthentication", "loginForm", "VerificationCode"],
  ["SymantecVipAdapter", "SymantecVipAdapter", "loginForm", "SecurityCode"],
  ["VIPAuthenticationProviderUPN", "VIPAuthenticationProviderUPN", "loginForm", "security_code"],
  ["Defender AD FS Adapter", "Defender AD FS Adapter", "loginForm", "OathCode"],
  ["SafeNet-MFA", "SafeNet-MFA", "loginForm", "SAFENET_PASSWORD"],
  [{ authMethod: "AcmeToken <1>", field: "acme", label: "Acme" }, "AcmeToken <1>", "loginForm", "acme"],
]

describe("adapters with one field", () => {
  it.each(oneField)("%s", async (factor, authMethod, form, field) => {
    at.world.adfs.settings.secondFactors = [factor]
    const page = await toSecondFactor(at.browser)
    expect(page.$(`form#${form}`).attr("action")).toBeUndefined()
    expect(authMethodOf(page)).toBe(authMethod)
    const accepted = await at.browser.submit(page, form, { [field]: first })
    expect(titleOf(await at.browser.follow(accepted))).toBe("Working...")
    expect(at.world.adfs.codes).toEqual([first])
  })

  it("a wrong code brings the same adapter, with a new context and without a text", async () => {
    const page = await toSecondFactor(at.browser)
    const again = await at.browser.submit(page, "loginForm", { ChallengeQuestionAnswer: "000000" })
    expect([again.status, authMethodOf(again), refusalOf(again)]).toEqual([200, "VismaMFAAdapter", ""])
    expect(contextOf(again)).not.toBe(contextOf(page))
    const accepted = await at.browser.submit(again, "loginForm", rightCode)
    expect(accepted.status).toBe(302)
  })

  it("a wrong code brings the text of the settings", async () => {
    at.world.adfs.settings.codeRefusedText = "Wrong token"
    const page = await toSecondFactor(at.browser)
    expect(refusalOf(await at.browser.submit(page, "loginForm", { ChallengeQuestionAnswer: "0" }))).toBe(
      "Wrong token",
    )
  })

  it("a code works once", async () => {
    await toToken(at.browser)
    const other = newBrowser(at.world)
    const refused = await other.submit(await toSecondFactor(other), "loginForm", rightCode)
    expect(authMethodOf(refused)).toBe("VismaMFAAdapter")
    expect((await other.submit(refused, "loginForm", { ChallengeQuestionAnswer: second })).status).toBe(302)
  })

  it("takes any six digits, each once", async () => {
    at.world.adfs.settings.users = [{ ...defaultUser, codes: "any six digits" }]
    const page = await toSecondFactor(at.browser)
    const refused = await at.browser.submit(page, "loginForm", { ChallengeQuestionAnswer: "12345" })
    expect(
      (await at.browser.submit(refused, "loginForm", { ChallengeQuestionAnswer: "998877" })).status,
    ).toBe(302)
    const other = newBrowser(at.world)
    const again = await other.submit(await toSecondFactor(other), "loginForm", {
      ChallengeQuestionAnswer: "998877",
    })
    expect(again.status).toBe(200)
  })

  it("is left out if there is no second factor", async () => {
    at.world.adfs.settings.secondFactors = []
    expect(titleOf(await toSecondFactor(at.browser))).toBe("Working...")
  })
})

describe("adapters with several pages", () => {
  it.each([
    ["SecurIDAuthentication, next code", "NextCode"],
    ["SecurIDAuthentication, challenge", "ChallengeQuestionAnswer"],
  ] as const)("%s", async (factor, field) => {
    at.world.adfs.settings.secondFactors = [factor]
    const next = await at.browser.submit(await toSecondFactor(at.browser), "passcodeForm", {
      Passcode: first,
    })
    expect(next.$("#passcodeForm input[type=text]").attr("name")).toBe(field)
    expect((await at.browser.submit(next, "passcodeForm", { [field]: second })).status).toBe(302)
  })

  it("SecurIDv2Authentication takes the context alone first", async () => {
    at.world.adfs.settings.secondFactors = ["SecurIDv2Authentication"]
    const page = await toSecondFactor(at.browser)
    const early = await at.browser.submit(page, "loginForm", { Passcode: first })
    expect(errorOf(early)).toBe("Unknown post parameter Passcode")
    const next = await at.browser.submit(page, "loginForm", {})
    expect((await at.browser.submit(next, "passcodeForm", { Passcode: first })).status).toBe(302)
  })

  it.each([
    ["approved", 302, ""],
    ["refused", 200, "denied"],
    ["no answer", 200, "didn't hear"],
  ] as const)("a push message, %s", async (outcome, status, text) => {
    at.world.adfs.settings.secondFactors = ["AzureMfaAuthentication, push"]
    at.world.adfs.settings.push = { polls: 3, outcome }
    let page = await toSecondFactor(at.browser)
    const number = page.$("#validEntropyNumber").text()
    expect(number).toMatch(/^\d\d$/)
    for (let poll = 1; poll < 3; poll += 1) {
      page = await at.browser.submit(page, "loginForm", {})
      expect(page.$("#validEntropyNumber").text()).toBe(number)
    }
    page = await at.browser.submit(page, "loginForm", {})
    expect(page.status).toBe(status)
    expect(refusalOf(page)).toContain(text)
    expect(page.$("#validEntropyNumber")).toHaveLength(0)
  })

  it.each([
    ["approved", 302, ""],
    ["refused", 200, "denied"],
  ] as const)("a phone call, %s", async (outcome, status, text) => {
    at.world.adfs.settings.secondFactors = ["AzureMfaServerAuthentication"]
    at.world.adfs.settings.call = { blockMs: 1, outcome }
    const answer = await at.browser.submit(await toSecondFactor(at.browser), "loginForm", {})
    expect(answer.status).toBe(status)
    expect(refusalOf(answer)).toContain(text)
  })

  it.each(["2016", "2019"] as const)("several adapters are a page of links, %s", async version => {
    at.world.adfs.settings.loginPage = version
    at.world.adfs.settings.secondFactors = ["AzureMfaAuthentication", "VismaMFAAdapter"]
    const page = await toSecondFactor(at.browser)
    expect(page.$("form")).toHaveLength(1)
    expect(
      page
        .$("a.actionLink")
        .get()
        .map(link => page.$(link).attr("id")),
    ).toEqual(["AzureMfaAuthentication", "VismaMFAAdapter"])
    const chosen = await at.browser.submit(page, "options", { AuthMethod: "VismaMFAAdapter" })
    expect(authMethodOf(chosen)).toBe("VismaMFAAdapter")
    // That page still links to the other adapter.
    const other = await at.browser.submit(chosen, "options", { AuthMethod: "AzureMfaAuthentication" })
    expect((await at.browser.submit(other, "loginForm", { VerificationCode: first })).status).toBe(302)
  })

  it("refuses an adapter that was not offered", async () => {
    at.world.adfs.settings.secondFactors = ["AzureMfaAuthentication", "VismaMFAAdapter"]
    const page = await toSecondFactor(at.browser)
    const answer = await at.browser.submit(page, "options", { AuthMethod: "SafeNet-MFA" })
    expect(errorOf(answer)).toBe("Wrong value of post parameter AuthMethod")
  })
})

describe("a second factor is taken only as a browser sends it", () => {
  const cases: [string, (fields: Fields) => Fields, string][] = [
    ["no context", fields => without(fields, "Context"), "Missing post parameter Context"],
    [
      "a context that was not decoded",
      fields => replaced(fields, "Context", "&lt;Context&gt;"),
      "Wrong value of post parameter Context",
    ],
    ["the context twice", fields => [...fields, ["Context", ""]], "Duplicate post parameter Context"],
    [
      "another AuthMethod (aws-adfs 151)",
      fields => replaced(fields, "AuthMethod", "vismamfaadapter"),
      "Wrong value of post parameter AuthMethod",
    ],
    [
      "no code",
      fields => without(fields, "ChallengeQuestionAnswer"),
      "Missing post parameter ChallengeQuestionAnswer",
    ],
    [
      "the password once more",
      fields => [...fields, ["Password", credentials.Password]],
      "Unknown post parameter Password",
    ],
    [
      "a field of noscript",
      fields => [...fields, ["FromNoScript", "1"]],
      "Unknown post parameter FromNoScript",
    ],
    [
      "another value of the button",
      fields => [...fields, ["Submit", "x"]],
      "Wrong value of post parameter Submit",
    ],
  ]
  it.each(cases)("%s", async (_, change, message) => {
    const page = await toSecondFactor(at.browser)
    const fields = change(fieldsOf(page, "loginForm", rightCode))
    expect(errorOf(await at.browser.post(addressOf(page, "loginForm"), fields))).toBe(message)
  })

  it("refuses a context of an earlier page", async () => {
    const page = await toSecondFactor(at.browser)
    await at.browser.submit(page, "loginForm", { ChallengeQuestionAnswer: "000000" })
    const stale = await at.browser.submit(page, "loginForm", rightCode)
    expect(errorOf(stale)).toBe("Wrong value of post parameter Context")
  })

  it("refuses a post to another address", async () => {
    const page = await toSecondFactor(at.browser)
    const answer = await at.browser.post(home, fieldsOf(page, "loginForm", rightCode))
    expect(errorOf(answer)).toContain("No page offered a form")
  })

  it.each([
    ["MSISAuth /adfs", "no MSISAuth cookie"],
    ["MSISSamlRequest /adfs", "no MSISSamlRequest cookie"],
  ])("refuses a post without the cookie %s", async (cookie, message) => {
    const page = await toSecondFactor(at.browser)
    expect(at.browser.cookies.delete(cookie)).toBe(true)
    expect(errorOf(await at.browser.submit(page, "loginForm", rightCode))).toContain(message)
  })

  it("after 302, the token page needs the new cookie", async () => {
    const page = await toSecondFactor(at.browser)
    const old = at.browser.cookies.get("MSISAuth /adfs")
    const accepted = await at.browser.submit(page, "loginForm", rightCode)
    if (old) at.browser.cookies.set("MSISAuth /adfs", old)
    expect(authMethodOf(await at.browser.follow(accepted))).toBe("FormsAuthentication")
  })

  it("the context is about 4 kB and needs decoding", async () => {
    const page = await toSecondFactor(at.browser)
    expect(contextOf(page).length).toBeGreaterThan(3500)
    expect(contextOf(page)).toMatch(/^<Context .*&amp;.*"quoted".*<\/Context>$/)
    expect(page.body).not.toContain(contextOf(page))
  })
})
