import { version } from "../package.json"
import type { Answers, AnswersFromSources } from "./answers/answers.ts"
import type { Sts } from "./aws/sts.ts"
import type { StsConnections } from "./aws/sts-connections.ts"
import { inOneLine, PumError } from "./errors.ts"
import { readCaBundle } from "./http/ca-bundle.ts"
import type { Network } from "./http/network.ts"
import { lookUpTime, pause, turn } from "./platform/event-loop.ts"
import { prepareSts } from "./prepare-sts.ts"
import type { RememberedSignIn } from "./remembered/remembered-sign-in.ts"
import type { Run } from "./run.ts"
import { now } from "./sessions/clock.ts"
import type { Assertion } from "./sign-in/pages/assertion.ts"
import type { SessionCookie } from "./sign-in/web-session.ts"

/** The stages of signing in, each loaded while the user types. */
const signInStage = {
  network: () => import("./http/network.ts"),
  adfs: () => import("./sign-in/adfs.ts"),
  page: () => import("./sign-in/pages/page.ts"),
  webSession: () => import("./sign-in/web-session.ts"),
  assertion: () => import("./sign-in/pages/assertion.ts"),
}

/** A sign-in that ADFS has accepted. */
export interface SignedIn {
  readonly network: Network
  readonly sts: Sts
  readonly stsConnections: StsConnections
  readonly assertion: Assertion
  /** Where a browser would post the assertion. */
  readonly action: string
  readonly cookies: readonly SessionCookie[]
}

/** A sign-in by password. */
export interface SignedInAnew extends SignedIn {
  /** When the password was given, in milliseconds since 1970; the first one, if ADFS refused it. */
  readonly began: number
}

/** Asks for user, password and code, and signs in. Prepares what comes after the sign-in while the user types. */
export async function signInAnew(
  run: Run,
  regions: readonly [string, ...string[]],
  answers: AnswersFromSources,
): Promise<SignedInAnew> {
  const { terminal } = run
  const login = answers.beginLogin()
  const begun = login.then(now)
  begun.catch(() => {})
  await letItAppear(login)

  // The login page is fetched while the user types. A warning waits: it would be mixed with the open question.
  const warn = (line: string) => void login.catch(() => {}).then(() => terminal.warn(line))
  const { network, connected } = await connectToAdfs(run, warn)
  const { web, tokenPage } = await startSignIn(run, network, answers)
  const preparation = { network, regions, connected, login, tokenPage }
  const { sts, stsConnections } = await prepareSts(run, preparation)
  const { samlResponse, action } = await tokenPage
  const { readAssertion } = await signInStage.assertion()
  const assertion = readAssertion(samlResponse)
  const cookies = web.sessionCookies()
  return { network, sts, stsConnections, assertion, action, cookies, began: await begun }
}

/**
 * Goes to the token page as the browser that ADFS knows; a second factor may be asked for.
 * @returns `undefined` if nothing is remembered, or not for this run, or ADFS does not take it any more
 */
export async function resume(
  run: Run,
  regions: readonly [string, ...string[]],
  answers: Answers,
  remembered: RememberedSignIn,
): Promise<SignedIn | undefined> {
  // The keychain takes about as long as a handshake.
  const connecting = remembered.asksNoPerson() ? connectToAdfs(run) : undefined
  connecting?.catch(() => {})
  const opened = await remembered.find()
  if (opened === undefined) return undefined
  run.terminal.endTypeAhead()
  const { network, connected } = await (connecting ?? connectToAdfs(run))
  const visiting = visitAgain(run, network, answers, opened.cookies)
  visiting.catch(() => {})
  const preparation = { network, regions, connected, login: undefined, tokenPage: visiting }
  const { sts, stsConnections } = await prepareSts(run, preparation)
  const { page, cookies } = await visiting
  const giveUp = async (why: string) => {
    network.close()
    await remembered.throwAway(opened, why)
    return undefined
  }
  if (!("kind" in page)) return giveUp(page.message)
  const { readAssertion } = await signInStage.assertion()
  const assertion = readAssertion(page.samlResponse)
  if (assertion.identity !== opened.identity) return giveUp("ADFS knows another user by it")
  await remembered.keepVisit(opened, cookies)
  return { network, sts, stsConnections, assertion, action: page.action, cookies }
}

/** A visit with cookies of an earlier one; if ADFS has seen too many in a short time, one more after 20 s. */
async function visitAgain(run: Run, network: Network, answers: Answers, cookies: readonly SessionCookie[]) {
  for (let isFirst = true; ; isFirst = false) {
    const web = await openWeb(run, network, cookies)
    const firstPage = web.get(run.options.idpUrl)
    const { resumeSignIn } = await prepareToRead(firstPage)
    const { options, terminal } = run
    const page = await resumeSignIn({ web, idpUrl: options.idpUrl, firstPage, answers, terminal, now, pause })
    if ("kind" in page || !page.tooOften) return { page, cookies: web.sessionCookies() }
    if (!isFirst) throw tooManyVisits()
    await pause(loopGuardTime).finally(
      terminal.progress("ADFS wants a pause of 20 s between so many sign-ins"),
    )
  }
}

/** Ends sessions at ADFS, as its sign-out link does. */
export async function signOut(run: Run, sessions: readonly (readonly SessionCookie[])[]): Promise<void> {
  for (const cookies of sessions) {
    try {
      await endSession(run, cookies)
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      run.terminal.warn(`ADFS could not be told of the sign-out: ${inOneLine(error)}`)
    }
  }
}

async function endSession(run: Run, cookies: readonly SessionCookie[]): Promise<void> {
  const { idpUrl } = run.options
  const web = await openWeb(run, await openNetworkFor(run), cookies)
  const { status } = await web.get(new URL("/adfs/ls/?wa=wsignout1.0", idpUrl))
  if (status >= 400) throw new PumError("idpPage", `${idpUrl.host} answered the sign-out with HTTP ${status}`)
}

/** ADFS counts token requests of a browser for this long, in milliseconds. */
const loopGuardTime = 20_000

const tooManyVisits = () =>
  new PumError("idpPage", "ADFS has seen too many sign-ins in a short time (MSIS7042)", {
    hint: "wait a minute, then run this again",
  })

export const userAgent = `pum-aws/${version}`

async function openWeb({ options, terminal }: Run, network: Network, cookies?: readonly SessionCookie[]) {
  const { openWebSession } = await signInStage.webSession()
  const origins = [options.idpUrl.origin, ...options.idpOrigins]
  const { trace, keepSecret } = terminal
  const known = cookies === undefined ? {} : { cookies }
  return openWebSession({ network, origins, userAgent, now, trace, keepSecret, ...known })
}

/**
 * Starts the sign-in, which runs while the first question is on the screen.
 * @returns the page to come, in an object, so that awaiting the start does not await the page
 */
async function startSignIn(run: Run, network: Network, answers: Answers) {
  const { options, terminal } = run
  const web = await openWeb(run, network)
  const firstPage = web.get(options.idpUrl)
  const { signIn } = await prepareToRead(firstPage)
  const tokenPage = signIn({
    web,
    idpUrl: options.idpUrl,
    firstPage,
    answers,
    terminal,
    maxPasswords: options.retry ? 3 : 1,
    now,
    pause,
  })
  tokenPage.catch(() => {})
  return { web, tokenPage }
}

/** Loads what reads pages, and goes through it once, while the first page is on its way. */
async function prepareToRead(firstPage: Promise<unknown>) {
  let isOnItsWay = true
  const arrive = () => {
    isOnItsWay = false
  }
  firstPage.then(arrive, arrive)
  // The request leaves before what reads its answer is loaded.
  await turn()
  const adfs = await signInStage.adfs()
  const { rehearsePage } = await signInStage.page()
  await turn()
  if (isOnItsWay) rehearsePage()
  return adfs
}

/**
 * Begins to connect before what sends requests is loaded.
 * @returns with `connected`, which settles when the connection is open, or cannot be opened
 */
async function connectToAdfs(run: Run, warn?: (line: string) => void) {
  const network = await openNetworkFor(run, warn)
  const connected = network.prepare(run.options.idpUrl)
  await pause(lookUpTime)
  return { network, connected }
}

/** @param warn is told if this machine's clock is wrong */
export async function openNetworkFor(run: Run, warn = run.terminal.warn): Promise<Network> {
  const { env, limits, options } = run
  const ca = readCaBundle(options.caBundle, env)
  return (await signInStage.network()).openNetwork({ env, ca, limits, now, warn })
}

/** Lets the question appear before modules are loaded: loading blocks the event loop for about 100 ms. */
async function letItAppear(question: Promise<unknown>): Promise<void> {
  question.catch(() => {})
  for (let turns = 0; turns < 3; turns++) await turn()
}
