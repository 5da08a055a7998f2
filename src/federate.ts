import { readFileSync } from "node:fs"
import { version } from "../package.json"
import { accountNames } from "./account-names.ts"
import { proxyFor } from "./addresses.ts"
import type * as Files from "./aws-files/index.ts"
import { chooseRole, type RoleChoice } from "./choose-role.ts"
import { PumError } from "./errors.ts"
import type { Network } from "./network.ts"
import type { Options } from "./options/index.ts"
import { type Role, readRoles } from "./roles.ts"
import { AnswersFrom } from "./secrets/answers.ts"
import { elsewhere } from "./secrets/elsewhere.ts"
import type { StdinAnswers } from "./secrets/lines.ts"
import type { Obtained } from "./sessions/index.ts"
import type { Sts } from "./sts.ts"
import type { OwnedTerminal } from "./terminal/index.ts"

/** The stages of signing in, each loaded while the user types. */
const stage = {
  network: () => import("./network.ts"),
  signIn: () => import("./sign-in/index.ts"),
  saml: () => import("./saml.ts"),
  sts: () => import("./sts.ts"),
}

/** What signing in needs. */
export interface Work {
  readonly options: Options
  readonly terminal: OwnedTerminal
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  /** With --password-stdin. */
  readonly stdinAnswers: StdinAnswers | undefined
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  readonly files: typeof Files
}

/** What comes of signing in. */
interface Federated {
  readonly roles: readonly Role[]
  readonly samlResponse: string
  readonly sts: Sts
  /** Names for the accounts of a menu. */
  readonly nameAccounts: RoleChoice["nameAccounts"]
  readonly typedUsername: string | undefined
}

/**
 * Assumes the role that is wanted or chosen.
 * @param lastUsed the principal the profile was last used as: its role is offered first
 */
export async function assumeChosen(
  { options, terminal }: Work,
  { roles, samlResponse, sts, nameAccounts, typedUsername }: Federated,
  lastUsed: string | undefined,
): Promise<Obtained> {
  const choice = { wanted: options, aliases: options.aliases, lastUsed, nameAccounts }
  const role = await chooseRole(roles, choice, terminal)
  const done = terminal.progress(`Assuming ${role.name}`)
  const session = await sts.assumeRole(role, samlResponse, options.duration).finally(done)
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  return { session, typedUsername }
}

/**
 * Asks and signs in: the roles on offer, and AWS to give sessions of them.
 * @param regions where AWS will be asked for sessions at once
 */
export async function federate(
  { options, terminal, env, home, stdinAnswers, ending, files }: Work,
  regions: readonly [string, ...string[]],
): Promise<Federated> {
  const ca = await checkWayOut({ options, env })
  const { username, lastUsername } = options
  const programs = elsewhere(options, { terminal, env, ending })
  const answers = new AnswersFrom({
    ...programs,
    username,
    lastUsername,
    lines: stdinAnswers,
    terminal,
    now,
    pause,
  })
  const question = new AbortController()
  const login = answers.login(question.signal)
  await onScreen(login)

  // While the user types: modules, the login page and the connections of the next steps.
  const network = (await stage.network()).openNetwork({ env, ca })
  const { askRolePage, openBrowser, signIn } = await stage.signIn()
  const trace = terminal.trace
  const userAgent = `pum-aws/${version}`
  const browser = openBrowser({
    network,
    origins: [options.idpUrl.origin, ...options.idpOrigins],
    userAgent,
    now,
    trace,
  })
  const signingIn = signIn({
    browser,
    idpUrl: options.idpUrl,
    answers,
    login,
    cutShort: reason => question.abort(reason),
    terminal,
    logins: options.retry ? 3 : 1,
    now,
    pause,
  })
  signingIn.catch(() => {})
  const { openSts } = await stage.sts()
  const sts = openSts({
    network,
    regions,
    regionAsked: options.region !== undefined,
    aliases: options.aliases,
    endpointUrl: options.stsEndpoint,
    now,
    trace,
  })
  // The password goes out first.
  if (options.mode.kind !== "list") login.then(() => setImmediate(sts.connect)).catch(() => {})
  const { readAssertion, rehearseSaml } = await stage.saml()
  readRoles(rehearseSaml().roleValues)
  await sts.rehearse()
  await files.loadLocking()

  const token = await signingIn
  const assertion = readAssertion(token.samlResponse)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  const ask = (partitions: ReadonlySet<string>) =>
    askRolePage(token, { network, userAgent, partitions, trace })
  const nameAccounts = accountNames({ options, roles, ask, files, home, terminal, now })
  const { typedUsername } = answers
  return { roles, samlResponse: assertion.samlResponse, sts, nameAccounts, typedUsername }
}

/** A way out for those who come after signing in, or without. */
export async function networkOf({ options, env }: Pick<Work, "options" | "env">): Promise<Network> {
  return (await stage.network()).openNetwork({ env, ca: await certificatesOf(options) })
}

/**
 * What is wrong with proxy and certificates is said before any question.
 * @returns the certificates to trust in place of Node's own
 * @throws PumError `usage`
 */
export async function checkWayOut({
  options,
  env,
}: Pick<Work, "options" | "env">): Promise<string | undefined> {
  proxyFor(options.idpUrl, env)
  return certificatesOf(options)
}

async function certificatesOf({ caBundle: file }: Options): Promise<string | undefined> {
  if (file === undefined) return undefined
  const { X509Certificate } = await import("node:crypto")
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} cannot be read`, { cause })
  }
  try {
    return new X509Certificate(text) && text
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} holds no PEM certificate`, { cause })
  }
}

export const now = Date.now

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** Lets the question appear before modules are loaded, which holds up everything for some 100 ms. */
async function onScreen(question: Promise<unknown>): Promise<void> {
  question.catch(() => {})
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
}
