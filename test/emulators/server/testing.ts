import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach } from "vitest"
import { issue, providerOf } from "../adfs/assertion.ts"
import { defaultUser, startWorld, type World, type WorldOptions } from "../world.ts"
import { Browser, type BrowserPage } from "./browser.ts"

/** What a test of an emulator needs: the world of its file, which is reset before each test, and a new browser. */
export interface Bench {
  readonly world: World
  readonly browser: Browser
}

export function bench(options: WorldOptions = {}): Bench {
  const made: { -readonly [Key in keyof Bench]?: Bench[Key] } = {}
  const get = <Key extends keyof Bench>(key: Key): Bench[Key] => {
    const value: Bench[Key] | undefined = made[key]
    if (!value) throw new Error(`${key} is used before it is started`)
    return value
  }
  beforeAll(async () => {
    made.world = await startWorld(options)
  })
  beforeEach(() => {
    get("world").reset()
    made.browser = newBrowser(get("world"))
  })
  afterAll(() => get("world").close())
  return {
    get world() {
      return get("world")
    },
    get browser() {
      return get("browser")
    },
  }
}

/** A browser without cookies. It connects to the emulator of each host directly, without the proxy. */
export function newBrowser(world: World): Browser {
  return new Browser(readFileSync(world.caFile, "utf8"), host => {
    if (host.startsWith("sts.")) return world.sts.port
    if (host.includes("signin.")) return world.signIn.port
    return host === world.stranger.host ? world.stranger.port : world.adfs.port
  })
}

export const home =
  "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"
export const credentials = { UserName: defaultUser.name, Password: defaultUser.password }
export const rightCode = { ChallengeQuestionAnswer: defaultUser.codes[0] }

/** Signs in up to the page after the password. */
export async function toSecondFactor(browser: Browser): Promise<BrowserPage> {
  const page = await browser.submit(await browser.get(home), "loginForm", credentials)
  return page.status === 302 ? browser.follow(page) : page
}

/** Signs in with password and code, up to the token page. */
export async function toToken(browser: Browser): Promise<BrowserPage> {
  const code = await toSecondFactor(browser)
  return browser.follow(await browser.submit(code, "loginForm", rightCode))
}

export const titleOf = ({ $ }: BrowserPage) => $("title").text()
export const errorOf = ({ $ }: BrowserPage) => $("#errorMessage").text()
export const refusalOf = ({ $ }: BrowserPage) =>
  $("#errorText, #ctl00_ContentPlaceHolder1_ErrorTextLabel").text()
export const authMethodOf = ({ $ }: BrowserPage) =>
  String($("#loginForm input[name=AuthMethod], #passcodeForm input[name=AuthMethod]").attr("value"))
export const contextOf = ({ $ }: BrowserPage) => String($("form input[name=Context]").attr("value"))
export const samlResponseOf = ({ $ }: BrowserPage) => String($("input[name=SAMLResponse]").attr("value"))

/** Gets a session from STS, as the environment variables that AWS tools read. */
export async function newSession({ world, browser }: Bench, role: string): Promise<Record<string, string>> {
  await browser.post("https://sts.eu-central-1.amazonaws.com/", [
    ["Action", "AssumeRoleWithSAML"],
    ["Version", "2011-06-15"],
    ["RoleArn", role],
    ["PrincipalArn", providerOf(role)],
    ["SAMLAssertion", await issue("adm\\dev_aly", [role], {})],
  ])
  const session = world.sts.sessions.at(-1)
  if (!session) throw new Error("STS gave no session")
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_REGION: "eu-north-1",
  }
}
