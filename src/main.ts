import { knownNames } from "./account-names.ts"
import type * as Files from "./aws-files/index.ts"
import { inOneLine, PumError } from "./errors.ts"
import { assumeChosen, checkWayOut, federate, now, pause, type Work } from "./federate.ts"
import type { Network } from "./network.ts"
import type { GivingMode, Served } from "./outputs/index.ts"
import { rememberUsername } from "./outputs/last-username.ts"
import {
  checkProfiles,
  checkRegion,
  deliver,
  isStillGood,
  regionsOf,
  warnOfShorter,
} from "./outputs/profile.ts"
import { defaultRegion, regionFor, regionOf } from "./regions.ts"
import { findVault } from "./secrets/find-vault.ts"
import { controllingTerminal } from "./terminal/index.ts"

/** The stages that only some of the ways need, each loaded when its story gets there. */
const stage = {
  options: () => import("./options/index.ts"),
  several: () => import("./several/index.ts"),
  sessions: () => import("./sessions/index.ts"),
  outputs: () => import("./outputs/index.ts"),
}

/** What every part of the story has at hand. */
export interface Run extends Work {
  readonly paths: Files.AwsFilePaths
  /** When this process began, in milliseconds since 1970. */
  readonly began: number
  readonly openNetwork: () => Promise<Network>
  /** Width of stdout in characters: without end where it is no terminal. */
  readonly columns: number
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** Ends the process, as any error does. */
  readonly giveUp: (error: PumError) => void
  /** From now on signals that would end this process go there. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

/** What `pum-aws` does, from the first check to the last line; gives the exit code. */
export async function story(run: Run): Promise<number> {
  const { options, terminal } = run
  const { mode, warnings } = options
  warnings.forEach(terminal.warn)
  switch (mode.kind) {
    case "status":
      return tellStatus(run)
    case "list":
      return tellRoles(run)
    case "profile":
      return store(run)
    default:
      return give(mode, run)
  }
}

/** Signs in and stores what was chosen, in one profile or in several. */
async function store(run: Run): Promise<number> {
  const { options, terminal, env, files, paths } = run
  await checkWayOut(run)
  const states = await checkProfiles(options, { files, paths }, terminal)
  const before = states.get(options.profile)
  if (before !== undefined && isStillGood(before, { files, paths, options, env }, now(), terminal)) return 0

  const federated = await federate(run, regionsOf(options, states))
  if (options.several !== undefined) {
    const { storeSeveral } = await stage.several()
    const several = { options, states, check: checkProfiles, files, paths, env, terminal }
    const failure = await storeSeveral(federated.roles, federated.samlResponse, federated.sts, several)
    await rememberUsername(federated.typedUsername, options, files, terminal)
    if (failure !== undefined) throw failure
    return 0
  }
  const { session, typedUsername } = await assumeChosen(run, federated, before?.principalArn)
  const hadLongTermKey = before?.longTermKey === true
  await deliver(session, { paths, files, options, hadLongTermKey, env }, terminal)
  await rememberUsername(typedUsername, options, files, terminal)
  return 0
}

/** Gives a session, one that is kept or a new one, to whom it was asked for; no AWS file is written. */
async function give(mode: GivingMode, run: Run): Promise<number> {
  const { options, terminal, env, files } = run
  const { checkReceiver, forReceiver, handOver } = await stage.outputs()
  const { sharedSession, userOf } = await stage.sessions()
  const receiver = { ...run, inForeground: () => controllingTerminal()?.inForeground === true }
  checkReceiver(mode, receiver)
  const before = glance(run)
  const region = regionOf(checkRegion(options, before), before.region)

  const signIn = async () => {
    announce(run)
    const obtained = await assumeChosen(run, await federate(run, [region]), before.principalArn)
    warnOfShorter(obtained.session, options, terminal)
    await rememberUsername(obtained.typedUsername, options, files, terminal)
    return obtained
  }
  const place = terminal.interactive ? (controllingTerminal()?.name ?? "unknown") : undefined
  const user = userOf(options, findVault(options, env))
  const sharing = { ...run, user, place, now, steady: () => performance.now(), pause }
  const session = await sharedSession(sharing, signIn).catch(error => {
    throw forReceiver(error, mode, receiver)
  })
  const here = regionFor(session.role.partition, region, options.region !== undefined)
  return handOver({ ...session, region: here }, mode, receiver)
}

/** Where another program asks for credentials, a password question would come out of nowhere. */
function announce({ options, terminal }: Run): void {
  if (options.mode.kind !== "credentialProcess" || !terminal.interactive) return
  const user = options.username === undefined ? "" : ` as ${options.username}`
  terminal.tell(`pum-aws signs in at ${options.idpUrl.host}${user}, for profile ${options.profile}`)
}

/** Signs in, and prints the roles. */
async function tellRoles(run: Run): Promise<number> {
  const { roles } = await federate(run, [defaultRegion])
  const { listOf } = await stage.outputs()
  const names = (accounts: ReadonlySet<string>) => knownNames(accounts, { ...run, now })
  await run.print(listOf(roles, { ...run, names }))
  return 0
}

/** Prints what is stored and kept already. */
async function tellStatus(run: Run): Promise<number> {
  const { env, home, files, paths, options } = run
  const { findKept, keptSessions, userOf } = await stage.sessions()
  const { statusOf } = await stage.outputs()
  const { readCommandLine, readOptions } = await stage.options()
  /** What that call would be answered with, as AWS tools make it. */
  const answerTo = (argv: readonly string[]): Served => {
    try {
      const commandLine = readCommandLine(argv)
      if (commandLine.wants !== "run") return { session: undefined }
      const call = readOptions(commandLine, env, home)
      return { session: findKept(call, userOf(call, findVault(call, env)), home, now()) }
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      return { trouble: `its credential_process: ${inOneLine(error)}` }
    }
  }
  const argv = files.ownCallOf(paths, options.profile)
  const served = argv === undefined ? undefined : answerTo(argv)
  const names = (accounts: ReadonlySet<string>) => knownNames(accounts, { ...run, now })
  const status = statusOf({ ...run, kept: keptSessions(home), served, names, now: now() })
  await run.print(status.text)
  return status.isValid ? 0 : 1
}

/** What is wrong with AWS files concerns those who are going to use them. */
function glance({ files, paths, options, terminal }: Run): Files.ProfileState {
  try {
    return files.glanceAtProfile(paths, options.profile)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(inOneLine(error))
    return { region: undefined, longTermKey: false, principalArn: undefined, expires: undefined }
  }
}
