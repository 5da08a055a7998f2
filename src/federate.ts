import { AnswersFromSources } from "./answers/answers.ts"
import { externalSources } from "./answers/external-sources.ts"
import { accountNames, knownNames as namesOf } from "./aws/account-names.ts"
import { chooseRole, type RoleChoice } from "./aws/choose-role.ts"
import { keepSeenRoles } from "./aws/keep-seen-roles.ts"
import type { Sts } from "./aws/sts.ts"
import { type Role, readRoles } from "./domain/roles.ts"
import { PumError } from "./errors.ts"
import { readCaBundle } from "./http/ca-bundle.ts"
import { proxyFor } from "./http/proxy.ts"
import { keepUsername } from "./options/keep-username.ts"
import { pause, turn } from "./platform/event-loop.ts"
import { callsSts } from "./prepare-sts.ts"
import type { RememberedPassword } from "./remembered/remembered-password.ts"
import type { Run } from "./run.ts"
import { now } from "./sessions/clock.ts"
import type { Obtained } from "./sessions/shared-session.ts"
import { resume, type SignedIn, type SignedInAnew, signInAnew, userAgent } from "./visit-adfs.ts"

/** Stages that not every run needs. */
const laterStage = {
  rolePage: () => import("./aws/ask-role-page.ts"),
  remembered: () => import("./remembered/open-remembered.ts"),
  sessionKey: () => import("./sessions/session-key.ts"),
  savedProfile: () => import("./options/save-profile.ts"),
  keepStored: () => import("./sessions/keep-stored.ts"),
}

/** The result of a sign-in: the roles on offer, and the assertion to assume them with. */
interface SignInResult {
  readonly roles: readonly Role[]
  /** Base64. */
  readonly samlResponse: string
  readonly sts: Sts
  /** Names for the accounts of a menu. */
  readonly nameAccounts: RoleChoice["nameAccounts"]
  readonly knownNames: RoleChoice["knownNames"]
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
  run: Run,
  federated: SignInResult,
  lastUsed: string | undefined,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Obtained> {
  const { options, terminal } = run
  const { roles, samlResponse, sts, nameAccounts, knownNames, typedUsername } = federated
  const choice = { wanted: options, aliases: options.aliases, lastUsed, nameAccounts, knownNames }
  const role = await chooseRole(roles, choice, terminal)
  const endProgress = terminal.progress(`Assuming ${role.name}`)
  const assuming = sts.assumeRole(role, samlResponse, options.duration).finally(endProgress)
  assuming.catch(() => {})
  await turn() // The request leaves first; the rest is done while AWS answers.
  terminal.prepareRedaction()
  await Promise.all([prepare(), keepLearned(run, federated)])
  const session = await assuming
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  return { session, typedUsername }
}

/**
 * Signs in: as the browser that ADFS knows if that is remembered, else with user, password and code, which are asked
 * for.
 * @param regions where STS will be called, one entry for each call that will run at the same time
 * @throws PumError every code of a sign-in (`signIn` in sign-in/adfs.ts)
 */
export async function federate(run: Run, regions: readonly [string, ...string[]]): Promise<SignInResult> {
  checkNetwork(run)
  const remembering = await openRemembering(run)
  const { signIn, password } = remembering ?? {}
  const answers = openAnswers(run, password)
  try {
    const resumed = signIn && (await resume(run, regions, answers, signIn))
    if (resumed !== undefined) return readSignIn(run, resumed, answers)
    const signedIn = await signInAnew(run, regions, answers)
    const result = readSignIn(run, signedIn, answers)
    await remembering?.keep(signedIn, answers)
    return result
  } catch (error) {
    const isRefused =
      error instanceof PumError && (error.code === "signInRefused" || error.code === "passwordExpired")
    if (isRefused) await password?.removeGiven()
    throw error
  } finally {
    await password?.release()
    await signIn?.release()
  }
}

/**
 * Keeps what ADFS has accepted and offered: the user name, if it was typed, and the roles, for completion in shells.
 */
export async function keepLearned(
  { options, env, terminal, home }: Run,
  { roles, typedUsername }: Pick<SignInResult, "roles" | "typedUsername">,
): Promise<void> {
  await keepUsername(typedUsername, options, terminal)
  const { cacheOwners, expectedUser } = await laterStage.sessionKey()
  const [owner] = cacheOwners(expectedUser(options, env), typedUsername)
  if (owner !== undefined) await keepSeenRoles(roles, owner.id, options, { home, now: now() })
}

/**
 * With `--save`, keeps the role and the options of this run in `~/.pum-aws`. The session is then kept for what the saved
 * profile asks for.
 */
export async function saveIfAsked({ session, typedUsername }: Obtained, run: Run): Promise<void> {
  const { options, terminal } = run
  if (!options.save) return
  const { saveProfile } = await laterStage.savedProfile()
  const saved = await saveProfile(session, options, terminal)
  const { keepStored } = await laterStage.keepStored()
  const { profile, duration, policy } = options
  const settings = { ...run, options: { ...options, ...saved } }
  await keepStored([{ profile, session, duration, policy }], typedUsername, settings)
}

/** Reads what the assertion offers. */
function readSignIn(
  run: Run,
  { network, sts, stsConnections, assertion, action }: SignedIn,
  answers: AnswersFromSources,
): SignInResult {
  const { options, terminal, home } = run
  const { samlResponse } = assertion
  terminal.keepSecret(samlResponse)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  // Now their partition is known; a menu leaves time to connect.
  if (callsSts(options)) stsConnections.open(roles)
  const ask = async (partitions: ReadonlySet<string>) => {
    const { askRolePage } = await laterStage.rolePage()
    const settings = { network, userAgent, partitions, trace: terminal.trace }
    const names = await askRolePage({ action, samlResponse }, settings)
    // The page was sent the assertion. Names are kept on disk.
    return new Map([...names].filter(([, name]) => terminal.redacted(name) === name))
  }
  const nameAccounts = accountNames({ options, roles, ask, home, terminal, now })
  return {
    roles,
    samlResponse,
    sts,
    nameAccounts,
    knownNames: accounts => namesOf(accounts, { options, home, now }),
    typedUsername: answers.typedUsername,
  }
}

/** What outlives this run; `undefined` if nothing does. */
async function openRemembering(run: Run) {
  const { options, env } = run
  if (options.remember === undefined || options.remember === "off") return undefined
  const { openRemembered } = await laterStage.remembered()
  const { cacheOwners, expectedUser } = await laterStage.sessionKey()
  const expected = expectedUser(options, env)
  const { signIn, password } = openRemembered(run, expected?.id)
  return {
    signIn,
    password,
    async keep(
      { cookies, assertion, began }: SignedInAnew,
      { typedLogin, typedUsername }: AnswersFromSources,
    ) {
      const users = cacheOwners(expected, typedUsername).map(({ id }) => id)
      await signIn?.keepNew({ cookies, identity: assertion.identity }, began, users)
      if (typedLogin !== undefined) await password?.keep(typedLogin.username, typedLogin.password)
    },
  }
}

/** Where user name, password and codes of this run come from. */
function openAnswers(
  { options, terminal, env, stdinAnswers, ending }: Run,
  rememberedPassword: RememberedPassword | undefined,
): AnswersFromSources {
  return new AnswersFromSources({
    ...externalSources(options, { terminal, env, ending }),
    rememberedPassword,
    username: options.username,
    lastUsername: options.lastUsername,
    lines: stdinAnswers,
    terminal,
    now,
    pause,
  })
}

/**
 * Checks proxy and CA bundle before any question.
 * @throws PumError `usage`
 */
export function checkNetwork({ options, env }: Pick<Run, "options" | "env">): void {
  proxyFor(options.idpUrl, env)
  readCaBundle(options.caBundle, env)
}
