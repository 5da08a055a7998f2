import { version } from "../package.json"
import { type Answers, AnswersFromSources } from "./answers/answers.ts"
import { externalSources } from "./answers/external-sources.ts"
import type { StdinAnswers } from "./answers/stdin-answers.ts"
import { accountNames } from "./aws/account-names.ts"
import { chooseRole, type RoleChoice } from "./aws/choose-role.ts"
import type { Sts } from "./aws/sts.ts"
import { type Role, readRoles } from "./domain/roles.ts"
import type { PumError } from "./errors.ts"
import { readCaBundle } from "./http/ca-bundle.ts"
import type { Network, NetworkLimits } from "./http/network.ts"
import { proxyFor } from "./http/proxy.ts"
import { keepUsername } from "./options/keep-username.ts"
import type { Options } from "./options/options.ts"
import { pause, turn } from "./platform/event-loop.ts"
import type { ProgramPaths } from "./profiles/on-demand-line.ts"
import type { AwsFilePaths } from "./profiles/paths.ts"
import type { Obtained } from "./sessions/shared-session.ts"
import type { ProcessTerminal } from "./terminal/terminal.ts"

/** The stages of signing in, each loaded while the user types. */
const signInStage = {
  network: () => import("./http/network.ts"),
  adfs: () => import("./sign-in/adfs.ts"),
  webSession: () => import("./sign-in/web-session.ts"),
  rolePage: () => import("./aws/ask-role-page.ts"),
  assertion: () => import("./sign-in/pages/assertion.ts"),
  sts: () => import("./aws/sts.ts"),
}

/** One run of the program: what the user wants, and the world it happens in. */
export interface Run {
  readonly options: Options
  readonly terminal: ProcessTerminal
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly paths: AwsFilePaths
  /** The files of this program that run. */
  readonly program: ProgramPaths
  /** With --password-stdin. */
  readonly stdinAnswers: StdinAnswers | undefined
  /** Default: the real ones (`networkLimits`). */
  readonly limits?: NetworkLimits | undefined
  /** Width of stdout in characters; infinite if stdout is no terminal. */
  readonly columns: number
  /** When this process started, in milliseconds by the monotonic clock (sessions/clock.ts). */
  readonly began: number
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** Ends the process as an uncaught error does. */
  readonly giveUp: (error: PumError) => void
  /** Whether the process that started this one is gone. */
  readonly isOrphan: () => boolean
  /** Passes signals that would end this process to `take` from now on. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

/** The result of a sign-in: the roles on offer, and the assertion to assume them with. */
interface SignInResult {
  readonly roles: readonly Role[]
  /** Base64. */
  readonly samlResponse: string
  readonly sts: Sts
  /** Names for the accounts of a menu. */
  readonly nameAccounts: RoleChoice["nameAccounts"]
  /** The user name, if it was typed in this run. */
  readonly typedUsername: string | undefined
}

/**
 * Assumes the one role that fits, or lets the user choose. Keeps the user name if it was typed: ADFS has accepted it.
 * @param lastUsed ARN of the principal that the profile was last used as; its role comes first in the menu
 * @param prepare loads what comes next, while AWS answers
 * @throws PumError `noRole`, `cancelled`, `awsRefused`, `awsUnreachable`, `assertionExpired`
 */
export async function assumeChosenRole(
  { options, terminal }: Run,
  { roles, samlResponse, sts, nameAccounts, typedUsername }: SignInResult,
  lastUsed: string | undefined,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Obtained> {
  const choice = { wanted: options, aliases: options.aliases, lastUsed, nameAccounts }
  const role = await chooseRole(roles, choice, terminal)
  const endProgress = terminal.progress(`Assuming ${role.name}`)
  const assuming = sts.assumeRole(role, samlResponse, options.duration).finally(endProgress)
  assuming.catch(() => {})
  await turn() // The request leaves first; the rest is done while AWS answers.
  terminal.prepareRedaction()
  await Promise.all([prepare(), keepUsername(typedUsername, options, terminal)])
  const session = await assuming
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  return { session, typedUsername }
}

/**
 * Asks for user, password and code, and signs in. Prepares what comes after the sign-in while the user types.
 * @param regions where STS will be called, one entry for each call that will run at the same time
 * @throws PumError every code of a sign-in (`signIn` in sign-in/adfs.ts)
 */
export async function federate(run: Run, regions: readonly [string, ...string[]]): Promise<SignInResult> {
  const { options, terminal, home } = run
  checkNetwork(run)
  const answers = openAnswers(run)
  const login = answers.beginLogin()
  await letItAppear(login)
  terminal.endTypeAhead()
  // The login page is fetched while the user types. A warning waits: it would be mixed with the open question.
  const warn = (line: string) => void login.catch(() => {}).then(() => terminal.warn(line))
  const network = await openNetworkFor(run, warn)
  const { tokenPage } = await startSignIn(run, network, answers)
  const sts = await prepareSts(run, { network, regions, login })
  const { samlResponse, action } = await tokenPage
  const { readAssertion } = await signInStage.assertion()
  const assertion = readAssertion(samlResponse)
  terminal.keepSecret(assertion.samlResponse)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  // Now their partition is known; a menu leaves time to connect.
  if (callsSts(options)) sts.connect(roles)
  const ask = async (partitions: ReadonlySet<string>) => {
    const { askRolePage } = await signInStage.rolePage()
    const settings = { network, userAgent, partitions, trace: terminal.trace }
    const names = await askRolePage({ action, samlResponse }, settings)
    // The page was sent the assertion. Names are kept on disk.
    return new Map([...names].filter(([, name]) => terminal.redacted(name) === name))
  }
  const nameAccounts = accountNames({ options, roles, ask, home, terminal, now })
  return {
    roles,
    samlResponse: assertion.samlResponse,
    sts,
    nameAccounts,
    typedUsername: answers.typedUsername,
  }
}

/** Where user name, password and codes of this run come from. */
function openAnswers({ options, terminal, env, stdinAnswers, ending }: Run): AnswersFromSources {
  return new AnswersFromSources({
    ...externalSources(options, { terminal, env, ending }),
    username: options.username,
    lastUsername: options.lastUsername,
    lines: stdinAnswers,
    terminal,
    now,
    pause,
  })
}

const userAgent = `pum-aws/${version}`

/**
 * Starts the sign-in, which runs while the first question is on the screen.
 * @returns the page to come, in an object, so that awaiting the start does not await the page
 */
async function startSignIn(run: Run, network: Network, answers: Answers) {
  const { options, terminal } = run
  const { openWebSession } = await signInStage.webSession()
  const origins = [options.idpUrl.origin, ...options.idpOrigins]
  const { trace, keepSecret } = terminal
  const web = openWebSession({ network, origins, userAgent, now, trace, keepSecret })
  // The request leaves before what reads its answer is loaded.
  const firstPage = web.get(options.idpUrl)
  firstPage.catch(() => {})
  await turn()
  const { signIn } = await signInStage.adfs()
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
  return { tokenPage }
}

interface StsPreparation {
  readonly network: Network
  readonly regions: readonly [string, ...string[]]
  /** User name and password, while they are being typed. */
  readonly login: Promise<unknown>
}

/** Loads what the calls to STS need, goes through it once, and opens their connections after the login is answered. */
async function prepareSts(run: Run, { network, regions, login }: StsPreparation): Promise<Sts> {
  const { options, terminal } = run
  await turn()
  const { openSts } = await signInStage.sts()
  const sts = openSts({
    network,
    regions,
    regionAsked: options.region !== undefined,
    policy: options.policy,
    aliases: options.aliases,
    endpointUrl: options.stsEndpoint,
    now,
    trace: terminal.trace,
  })
  // The password is posted before the connection to STS is opened.
  if (callsSts(options)) login.then(() => setImmediate(() => sts.connect())).catch(() => {})
  await rehearse(sts)
  return sts
}

const callsSts = ({ mode: { kind } }: Options) => kind !== "list" && kind !== "onDemand"

/**
 * Runs the later stages once on data of our own, while the user types: code that V8 has compiled makes a fifth of the
 * wait after the last key disappear.
 */
async function rehearse(sts: Sts): Promise<void> {
  await turn()
  const { rehearseSaml } = await signInStage.assertion()
  await turn()
  readRoles(rehearseSaml().roleValues)
  await turn()
  await sts.rehearse()
}

/** @param warn is told if this machine's clock is wrong */
export async function openNetworkFor(run: Run, warn = run.terminal.warn): Promise<Network> {
  const { env, limits, options } = run
  const ca = readCaBundle(options.caBundle, env)
  return (await signInStage.network()).openNetwork({ env, ca, limits, now, warn })
}

/**
 * Checks proxy and CA bundle before any question.
 * @throws PumError `usage`
 */
export function checkNetwork({ options, env }: Pick<Run, "options" | "env">): void {
  proxyFor(options.idpUrl, env)
  readCaBundle(options.caBundle, env)
}

/** Milliseconds since 1970. */
export const now = Date.now

/** Lets the question appear before modules are loaded: loading blocks the event loop for about 100 ms. */
async function letItAppear(question: Promise<unknown>): Promise<void> {
  question.catch(() => {})
  for (let turns = 0; turns < 3; turns++) await turn()
}
