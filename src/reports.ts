import { knownNames } from "./aws/account-names.ts"
import { defaultRegion } from "./domain/partitions.ts"
import { inOneLine, PumError } from "./errors.ts"
import { federate, keepLearned } from "./federate.ts"
import type { Mode } from "./options/modes.ts"
import type { CompletionShell } from "./options/parse-values.ts"
import type { Run } from "./run.ts"
import { now } from "./sessions/clock.ts"
import { signOut } from "./visit-adfs.ts"

/* The modes that give no session: what there is, and what could be. */

type LogoutMode = Extract<Mode, { kind: "logout" }>

const reportStage = {
  keptSessions: () => import("./sessions/kept-sessions.ts"),
  onDemandRequests: () => import("./sessions/on-demand-requests.ts"),
  sessionKey: () => import("./sessions/session-key.ts"),
  list: () => import("./outputs/list.ts"),
  completion: () => import("./completion/scripts.ts"),
  remembered: () => import("./remembered/forget.ts"),
  logout: () => import("./outputs/logout.ts"),
  short: () => import("./outputs/short-status.ts"),
  status: () => import("./outputs/status.ts"),
}

/** Prints a completion script. */
export async function printCompletion(shell: CompletionShell, run: Run): Promise<number> {
  const { completionScript } = await reportStage.completion()
  await run.print(completionScript(shell))
  return 0
}

/**
 * Forgets what is kept, and says so. What is remembered belongs to no profile. ADFS is told last: what is here is gone
 * whether it can be reached or not.
 */
export async function forget(mode: LogoutMode, run: Run): Promise<number> {
  const { forgetRemembered } = await reportStage.remembered()
  const sessions = mode.profile === undefined ? await forgetRemembered(run, { isSigningOut: true }) : []
  const { logOut } = await reportStage.logout()
  try {
    await logOut(mode, run)
  } finally {
    await signOut(run, sessions)
  }
  return 0
}

/** Signs in and prints the roles. */
export async function printRoles(run: Run): Promise<number> {
  const { options, home, columns, terminal } = run
  const federated = await federate(run, [defaultRegion])
  const { roles } = federated
  const { formatRoles } = await reportStage.list()
  const names = (accounts: ReadonlySet<string>) => knownNames(accounts, { options, home, now })
  const { readOnDemandRequests } = await reportStage.onDemandRequests()
  const requests = await readOrWarn(() => readOnDemandRequests(run), new Map(), run)
  await run.print(
    formatRoles(roles, { options, columns, names, requests, ellipsis: terminal.marks.ellipsis }),
  )
  await keepLearned(run, federated)
  return 0
}

/** Prints one line for a shell prompt. The launcher does so by itself, if nothing is unusual (short-cuts/short.ts). */
async function printShortStatus(profile: string | undefined, { env, home, print }: Run): Promise<number> {
  const { shortStatus } = await reportStage.short()
  const { text, exitCode } = shortStatus({ profile, env, home, now: now() })
  await print(text === "" ? "" : `${text}\n`)
  return exitCode
}

/** Prints what is stored and kept, without signing in. */
export async function printStatus(run: Run): Promise<number> {
  const { env, home, paths, options, columns, terminal } = run
  const { mode } = options
  if (mode.kind === "status" && mode.short !== undefined) return printShortStatus(mode.short.profile, run)
  const { findKeptSession, listKeptSessions } = await reportStage.keptSessions()
  const { expectedUser } = await reportStage.sessionKey()
  const { reportStatus } = await reportStage.status()
  const { readOnDemandRequests } = await reportStage.onDemandRequests()
  const user = expectedUser(options, env)
  const { text, isValid } = reportStatus({
    options,
    paths,
    env,
    columns,
    ellipsis: terminal.marks.ellipsis,
    kept: listKeptSessions(home),
    requests: await readOnDemandRequests(run),
    answer: findKeptSession(options, user, { home, now: now(), canSignIn: false }),
    names: accounts => knownNames(accounts, { options, home, now }),
    now: now(),
  })
  await run.print(text)
  return isValid === false ? 1 : 0
}

/** Reads files that a mode works without: one that cannot be read is a warning. */
export async function readOrWarn<Content>(
  read: () => Content | Promise<Content>,
  otherwise: Content,
  { terminal }: Run,
): Promise<Content> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(inOneLine(error))
    return otherwise
  }
}
