import type { Authority } from "../server/certificates.ts"
import { Faults } from "../server/faults.ts"
import { type Answer, type LoopbackServer, startServer } from "../server/loopback-server.ts"
import type { Request } from "../server/request.ts"
import { type Adfs, failure, targetOf } from "./answers.ts"
import { offerLogin, signOnPage } from "./flow.ts"
import { aspNames } from "./login-pages.ts"
import { type AdfsSettings, defaultAdfsSettings } from "./settings.ts"
import { AdfsState } from "./state.ts"
import { check } from "./strict-form.ts"

/** The request that gets a fault. */
export type AdfsStage =
  /** GET without a session. */
  | "login page"
  /** POST with a password. */
  | "password"
  /** GET after the password, before the code. */
  | "second factor page"
  /** POST of a second factor's page. */
  | "code"
  /** GET with a complete session. */
  | "token page"
  /** POST of the relying-party picker, or of an unknown form. */
  | "other post"

/** An ADFS server. It refuses what ADFS refuses, and keeps what it received. */
export interface AdfsEmulator extends Omit<LoopbackServer, "forget"> {
  /** A test may change it at any time; the next answer follows it. */
  readonly settings: AdfsSettings
  readonly faults: Faults<AdfsStage>
  /** All passwords that were sent, right or wrong, in order. */
  readonly passwords: readonly string[]
  /** All codes that were sent, right or wrong, in order. */
  readonly codes: readonly string[]
  /** The fields of every POST, right or wrong, in order. */
  readonly posts: readonly Request["fields"][]
  /** Every value of a cookie received. */
  readonly cookies: ReadonlySet<string>
  /** Default `--idp-url`, without the proxy: `https://127.0.0.1:<port>/adfs/ls/…`. */
  readonly directUrl: string
  /** The same without TLS, which a program may use on loopback alone. Not in `log`. */
  readonly plainUrl: string
  /** `performance.now()` when the last answer was ready, before `delayMs`. */
  readonly lastAnswerAt: number
  /** Whether too many wrong passwords have locked the account. */
  readonly isLocked: (userName: string) => boolean
  /** How many browsers have signed out. */
  readonly signOuts: number
  /** Ends all sessions on the server: their cookies are worth nothing. */
  readonly endSessions: () => void
  /** Puts the settings back to their start. Removes faults, log, sessions, locks and used codes. */
  readonly reset: () => void
}

const signOnTarget = "/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"
const signOnPath = /^\/adfs\/ls\/idpinitiatedsignon(\.aspx|\.htm)?$/i
const signOutQuery = /^\?wa=wsignout1\.0$/
/** HTTP.sys takes 16 kB of headers; fewer here, as the client of the tests takes no longer answers. */
const longestCookies = 10_000
const windowsBrowsers = /Windows NT|Trident|Edg|MSIE/

export async function startAdfs(
  authority: Authority,
  wanted: Partial<AdfsSettings> = {},
): Promise<AdfsEmulator> {
  const settings: AdfsSettings = { ...defaultAdfsSettings(), ...wanted }
  const adfs = {
    settings,
    state: new AdfsState(),
    passwords: [] as string[],
    codes: [] as string[],
    signOuts: [] as string[],
  }
  const posts: Request["fields"][] = []
  const cookies = new Set<string>()
  const faults = new Faults<AdfsStage>()

  let lastAnswerAt = Number.NaN
  const answer = async (request: Request): Promise<Answer> => {
    remember(adfs, request)
    if (request.method === "POST") posts.push(request.fields)
    for (const [, value] of request.cookies) cookies.add(value)
    const fault = faults.take(stageOf(adfs, request))
    const ready = fault ?? (await respond(adfs, request))
    lastAnswerAt = performance.now()
    return ready
  }
  const { forget, close, ...server } = await startServer({ authority, settings, answer })
  const plain = await startServer({ authority, settings, answer, plain: true })
  return {
    ...server,
    settings,
    faults,
    passwords: adfs.passwords,
    codes: adfs.codes,
    posts,
    cookies,
    directUrl: `https://127.0.0.1:${server.port}${signOnTarget}`,
    plainUrl: `http://127.0.0.1:${plain.port}${signOnTarget}`,
    get lastAnswerAt() {
      return lastAnswerAt
    },
    get signOuts() {
      return adfs.signOuts.length
    },
    endSessions: () => adfs.state.endSessions(),
    isLocked: userName => adfs.state.isLocked(userName, settings),
    reset() {
      Object.assign(settings, defaultAdfsSettings(), wanted)
      adfs.state.forget()
      adfs.passwords.length = 0
      adfs.codes.length = 0
      adfs.signOuts.length = 0
      posts.length = 0
      cookies.clear()
      faults.clear()
      forget()
      plain.forget()
    },
    async close() {
      await Promise.all([close(), plain.close()])
    },
  }
}

async function respond(adfs: Adfs, request: Request): Promise<Answer> {
  const { settings, state } = adfs
  if (settings.negotiateWithWindows && windowsBrowsers.test(request.headers["user-agent"] ?? "")) {
    return { status: 401, headers: { "www-authenticate": "Negotiate", "content-length": "0" } }
  }
  if ((request.headers.cookie ?? "").length > longestCookies)
    return { status: 400, body: "<h2>Bad Request - Request Too Long</h2>" }
  if (request.path === "/adfs/ls/" && signOutQuery.test(request.query)) return signOut(adfs, request)
  if (!signOnPath.test(request.path))
    return failure("MSIS7065: There are no registered protocol handlers.", 404)
  if (!settings.idpInitiatedSignOn) return { status: 503, body: "<h2>Service Unavailable</h2>" }
  if (request.method === "GET") return signOnPage(adfs, request)
  if (request.method !== "POST") return { status: 405, headers: { allow: "GET, POST" } }

  const isNew = state.signInOf(request) === undefined && state.sessionOf(request) === undefined
  const signIn = isNew ? offerLogin(adfs, request) : state.signInOf(request)
  if (!signIn) return failure("MSIS7046: The request carries no MSISSamlRequest cookie of a sign-in.")
  const here = signIn.offered.filter(({ targets }) => targets.includes(targetOf(request)))
  const authMethod = request.fields.find(([name]) => name === "AuthMethod")?.[1]
  const form = here.find(({ fields }) => fields.AuthMethod?.value === authMethod) ?? here[0]
  if (!form) return failure("MSIS7065: No page offered a form that posts to this address.")
  const checked = check(form, request, settings.unknownFields)
  return "wrong" in checked ? failure(checked.wrong, checked.status) : form.submit(checked.values, request)
}

function signOut({ state, signOuts }: Adfs, request: Request): Answer {
  const session = state.sessionOf(request)
  if (session !== undefined) {
    state.endSession(session)
    signOuts.push(session.user.name)
  }
  return { status: 200, body: "<title>Sign out</title><p>You have successfully signed out.</p>" }
}

function stageOf({ state }: Adfs, request: Request): AdfsStage {
  if (request.method === "GET") {
    const session = state.sessionOf(request)
    if (!session) return "login page"
    return session.complete ? "token page" : "second factor page"
  }
  if (request.fields.some(([name]) => passwordFields.has(name))) return "password"
  return request.fields.some(([name]) => name === "Context") ? "code" : "other post"
}

const passwordFields = new Set(["Password", aspNames.password])
const notCodes = new Set(["AuthMethod", "Context", "Submit", "UserName"])

/** Keeps password and code also of a request that is refused: a test asks what reached this server. */
function remember({ passwords, codes }: Adfs, { fields }: Request): void {
  const isSecondFactor = fields.some(([name]) => name === "Context")
  for (const [name, value] of fields) {
    if (passwordFields.has(name)) passwords.push(value)
    else if (isSecondFactor && !notCodes.has(name)) codes.push(value)
  }
}
