import { readFileSync } from "node:fs"
import { version } from "../package.json"
import type * as Files from "./aws-files/index.ts"
import { chooseRole } from "./choose-role.ts"
import { PumError } from "./errors.ts"
import type { Network } from "./network.ts"
import type { Options } from "./options/index.ts"
import { defaultRegion } from "./regions.ts"
import { type Role, readRoles } from "./roles.ts"
import { AnswersFrom } from "./secrets/answers.ts"
import { elsewhere } from "./secrets/elsewhere.ts"
import { linesOf } from "./secrets/lines.ts"
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
  readonly stdin: NodeJS.ReadStream
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  readonly files: typeof Files
}

/** What comes of signing in. */
interface Federated {
  readonly roles: readonly Role[]
  readonly samlResponse: string
  readonly sts: Sts
  readonly typedUsername: string | undefined
}

/** What the profile was used with before. */
export type Before = Pick<Files.ProfileState, "region" | "principalArn">

/** Signs in, and assumes the role that is wanted or chosen. */
export async function newSession(work: Work, before: Before): Promise<Obtained> {
  const { options, terminal } = work
  const region = options.region ?? before.region ?? defaultRegion
  const { roles, samlResponse, sts, typedUsername } = await federate(work, region)
  const role = await chooseRole(
    roles,
    { wanted: options, aliases: options.aliases, lastUsed: before.principalArn },
    terminal,
  )
  const done = terminal.progress(`Assuming ${role.name}`)
  const session = await sts.assumeRole(role, samlResponse, options.duration).finally(done)
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  return { session, typedUsername }
}

/** Asks and signs in: the roles on offer, and AWS to give sessions of them. */
export async function federate(
  { options, terminal, env, stdin, ending, files }: Work,
  region: string,
): Promise<Federated> {
  const ca = certificatesOf(options)
  const lines = options.passwordStdin ? linesOf(stdin) : undefined
  const { username, lastUsername } = options
  const programs = elsewhere(options, { terminal, env, ending })
  const answers = new AnswersFrom({ ...programs, username, lastUsername, lines, terminal, now, pause })
  const question = new AbortController()
  const login = answers.login(question.signal)
  await onScreen(login)

  // While the user types: modules, the login page and the connections of the next steps.
  const network = (await stage.network()).openNetwork({ env, ca })
  const { openBrowser, signIn } = await stage.signIn()
  const trace = terminal.trace
  const browser = openBrowser({
    network,
    origins: [options.idpUrl.origin, ...options.idpOrigins],
    userAgent: `pum-aws/${version}`,
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
    region,
    regionAsked: options.region !== undefined,
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

  const assertion = readAssertion(await signingIn)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  const { typedUsername } = answers
  return { roles, samlResponse: assertion.samlResponse, sts, typedUsername }
}

/** A way out for those who come after signing in, or without. */
export async function networkOf({ options, env }: Pick<Work, "options" | "env">): Promise<Network> {
  return (await stage.network()).openNetwork({ env, ca: certificatesOf(options) })
}

function certificatesOf({ caBundle: file }: Options): string | undefined {
  if (file === undefined) return undefined
  try {
    const text = readFileSync(file, "utf8")
    if (!text.includes("-----BEGIN CERTIFICATE-----"))
      throw new PumError("usage", `the CA bundle ${file} holds no PEM certificate`)
    return text
  } catch (cause) {
    if (cause instanceof PumError) throw cause
    throw new PumError("usage", `the CA bundle ${file} cannot be read`, { cause })
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
