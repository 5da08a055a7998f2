import { findOnePassword } from "./answers/find-one-password.ts"
import { knownNames } from "./aws/account-names.ts"
import { defaultRegion } from "./domain/partitions.ts"
import { preferredRegion, regionInPartition } from "./domain/regions.ts"
import type { Session } from "./domain/session.ts"
import { assumeChosenRole, checkNetwork } from "./federate.ts"
import { keepUsername } from "./options/keep-username.ts"
import type { HandOverMode } from "./outputs/hand-over.ts"
import { keepForProfile, storeInProfile, warnIfShorter } from "./outputs/profile.ts"
import { pause } from "./platform/event-loop.ts"
import {
  checkProfiles,
  checkRegion,
  type ProfileStates,
  regionsOf,
  reportIfStillValid,
} from "./profiles/check-profiles.ts"
import { emptyProfile, readProfile } from "./profiles/profile-state.ts"
import {
  forget,
  keepOffered,
  printCompletion,
  printRoles,
  printStatus,
  readOrWarn,
  signInFor,
} from "./reports.ts"
import type { Run } from "./run.ts"
import { systemClock } from "./sessions/clock.ts"
import type { LineRequests } from "./sessions/line-request.ts"
import type { Obtained } from "./sessions/shared-session.ts"
import { findTty } from "./terminal/tty.ts"
import { now, openNetworkFor } from "./visit-adfs.ts"

/** Stages that not every run needs, each loaded when the story gets there. */
const modeStage = {
  several: () => import("./several/store-several.ts"),
  savedProfile: () => import("./options/save-profile.ts"),
  forget: () => import("./remembered/forget.ts"),
  onDemand: () => import("./on-demand/set-up.ts"),
  sharing: () => import("./sessions/shared-session.ts"),
  keepStored: () => import("./sessions/keep-stored.ts"),
  lineRequest: () => import("./sessions/line-request.ts"),
  sessionKey: () => import("./sessions/session-key.ts"),
  caller: () => import("./sessions/caller.ts"),
  handOver: () => import("./outputs/hand-over.ts"),
}

/** The story, and what the next one may use of it. */
export async function story(run: Run): Promise<number | NodeJS.Signals> {
  const ended = await runMode(run)
  await keepOffered(run)
  return ended
}

/**
 * What `pum-aws` does, from the first check to the last line.
 * @returns the exit code, or the signal to die by
 * @throws PumError whatever ends the run early
 */
async function runMode(run: Run): Promise<number | NodeJS.Signals> {
  const { mode, remember, save, warnings } = run.options
  warnings.forEach(run.terminal.warn)
  if (save) (await modeStage.savedProfile()).checkSavable(run.options)
  if (remember === "off" && mode.kind !== "status" && mode.kind !== "logout") {
    const { forgetRemembered } = await modeStage.forget()
    await forgetRemembered(run, { isSigningOut: false })
  }
  switch (mode.kind) {
    case "status":
      return printStatus(run)
    case "completion":
      return printCompletion(mode.shell, run)
    case "logout":
      return forget(mode, run)
    case "list":
      return printRoles(run)
    case "profile":
      return storeCredentials(run)
    case "onDemand":
      return setUpProfiles(run)
    default:
      return handOverSession(mode, run)
  }
}

/** Signs in and stores the credentials of the chosen role in one profile, or of several roles in several. */
async function storeCredentials(run: Run): Promise<number> {
  const { options, terminal, env, home, paths } = run
  checkNetwork(run)
  const states = await checkProfiles(options, paths, terminal)
  const lines = await onDemandLines(run, states)
  const line = options.several === undefined ? lines.get(options.profile) : undefined
  const kept = line?.find(now())
  const stored = states.get(options.profile)
  const before =
    stored && kept
      ? { ...stored, principalArn: kept.principalArn, expires: kept.expiration, policy: kept.policy }
      : stored
  if (before !== undefined && reportIfStillValid(before, { options, paths, env, now: now(), terminal }))
    return 0

  const federated = await signInFor(run, regionsOf(options, states))
  if (options.several !== undefined) {
    const { storeSeveral } = await modeStage.several()
    const { roles, samlResponse, sts, typedUsername } = federated
    const settings = { options, states, paths, env, home, terminal, lines, typedUsername }
    const failure = await storeSeveral(roles, samlResponse, sts, settings)
    await keepUsername(typedUsername, options, terminal)
    if (failure !== undefined) throw failure
    return 0
  }
  const obtained = await assumeChosenRole(run, federated, before?.principalArn, modeStage.keepStored)
  if (line !== undefined) {
    await keepForProfile(obtained, line, run)
    await saveIfAsked(obtained.session, run)
    return 0
  }
  const { session } = obtained
  const hadLongTermKey = before?.longTermKey === true
  const { keepStored, storeOrKeep } = await modeStage.keepStored()
  const { profile, duration, policy } = options
  const sessions = [{ profile, session, duration, policy }]
  const store = () => storeInProfile(session, { paths, options, hadLongTermKey, env, terminal })
  await storeOrKeep(store, sessions, obtained.typedUsername, run)
  await keepStored(sessions, obtained.typedUsername, run)
  await saveIfAsked(session, run)
  return 0
}

async function saveIfAsked(session: Session, { options, terminal }: Run): Promise<void> {
  if (options.save) await (await modeStage.savedProfile()).saveProfile(session, options, terminal)
}

/** What profiles on demand ask for, if some of the profiles are. */
async function onDemandLines(run: Run, states: ProfileStates): Promise<LineRequests> {
  const { options } = run
  if (options.several !== "all" && ![...states.values()].some(({ onDemand }) => onDemand)) return new Map()
  const { requestsOfLines, refuseOtherSession } = await modeStage.lineRequest()
  const requests = await requestsOfLines(run)
  // AWS tools use a key that is stored in the profile, and do not ask.
  const lines = new Map([...requests].filter(([profile]) => readProfile(run.paths, profile).onDemand))
  const line = lines.get(options.profile)
  if (options.several === undefined && line !== undefined) refuseOtherSession(options, line.options)
  return lines
}

/** Signs in and sets up profiles whose credentials AWS tools ask for when they use them. Stores no keys. */
async function setUpProfiles(run: Run): Promise<number> {
  const { options, terminal } = run
  checkNetwork(run)
  const { prepareOnDemand, setUpOnDemand } = await modeStage.onDemand()
  const preparation = await prepareOnDemand(run)
  const federated = await signInFor(run, [defaultRegion])
  await setUpOnDemand(federated, preparation, run)
  await keepUsername(federated.typedUsername, options, terminal)
  return 0
}

/** Passes a session, a kept one or a new one, to a command, a shell, a program or the browser. Writes no AWS file. */
async function handOverSession(mode: HandOverMode, run: Run): Promise<number | NodeJS.Signals> {
  const { options, terminal, env, home } = run
  const { checkHandOver, errorFor, handOver } = await modeStage.handOver()
  let isNew = false
  const settings = {
    ...run,
    now,
    inForeground: () => findTty(env)?.inForeground === true,
    openNetwork: () => openNetworkFor(run),
  }
  checkHandOver(mode, run)
  const before = await readOrWarn(() => readProfile(run.paths, options.profile), emptyProfile, run)
  const region = preferredRegion(checkRegion(options, before), before.region)
  const signIn = async () => {
    isNew = true
    announceSignIn(run)
    const obtained = await assumeChosenRole(run, await signInFor(run, [region]), before.principalArn)
    warnIfShorter(obtained.session, options, terminal)
    return obtained
  }
  const session = await shareSession(run, signIn).catch(error => {
    throw errorFor(mode, error, terminal)
  })
  terminal.endTypeAhead()
  await saveIfAsked(session, run)
  const usedRegion = regionInPartition(session.role.partition, region, options.region !== undefined)
  const names = knownNames(new Set([session.role.account]), { options, home, now })
  return handOver({ ...session, region: usedRegion }, mode, { ...settings, names, isNew })
}

/** The kept session, or a new one that this run or another process signs in for. */
async function shareSession(run: Run, signIn: () => Promise<Obtained>): Promise<Session> {
  const { options, terminal, env, home, began, columns, ending, giveUp } = run
  const { obtainSession } = await modeStage.sharing()
  const { userOf } = await modeStage.sessionKey()
  const { findCaller } = await modeStage.caller()
  // On a terminal, the answer to `credential_process` is for a person who tries it out.
  const isForProgram = options.mode.kind === "credentialProcess" && !Number.isFinite(columns)
  const onePassword = findOnePassword(options, env)
  const answers = [options.passwordStdin || undefined, options.passwordCommand, onePassword]
  return obtainSession(
    {
      options,
      user: userOf(options, onePassword),
      canSignIn: terminal.interactive || answers.some(one => one !== undefined),
      home,
      terminal,
      tty: terminal.interactive ? (findTty(env)?.name ?? "unknown") : undefined,
      caller: isForProgram ? findCaller() : undefined,
      clock: systemClock(),
      began,
      pause,
      ending,
      giveUp,
    },
    signIn,
  )
}

/** A password question that a program caused says who asks, and for what. */
function announceSignIn({ options, terminal }: Run): void {
  if (options.mode.kind !== "credentialProcess" || !terminal.interactive) return
  const user = options.username === undefined ? "" : ` as ${options.username}`
  terminal.tell(`pum-aws signs in at ${options.idpUrl.host}${user}, for profile ${options.profile}`)
}
