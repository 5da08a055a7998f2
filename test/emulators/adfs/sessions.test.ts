import { describe, expect, it } from "vitest"
import { addressOf, type Fields, fieldsOf, without } from "../server/browser.ts"
import {
  authMethodOf,
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

  it("no browser, when IdP-initiated sign-on is disabled", async () => {
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

  it("the loop guard counts in its cookie: lost with it, kept by a client that signs in anew", async () => {
    await toToken(at.browser)
    const loop = () => {
      const cookie = at.browser.cookies.get("MSISLoopDetectionCookie /adfs")
      return Buffer.from(cookie?.value ?? "", "base64").toString()
    }
    expect(loop()).toMatch(/^\d{4}-\d\d-\d\d:\d\d:\d\d:\d\dZ\\1$/)
    for (let visit = 2; visit <= 5; visit += 1) await at.browser.get(home)
    expect(loop()).toMatch(/Z\\5$/)
    expect(errorOf(await at.browser.get(home))).toContain("has made '6' requests")
    const { value: counted = "" } = at.browser.cookies.get("MSISLoopDetectionCookie /adfs") ?? {}
    at.browser.cookies.delete("MSISLoopDetectionCookie /adfs")
    expect(titleOf(await at.browser.get(home))).toBe("Working...")

    const other = newBrowser(at.world)
    const path = "/adfs"
    other.cookies.set("MSISLoopDetectionCookie /adfs", {
      name: "MSISLoopDetectionCookie",
      value: counted,
      path,
    })
    const code = { ChallengeQuestionAnswer: defaultUser.codes[1] }
    const accepted = await other.submit(await toSecondFactor(other), "loginForm", code)
    expect(errorOf(await other.follow(accepted))).toContain("MSIS7042")
  })

  it("a count of more than 20 seconds ago is forgotten", async () => {
    const long = Buffer.from("2020-01-31:12:59:00Z\\5").toString("base64")
    at.browser.cookies.set("x", { name: "MSISLoopDetectionCookie", value: long, path: "/adfs" })
    expect(titleOf(await toToken(at.browser))).toBe("Working...")
  })

  it("a loop guard that counts on the server does not need the cookie", async () => {
    at.world.adfs.settings.loopGuard = "server"
    await toToken(at.browser)
    for (let visit = 2; visit <= 6; visit += 1) {
      at.browser.cookies.delete("MSISLoopDetectionCookie /adfs")
      const page = await at.browser.get(home)
      if (visit < 6) expect(titleOf(page)).toBe("Working...")
      else expect(errorOf(page)).toContain("MSIS7042")
    }
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

describe("home realms", () => {
  const homeRealms = [
    { value: "AD AUTHORITY", name: "Active Directory" },
    { value: "urn:example:partner", name: "Partner & Co" },
  ]
  const selection = (page: Awaited<ReturnType<typeof at.browser.get>>, value: string) =>
    at.browser.post(addressOf(page, "hrd"), [
      ["HomeRealmSelection", value],
      ["Email", ""],
    ])

  it("this ADFS leads to its login page, another one away", async () => {
    at.world.adfs.settings.homeRealms = homeRealms
    const page = await at.browser.get(home)
    expect(page.$("#openingMessage, .idp").length).toBe(3)
    const login = await selection(page, "AD AUTHORITY")
    expect(authMethodOf(await at.browser.submit(login, "loginForm", credentials))).toBe("VismaMFAAdapter")

    const again = newBrowser(at.world)
    const answer = await again.post(addressOf(await again.get(home), "hrd"), [
      ["HomeRealmSelection", "urn:example:partner"],
      ["Email", ""],
    ])
    expect(answer.headers.location).toBe("https://stranger.example/login")
  })

  it.each([
    [
      "its button",
      [
        ["HomeRealmSelection", "AD AUTHORITY"],
        ["Email", ""],
        ["HomeRealmByEmail", "Next"],
      ],
      "Unknown",
    ],
    ["no selection", [["Email", ""]], "Missing post parameter HomeRealmSelection"],
    [
      "an unknown one",
      [
        ["HomeRealmSelection", "x"],
        ["Email", ""],
      ],
      "MSIS7054",
    ],
  ] as const)("refuses %s", async (_, fields, message) => {
    at.world.adfs.settings.homeRealms = homeRealms
    const page = await at.browser.get(home)
    expect(errorOf(await at.browser.post(addressOf(page, "hrd"), fields))).toContain(message)
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
