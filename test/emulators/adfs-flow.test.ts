import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { verify } from "./assertion.ts"
import { Browser, type BrowserPage } from "./browser.ts"
import { defaultUser, startWorld, type World } from "./index.ts"

const home = "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"

let world: World
let browser: Browser
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.reset()
  browser = new Browser(readFileSync(world.caFile, "utf8"), () => world.adfs.port)
})

const credentials = { UserName: defaultUser.name, Password: defaultUser.password }

async function signIn(): Promise<BrowserPage> {
  const login = await browser.get(home)
  const code = await browser.submit(login, "loginForm", credentials)
  const accepted = await browser.submit(code, "loginForm", { ChallengeQuestionAnswer: defaultUser.codes[0] })
  return browser.follow(accepted)
}

const samlResponse = ({ $ }: BrowserPage) => String($("input[name=SAMLResponse]").attr("value"))

describe("signing in", () => {
  it("leads from password and code to a signed assertion", async () => {
    const token = await signIn()
    expect(token.$("title").text()).toBe("Working...")
    const assertion = await verify(samlResponse(token))
    expect(assertion?.pairs.map(({ role }) => role)).toEqual(world.adfs.settings.roles)
    expect(assertion?.roleSessionName).toBe("dev_aly")
  })
})
