import { defaultRegion } from "./domain/partitions.ts"
import { assumeChosenRole, checkNetwork, federate, keepLearned, saveIfAsked } from "./federate.ts"
import { handOverSession } from "./hand-over-session.ts"
import { keepForProfile, storeInProfile } from "./outputs/profile.ts"
import {
  checkProfiles,
  type ProfileStates,
  regionsOf,
  reportIfStillValid,
} from "./profiles/check-profiles.ts"
import type { ProfileState } from "./profiles/profile-state.ts"
import { forget, printCompletion, printRoles, printStatus, readOrWarn } from "./reports.ts"
import type { Run } from "./run.ts"
import { now } from "./sessions/clock.ts"
import type { OnDemandRequest, OnDemandRequests } from "./sessions/on-demand-requests.ts"
import type { Obtained } from "./sessions/shared-session.ts"

/** Stages that not every run needs, each loaded when the story gets there. */
const modeStage = {
  several: () => import("./several/store-several.ts"),
  savedProfile: () => import("./options/save-profile.ts"),
  forget: () => import("./remembered/forget.ts"),
  onDemand: () => import("./on-demand/set-up.ts"),
  keepStored: () => import("./sessions/keep-stored.ts"),
  keptSessions: () => import("./sessions/kept-sessions.ts"),
  knownUsers: () => import("./sessions/known-users.ts"),
  onDemandRequests: () => import("./sessions/on-demand-requests.ts"),
}

/**
 * What `pum-aws` does, from the first check to the last line.
 * @returns the exit code, or the signal to die by
 * @throws PumError whatever ends the run early
 */
export async function story(run: Run): Promise<number | NodeJS.Signals> {
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
  const { options, paths, terminal } = run
  checkNetwork(run)
  const states = await checkProfiles(options, paths, terminal)
  const requests = await requestsOnDemand(run, states)
  if (options.several !== undefined) return storeMany(run, states, requests)
  const request = requests.get(options.profile)
  return storeOne(request === undefined ? run : withRoleOf(request, run), states, request)
}

/** @param request what the profile asks for when it is used, if it is on demand */
async function storeOne(
  run: Run,
  states: ProfileStates,
  request: OnDemandRequest | undefined,
): Promise<number> {
  const { options } = run
  const before = stateBefore(states.get(options.profile), request)
  if (before !== undefined && (await needsNothing(before, run))) return 0
  const federated = await federate(run, regionsOf(options, states))
  const obtained = await assumeChosenRole(run, federated, before?.principalArn, modeStage.keepStored)
  if (request === undefined) await storeSession(obtained, before?.longTermKey === true, run)
  else await keepForProfile(obtained, request, run)
  await saveIfAsked(obtained, run)
  return 0
}

const savedNothing =
  "nothing was saved, because the session of these credentials is not kept here: leave --if-needed out to sign in and save"

/**
 * With --if-needed: whether the profile holds credentials of the wanted user and role for long enough. Says so, and saves
 * what --save asks for, if their session is kept.
 */
async function needsNothing(before: ProfileState, run: Run): Promise<boolean> {
  const { options, paths, env, home, terminal } = run
  const { principalArn, expires } = before
  if (options.ifNeeded === undefined || principalArn === undefined) return false
  const { listKeptSessions } = await modeStage.keptSessions()
  const { areOfOtherUser } = await modeStage.knownUsers()
  const kept = await readOrWarn(() => listKeptSessions(home), [], run)
  if (areOfOtherUser(principalArn, options, kept)) return false
  const session = kept
    .map(one => one.session)
    .find(one => one.principalArn === principalArn && one.expiration.getTime() === expires?.getTime())
  if (!reportIfStillValid(before, { options, paths, env, now: now(), terminal })) return false
  if (session !== undefined) await saveIfAsked({ session, typedUsername: undefined }, run)
  // The stored keys do not tell the path of their role, which --save writes.
  else if (options.save) terminal.warn(savedNothing)
  return true
}

/** What the profile holds; of one on demand, the session that it would be answered with. */
function stateBefore(
  stored: ProfileState | undefined,
  request: OnDemandRequest | undefined,
): ProfileState | undefined {
  const kept = request?.findSession(now())
  if (stored === undefined || kept === undefined) return stored
  return { ...stored, principalArn: kept.principalArn, expires: kept.expiration, policy: kept.policy }
}

/** Stores the session in its profile, and keeps it for the modes that hand sessions out. */
async function storeSession(
  { session, typedUsername }: Obtained,
  hadLongTermKey: boolean,
  run: Run,
): Promise<void> {
  const { options, paths, env, terminal } = run
  const { profile, duration, policy } = options
  const { keepStored, storeOrKeep } = await modeStage.keepStored()
  const sessions = [{ profile, session, duration, policy }]
  const store = () => storeInProfile(session, { paths, options, hadLongTermKey, env, terminal })
  await storeOrKeep(store, sessions, typedUsername, run)
  await keepStored(sessions, typedUsername, run)
}

/** @throws PumError the failure of some or all profiles, after the others are stored */
async function storeMany(run: Run, states: ProfileStates, requests: OnDemandRequests): Promise<number> {
  const { options, paths, env, home, terminal } = run
  const federated = await federate(run, regionsOf(options, states))
  const { storeSeveral } = await modeStage.several()
  const { roles, samlResponse, sts, typedUsername } = federated
  const settings = { options, states, paths, env, home, terminal, requests, typedUsername }
  const failure = await storeSeveral(roles, samlResponse, sts, settings)
  await keepLearned(run, federated)
  if (failure !== undefined) throw failure
  return 0
}

/** The run with account and role as the profile on demand asks for them: the session is kept for its request. */
function withRoleOf({ options: { account, role } }: OnDemandRequest, run: Run): Run {
  return { ...run, options: { ...run.options, account, role } }
}

/** What profiles on demand ask for, if some of the profiles are. */
async function requestsOnDemand(run: Run, states: ProfileStates): Promise<OnDemandRequests> {
  if (run.options.several !== "all" && ![...states.values()].some(({ onDemand }) => onDemand))
    return new Map()
  return (await modeStage.onDemandRequests()).requestsToStoreInto(run)
}

/** Signs in and sets up profiles whose credentials AWS tools ask for when they use them. Stores no keys. */
async function setUpProfiles(run: Run): Promise<number> {
  checkNetwork(run)
  const { prepareOnDemand, setUpOnDemand } = await modeStage.onDemand()
  const preparation = await prepareOnDemand(run)
  const federated = await federate(run, [defaultRegion])
  await setUpOnDemand(federated, preparation, run)
  await keepLearned(run, federated)
  return 0
}
