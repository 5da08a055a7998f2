import { homedir } from "node:os"
import type * as Files from "./aws-files/index.ts"
import { inOneLine, PumError } from "./errors.ts"
import { assumeChosen, checkWayOut, federate, now, pause, type Work } from "./federate.ts"
import type { Network } from "./network.ts"
import { rememberUsername } from "./outputs/last-username.ts"
import { checkProfiles, deliver, isStillGood, regionsOf } from "./outputs/profile.ts"
import { defaultRegion, regionFor, regionOf } from "./regions.ts"
import { findVault } from "./secrets/find-vault.ts"

/** The stages that only some of the ways need, each loaded when its story gets there. */
const stage = {
  several: () => import("./several/index.ts"),
  sessions: () => import("./sessions/index.ts"),
  outputs: () => import("./outputs/index.ts"),
}

/** What every part of the story has at hand. */
export interface Run extends Work {
  readonly paths: Files.AwsFilePaths
  readonly openNetwork: () => Promise<Network>
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** From now on signals that would end this process go there. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

/** What `pum-aws` does, from the first check to the last line; gives the exit code. */
export async function story(run: Run): Promise<number> {
  const { options, terminal } = run
  options.warnings.forEach(terminal.warn)
  if (options.mode.kind === "status") return tellStatus(run)
  await checkWayOut(run)
  if (options.mode.kind === "list") return tellRoles(run)
  return options.mode.kind === "profile" ? store(run) : handToProgram(run)
}

/** Signs in and stores what was chosen, in one profile or in several. */
async function store(run: Run): Promise<number> {
  const { options, terminal, env, files, paths } = run
  const states = await checkProfiles(options, { files, paths }, terminal)
  const before = states.get(options.profile)
  if (before !== undefined && isStillGood(before, options, now(), terminal)) return 0

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
  await deliver(session, { paths, files, options, hadLongTermKey, env, home: homedir() }, terminal)
  await rememberUsername(typedUsername, options, files, terminal)
  return 0
}

/** Gives a session, one that is kept or a new one, to whom it was asked for; no AWS file is written. */
async function handToProgram(run: Run): Promise<number> {
  const { options, terminal, env, files, paths } = run
  const { checkReceiver, forReceiver, handOver } = await stage.outputs()
  const { sharedSession, userOf } = await stage.sessions()
  checkReceiver(run)
  const before = glance(() => files.glanceAtProfile(paths, options.profile), run)
  const region = regionOf(options.region, before.region)

  const signIn = async () => {
    const obtained = await assumeChosen(run, await federate(run, [region]), before.principalArn)
    await rememberUsername(obtained.typedUsername, options, files, terminal)
    return obtained
  }
  const user = userOf(options, findVault(options, env))
  const sharing = {
    options,
    user,
    files,
    home: homedir(),
    terminal,
    began: performance.timeOrigin,
    now,
    pause,
  }
  const session = await sharedSession(sharing, signIn).catch(error => {
    throw forReceiver(error, run)
  })
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  const here = regionFor(session.role.partition, region, options.region !== undefined)
  return handOver({ ...session, region: here }, run)
}

/** Signs in, and prints the roles. */
async function tellRoles(run: Run): Promise<number> {
  const { roles } = await federate(run, [defaultRegion])
  const { listOf } = await stage.outputs()
  await run.print(listOf(roles, run.options))
  return 0
}

/** Prints what is stored and kept already. */
async function tellStatus(run: Run): Promise<number> {
  const { keptSessions } = await stage.sessions()
  const { statusOf } = await stage.outputs()
  const status = statusOf({ ...run, kept: keptSessions(homedir()), now: now() })
  await run.print(status.text)
  return status.isValid ? 0 : 1
}

type ProfileState = ReturnType<typeof Files.readProfile>

/** What is wrong with AWS files concerns those who are going to use them. */
function glance(look: () => ProfileState, { terminal }: Run): ProfileState {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(inOneLine(error))
    return { region: undefined, longTermKey: false, principalArn: undefined, expires: undefined }
  }
}
