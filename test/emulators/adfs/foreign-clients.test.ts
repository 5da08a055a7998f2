import { type CheerioAPI, load } from "cheerio"
import { describe, expect, it } from "vitest"
import { type Browser, type BrowserPage, type Fields, fieldsOf } from "../server/browser.ts"
import { bench, errorOf, home, samlResponseOf, titleOf } from "../server/testing.ts"
import { defaultUser } from "../world.ts"
import type { LoginPage, SecondFactor } from "./settings.ts"

/**
 * Programs that are known to sign in at real servers, reduced to their requests: what each sends, it sends here. A
 * server that takes only what one program sends would prove little.
 */
const at = bench({ adfs: { unknownFields: "ignored" } })
const { name: userName, password } = defaultUser
const [code] = defaultUser.codes

async function followed(browser: Browser, first: Promise<BrowserPage>): Promise<BrowserPage> {
  let page = await first
  while (page.status === 302) page = await browser.follow(page)
  return page
}

/** Every input element, as `each` sends it. */
function inputs(
  $: CheerioAPI,
  each: (
    name: string | undefined,
    value: string | undefined,
    type: string | undefined,
  ) => [string, string] | undefined,
): [string, string][] {
  return $("input")
    .get()
    .map(node => each($(node).attr("name"), $(node).attr("value"), $(node).attr("type")))
    .filter(pair => pair !== undefined)
}

/** The form of Python: one value a name, the last one. */
const asDict = (fields: Fields): Fields => [...new Map(fields.map(([name, value]) => [name, value]))]

/** The form of Go's url.Values: sorted by name, duplicates kept. */
const asValues = (fields: Fields): Fields => [...fields].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))

/** visma-allan-nevala/pum-aws, pum-aws.py: all inputs of the page, in or out of any form, to the page's own address. */
async function pythonScript(browser: Browser): Promise<BrowserPage> {
  const filledIn = (page: BrowserPage, answers: (name: string) => string | undefined) =>
    asDict(inputs(page.$, (name = "", value = "") => [name, answers(name.toLowerCase()) ?? value]))
  const login = await followed(browser, browser.get(home))
  const credentials = filledIn(login, name => {
    if (name.includes("username")) return userName
    if (name.includes("authmethod")) return "FormsAuthentication"
    return name.includes("password") ? password : undefined
  })
  const factor = await followed(browser, browser.post(login.url, credentials))
  const token = filledIn(factor, name => {
    if (name.includes("challenge")) return code
    return name.includes("authmethod") ? "VismaMFAAdapter" : undefined
  })
  return followed(browser, browser.post(factor.url, token))
}

/** Versent/saml2aws, pkg/provider/adfs/adfs.go: all inputs of the page, to the action of its last form that has one. */
async function saml2aws(browser: Browser): Promise<BrowserPage> {
  // Go's parser takes the inside of noscript for text.
  const parsed = (page: BrowserPage) => load(page.body, { scriptingEnabled: true })
  const first = await followed(browser, browser.get(home.replace("idpinitiatedsignon", "IdpInitiatedSignOn")))
  const $ = parsed(first)
  const credentials = inputs($, (name, value, type) => {
    if (name === undefined) return undefined
    const typed = /user|email/i.test(name) ? userName : /pass/i.test(name) ? password : undefined
    if (typed !== undefined) return type === "hidden" ? undefined : [name, typed]
    return value === undefined ? undefined : [name, value]
  })
  const action = String($("form[action]").last().attr("action"))
  const target = new URL(action, "https://federation.visma.com").href
  let page = await followed(browser, browser.post(target, asValues(credentials)))
  for (let posts = 0; posts < 5; posts += 1) {
    const now = parsed(page)
    if (now("input[name=SAMLResponse]").length > 0) return page
    // It ends at an input without a name.
    expect(now("input:not([name])").length).toBe(0)
    const fields = inputs(now, (name, value) => {
      if (name !== undefined && /security_code|verificationcode/i.test(name)) return [name, code]
      return name === undefined || value === undefined ? undefined : [name, value]
    })
    page = await followed(browser, browser.post(target, asValues(fields)))
  }
  return page
}

/**
 * venth/aws-adfs, aws_adfs/html_roles_fetcher.py: one POST without a page before. Its second factors (_rsa_,
 * _symantec_vip_access, _safenet_mfa, _azure_mfa_, _azure_cloud_mfa_authenticator.py) post three fields to the action of
 * form#options.
 */
async function awsAdfs(browser: Browser, field: string | undefined): Promise<BrowserPage> {
  const entry =
    "https://federation.visma.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"
  const credentials: Fields = [
    ["UserName", userName],
    ["Password", password],
    ["AuthMethod", "FormsAuthentication"],
  ]
  let page = await followed(browser, browser.post(entry, credentials))
  for (let posts = 0; posts < 5 && page.$("input[name=SAMLResponse]").length === 0; posts += 1) {
    const factor: [string, string][] = [
      ["AuthMethod", String(page.$("input#authMethod").attr("value"))],
      ["Context", String(page.$("input#context").attr("value"))],
    ]
    if (field !== undefined) factor.push([field, code])
    page = await followed(browser, browser.post(String(page.$("form#options").attr("action")), factor))
  }
  return page
}

function expectToken(page: BrowserPage): void {
  expect([errorOf(page), titleOf(page)]).toEqual(["", "Working..."])
  expect(samlResponseOf(page).length).toBeGreaterThan(1000)
}

const classicPages: LoginPage[] = ["2012R2", "2016", "2019"]

describe.each(["page", "redirect"] as const)("after the password a %s: signs in", afterPassword => {
  const arrange = (loginPage: LoginPage, factor: SecondFactor | undefined) =>
    Object.assign(at.world.adfs.settings, {
      loginPage,
      afterPassword,
      secondFactors: factor === undefined ? [] : [factor],
      push: { polls: 2, outcome: "approved" },
    })

  it.each(classicPages)("the original Python script, %s", async loginPage => {
    arrange(loginPage, "VismaMFAAdapter")
    expectToken(await pythonScript(at.browser))
    expect(at.world.adfs.posts[0]).toContainEqual(["Kmsi", "true"])
    expect(at.world.adfs.posts[0]).toContainEqual(["", "a field without a name"])
  })

  it.each(
    classicPages.flatMap(page =>
      (
        [
          undefined,
          "VIPAuthenticationProviderUPN",
          "VIPAuthenticationProviderWindowsAccountName",
          "AzureMfaAuthentication",
          "AzureMfaAuthentication, push",
          "AzureMfaServerAuthentication",
        ] as const
      ).map(factor => [page, factor] as const),
    ),
  )("saml2aws, %s, %s", async (loginPage, factor) => {
    arrange(loginPage, factor)
    expectToken(await saml2aws(at.browser))
  })

  it.each([
    ["2016", undefined, undefined],
    ["2019", "SecurIDAuthentication", "Passcode"],
    ["2016", "SymantecVipAdapter", "SecurityCode"],
    ["2016", "SafeNet-MFA", "SAFENET_PASSWORD"],
    ["2019", "AzureMfaAuthentication", "VerificationCode"],
    ["2016", "AzureMfaAuthentication, push", undefined],
    ["2012R2", "AzureMfaServerAuthentication", undefined],
  ] as const)("aws-adfs, %s, %s", async (loginPage, factor, field) => {
    arrange(loginPage, factor)
    expectToken(await awsAdfs(at.browser, field))
    expect(at.world.adfs.log[0]?.method).toBe("POST")
  })
})

describe("a strict server", () => {
  it("refuses the fields that no page offered", async () => {
    at.world.adfs.settings.unknownFields = "refused"
    const page = await at.browser.get(home)
    const fields: Fields = [...fieldsOf(page, "loginForm", { UserName: userName }), ["NoScript", "1"]]
    expect(errorOf(await at.browser.post(home, fields))).toBe("Unknown post parameter NoScript")
    expect(titleOf(await pythonScript(at.browser))).toBe("Error")
  })

  it("takes what is in the pages: Kmsi, a POST without a page before, the page's own address", async () => {
    Object.assign(at.world.adfs.settings, {
      unknownFields: "refused",
      secondFactors: ["SecurIDAuthentication"],
    })
    expectToken(await awsAdfs(at.browser, "Passcode"))
    at.world.adfs.settings.secondFactors = ["VIPAuthenticationProviderUPN"]
    at.world.adfs.settings.users = [{ ...defaultUser, codes: "any six digits" }]
    at.browser.cookies.clear()
    await at.browser.get(home)
    const fields: Fields = [
      ["UserName", userName],
      ["Password", password],
      ["Kmsi", "true"],
      ["AuthMethod", "FormsAuthentication"],
    ]
    const factor = await at.browser.post(home, fields)
    expect(factor.$("input[name=security_code]").length).toBe(1)
    expect(factor.$("form#options input[name=Context]").length).toBe(0)
  })
})
