import { describe, expect, it } from "vitest"
import { addressOf, type Fields, fieldsOf, replaced, without } from "../server/browser.ts"
import {
  authMethodOf,
  bench,
  credentials,
  errorOf,
  home,
  newBrowser,
  refusalOf,
  rightCode,
  samlResponseOf,
  titleOf,
  toSecondFactor,
} from "../server/testing.ts"
import { defaultUser } from "../world.ts"
import { verify } from "./assertion.ts"
import type { LoginPage } from "./settings.ts"

const at = bench()

const aspUser = "ctl00$ContentPlaceHolder1$UsernameTextBox"
const aspPassword = "ctl00$ContentPlaceHolder1$PasswordTextBox"
const aspSubmit = { ctl00$ContentPlaceHolder1$SubmitButton: "Sign In" }
const aspCredentials = { [aspUser]: defaultUser.name, [aspPassword]: defaultUser.password, ...aspSubmit }

describe("every login page leads to a signed assertion", () => {
  const pages: [LoginPage, string, Record<string, string>][] = [
    ["2012R2", "loginForm", credentials],
    ["2016", "loginForm", credentials],
    ["2019", "loginForm", credentials],
    ["2019-paginated", "loginForm", { ...credentials, AuthMethod: "FormsAuthentication" }],
    ["2.0", "aspnetForm", aspCredentials],
  ]
  for (const afterPassword of ["page", "redirect"] as const) {
    it.each(pages)(`%s, after the password a ${afterPassword}`, async (version, form, typed) => {
      Object.assign(at.world.adfs.settings, { loginPage: version, afterPassword })
      const replied = await at.browser.submit(await at.browser.get(home), form, typed)
      expect(replied.status).toBe(afterPassword === "page" ? 200 : 302)
      const code = afterPassword === "page" ? replied : await at.browser.follow(replied)
      expect(authMethodOf(code)).toBe("VismaMFAAdapter")
      const accepted = await at.browser.submit(code, "loginForm", rightCode)
      expect([accepted.status, accepted.body]).toEqual([302, ""])
      const token = await at.browser.follow(accepted)
      expect(titleOf(token)).toBe("Working...")
      const assertion = await verify(samlResponseOf(token))
      expect(assertion?.pairs.map(({ role }) => role)).toEqual(at.world.adfs.settings.roles)
    })
  }

  it("keeps the user name after a refusal, and fills the error text", async () => {
    for (const version of ["2012R2", "2016", "2019"] as const) {
      at.world.adfs.settings.loginPage = version
      const page = await at.browser.get(home)
      expect(refusalOf(page)).toBe("")
      const refused = await at.browser.submit(page, "loginForm", { ...credentials, Password: "wrong" })
      expect(refused.status).toBe(200)
      expect(refusalOf(refused)).toContain("Incorrect user ID or password")
      expect(refused.$("#userNameInput").attr("value")).toBe(defaultUser.name)
    }
  })
})

describe("a login form is taken only as a browser sends it", () => {
  const cases: [string, LoginPage, (fields: Fields) => Fields, string][] = [
    [
      "UserName twice (saml2aws 283)",
      "2019",
      fields => [...fields, ["UserName", ""]],
      "Duplicate post parameter UserName",
    ],
    [
      "AuthMethod twice",
      "2016",
      fields => [...fields, ["AuthMethod", ""]],
      "Duplicate post parameter AuthMethod",
    ],
    [
      "another value of the checkbox",
      "2016",
      fields => [...fields, ["Kmsi", "on"]],
      "Wrong value of post parameter Kmsi",
    ],
    [
      "a field of a script",
      "2016",
      fields => [...fields, ["FromScript", "1"]],
      "Unknown post parameter FromScript",
    ],
    [
      "a field of noscript",
      "2016",
      fields => [...fields, ["FromNoScript", "1"]],
      "Unknown post parameter FromNoScript",
    ],
    [
      "a nameless field",
      "2016",
      fields => [...fields, ["undefined", "x"]],
      "Unknown post parameter undefined",
    ],
    [
      "no AuthMethod",
      "2019-paginated",
      fields => without(fields, "AuthMethod"),
      "Missing post parameter AuthMethod",
    ],
    ["no Password", "2016", fields => without(fields, "Password"), "Missing post parameter Password"],
    [
      "another AuthMethod",
      "2016",
      fields => replaced(fields, "AuthMethod", "X"),
      "Wrong value of post parameter AuthMethod",
    ],
  ]
  it.each(cases)("%s", async (_, version, change, message) => {
    at.world.adfs.settings.loginPage = version
    const page = await at.browser.get(home)
    const typed = { ...credentials, AuthMethod: "FormsAuthentication" }
    const fields = change(fieldsOf(page, "loginForm", typed))
    const answer = await at.browser.post(addressOf(page, "loginForm"), fields)
    expect(errorOf(answer)).toBe(message)
    expect(answer.$("#activityId").text()).toMatch(/^Activity ID: [0-9a-f-]{36}$/)
  })

  it("an empty doubled Kmsi is HTTP 500 (saml2aws 847)", async () => {
    const page = await at.browser.get(home)
    const fields = [...fieldsOf(page, "loginForm", credentials), ["Kmsi", "true"], ["Kmsi", ""]] as const
    expect((await at.browser.post(addressOf(page, "loginForm"), fields)).status).toBe(500)
  })

  it.each([
    ["no submit button", aspSubmit, "Missing post parameter ctl00$ContentPlaceHolder1$SubmitButton"],
    ["another view state", { __VIEWSTATE: "x" }, "Wrong value of post parameter __VIEWSTATE"],
  ])("2.0: %s", async (_, changed, message) => {
    at.world.adfs.settings.loginPage = "2.0"
    const page = await at.browser.get(home)
    const typed =
      changed === aspSubmit
        ? { [aspUser]: defaultUser.name, [aspPassword]: defaultUser.password }
        : { ...aspCredentials, ...changed }
    expect(errorOf(await at.browser.submit(page, "aspnetForm", typed))).toBe(message)
  })

  it("another content type", async () => {
    const page = await at.browser.get(home)
    const body = new URLSearchParams(
      fieldsOf(page, "loginForm", credentials).map(pair => [...pair]),
    ).toString()
    const answer = await at.browser.post(addressOf(page, "loginForm"), body, "text/plain")
    expect(errorOf(answer)).toBe("Unexpected content type text/plain")
  })

  it("an address that is neither the form's nor the page's", async () => {
    const page = await at.browser.get(home)
    const answer = await at.browser.post(`${home}&x`, fieldsOf(page, "loginForm", credentials))
    expect(errorOf(answer)).toContain("No page offered a form that posts to this address")
  })

  it("an address that ADFS does not have", async () => {
    expect((await at.browser.get("https://federation.visma.com/adfs/ls/")).status).toBe(404)
  })

  it("the password a second time after it was right", async () => {
    const page = await at.browser.get(home)
    await at.browser.submit(page, "loginForm", credentials)
    const again = await at.browser.submit(page, "loginForm", credentials)
    expect(errorOf(again)).toBe("Unknown post parameter UserName")
  })
})

describe("users and passwords", () => {
  const refused = async (typed: Record<string, string>) =>
    refusalOf(await at.browser.submit(await at.browser.get(home), "loginForm", typed))

  it.each([
    ["wrong password", credentials.UserName, "wrong"],
    ["empty password", credentials.UserName, ""],
    ["nobody", "adm\\nobody", credentials.Password],
  ])("%s", async (_, UserName, Password) => {
    expect(await refused({ UserName, Password })).toContain("Incorrect user ID or password")
  })

  it("a user name without domain, and a password of more than 128 characters, even if they are right", async () => {
    const long = "p".repeat(129)
    at.world.adfs.settings.users = [
      { ...defaultUser, name: "dev_aly" },
      { ...defaultUser, password: long },
    ]
    expect(await refused({ ...credentials, UserName: "dev_aly" })).toContain("Incorrect")
    expect(await refused({ ...credentials, Password: long })).toContain("Incorrect")
  })

  it("a locked account is not told apart, and the right password no longer helps", async () => {
    at.world.adfs.settings.lockAfter = 2
    const texts = [
      await refused({ ...credentials, Password: "1" }),
      await refused({ ...credentials, Password: "2" }),
    ]
    expect(at.world.adfs.isLocked(defaultUser.name)).toBe(true)
    texts.push(await refused(credentials))
    expect(new Set(texts).size).toBe(1)
    expect(at.world.adfs.passwords).toEqual(["1", "2", defaultUser.password])
  })

  it("a right password starts the count anew", async () => {
    at.world.adfs.settings.lockAfter = 2
    await refused({ ...credentials, Password: "1" })
    await toSecondFactor(newBrowser(at.world))
    await refused({ ...credentials, Password: "2" })
    expect(at.world.adfs.isLocked(defaultUser.name)).toBe(false)
  })

  it.each([
    ["nb-NO,nb;q=0.9,en;q=0.8", "Feil bruker-ID"],
    ["no", "Feil bruker-ID"],
    ["fi-FI", "Virheellinen"],
    ["sv", "Fel användar-ID"],
    ["da-DK", "Forkert"],
    ["de,en;q=0.5", "Incorrect"],
  ])("refuses in the language %s", async (language, text) => {
    at.browser.headers["accept-language"] = language
    expect(await refused({ ...credentials, Password: "wrong" })).toContain(text)
  })

  it("refuses in the words of the settings: none, or with what was typed", async () => {
    at.world.adfs.settings.passwordRefusedText = ""
    expect(await refused({ ...credentials, Password: "wrong" })).toBe("")
    at.world.adfs.settings.passwordRefusedText = ({ password }) => `\u001b[2J${password} is wrong`
    expect(await refused({ ...credentials, Password: "s3cret<" })).toBe("\u001b[2Js3cret< is wrong")
  })

  it("an expired password leads to a page that no form answers", async () => {
    at.world.adfs.settings.users = [{ ...defaultUser, passwordExpired: true }]
    const page = await at.browser.submit(await at.browser.get(home), "loginForm", credentials)
    expect(page.$("#expiredNotification").text()).toContain("your password has expired")
    expect((await at.browser.submit(page, "updatePasswordForm", {})).status).toBe(404)
  })
})
