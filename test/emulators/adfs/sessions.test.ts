import { describe, expect, it } from "vitest"
import { addressOf, type Fields, fieldsOf, without } from "../server/browser.ts"
import {
  bench,
  credentials,
  errorOf,
  home,
  newBrowser,
  rightCode,
  titleOf,
  toSecondFactor,
  toToken,
} from "../server/testing.ts"
import { defaultUser } from "../world.ts"

const at = bench()

describe("who gets in without the form", () => {
  it.each(["Mozilla/5.0 (Windows NT 10.0; Win64)", "Trident/7.0", "Edg/120"])("not %s", async agent => {
    at.browser.headers["user-agent"] = agent
    const answer = await at.browser.get(home)
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, "Negotiate"])
    at.world.adfs.settings.negotiateWithWindows = false
    expect((await at.browser.get(home)).status).toBe(200)
  })

  it("nobody, when IdP-initiated sign-on is disabled", async () => {
    at.world.adfs.settings.idpInitiatedSignOn = false
    expect((await at.browser.get(home)).status).toBe(503)
  })

  it("a second visit goes straight to the token page, until the loop guard", async () => {
    await toToken(at.browser)
    for (let visit = 2; visit <= 5; visit += 1) expect(titleOf(await at.browser.get(home))).toBe("Working...")
    expect(errorOf(await at.browser.get(home))).toContain("MSIS7042")
    const other = newBrowser(at.world)
    const code = { ChallengeQuestionAnswer: defaultUser.codes[1] }
    const accepted = await other.submit(await toSecondFactor(other), "loginForm", code)
    expect(titleOf(await other.follow(accepted))).toBe("Working...")
  })

  it("big session cookies are split, and one part alone is worth nothing", async () => {
    at.world.adfs.settings.bigCookies = true
    await toToken(at.browser)
    const parts = [...at.browser.cookies.keys()].filter(key => /^MSISAuth\d* \/adfs$/.test(key))
    expect(parts).toEqual(["MSISAuth /adfs", "MSISAuth1 /adfs", "MSISAuth2 /adfs"])
    expect(titleOf(await at.browser.get(home))).toBe("Working...")
    at.browser.cookies.delete("MSISAuth1 /adfs")
    expect(titleOf(await at.browser.get(home))).toBe("Sign In")
  })
})

describe("relying parties", () => {
  it("an unknown loginToRp is an error", async () => {
    const page = await at.browser.get(home.replace("amazon", "azure"))
    expect(errorOf(page)).toContain("MSIS7007")
  })

  const aws = (page: Awaited<ReturnType<typeof at.browser.get>>) =>
    String(page.$("option:contains('Amazon Web Services')").attr("value"))
  const choose = (party: string, button: Record<string, string>) => ({
    SignInOtherSite: "SignInOtherSite",
    RelyingParty: party,
    ...button,
  })
  const signedOut = { SignInSubmit: "Sign in" }

  it("chosen before the login", async () => {
    at.world.adfs.settings.relyingPartyPicker = "before login"
    const picker = await at.browser.get(home)
    const fields = without(fieldsOf(picker, "idpForm", choose(aws(picker), signedOut)), "SignInIdpSite")
    const login = await at.browser.post(addressOf(picker, "idpForm"), fields)
    const code = await at.browser.submit(login, "loginForm", credentials)
    const token = await at.browser.follow(await at.browser.submit(code, "loginForm", rightCode))
    expect(titleOf(token)).toBe("Working...")
  })

  it("chosen after the login", async () => {
    at.world.adfs.settings.relyingPartyPicker = "after login"
    const picker = await toToken(at.browser)
    expect(picker.$("#idp_SignInStatus").text()).toBe("You are signed in.")
    const fields = without(
      fieldsOf(picker, "idpForm", choose(aws(picker), { SignInGo: "Go" })),
      "SignInIdpSite",
    )
    expect(titleOf(await at.browser.post(addressOf(picker, "idpForm"), fields))).toBe("Working...")
  })

  it("comes back for ever when it is endless", async () => {
    at.world.adfs.settings.relyingPartyPicker = "endless"
    let picker = await at.browser.get(home)
    for (let n = 0; n < 15; n += 1) {
      const fields = without(fieldsOf(picker, "idpForm", choose(aws(picker), signedOut)), "SignInIdpSite")
      picker = await at.browser.post(addressOf(picker, "idpForm"), fields)
    }
    expect(picker.$("#idpForm")).toHaveLength(1)
  })

  it.each([
    ["both radios", "", (fields: Fields) => fields, "Unknown post parameter SignInIdpSite"],
    [
      "no button",
      "",
      (fields: Fields) => without(without(fields, "SignInIdpSite"), "SignInSubmit"),
      "Missing post parameter SignInSubmit",
    ],
    ["an unknown party", "x", (fields: Fields) => without(fields, "SignInIdpSite"), "MSIS7007"],
  ])("refuses %s", async (_, party, change, message) => {
    at.world.adfs.settings.relyingPartyPicker = "before login"
    const picker = await at.browser.get(home)
    const fields = change(fieldsOf(picker, "idpForm", choose(party || aws(picker), signedOut)))
    expect(errorOf(await at.browser.post(addressOf(picker, "idpForm"), fields))).toContain(message)
  })

  it("refuses another relying party", async () => {
    at.world.adfs.settings.relyingPartyPicker = "before login"
    const picker = await at.browser.get(home)
    const other = String(picker.$("option:contains('Salesforce')").attr("value"))
    const fields = without(fieldsOf(picker, "idpForm", choose(other, signedOut)), "SignInIdpSite")
    expect(errorOf(await at.browser.post(addressOf(picker, "idpForm"), fields))).toContain("MSIS5007")
  })
})
