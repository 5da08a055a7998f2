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
import { forget, printCompletion, printRoles, printStatus } from "./reports.ts"
import type { Run } from "./run.ts"
import type { LineRequests } from "./sessions/line-request.ts"
import { now } from "./visit-adfs.ts"

/** Stages that not every run needs, each loaded when the story gets there. */
const modeStage = {
  several: () => import("./several/store-several.ts"),
  savedProfile: () => import("./options/save-profile.ts"),
  forget: () => import("./remembered/forget.ts"),
  onDemand: () => import("./on-demand/set-up.ts"),
  keepStored: () => import("./sessions/keep-stored.ts"),
  lineRequest: () => import("./sessions/line-request.ts"),
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

  const federated = await federate(run, regionsOf(options, states))
  if (options.several !== undefined) {
    const { storeSeveral } = await modeStage.several()
    const { roles, samlResponse, sts, typedUsername } = federated
    const settings = { options, states, paths, env, home, terminal, lines, typedUsername }
    const failure = await storeSeveral(roles, samlResponse, sts, settings)
    await keepLearned(run, federated)
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

/** What profiles on demand ask for, if some of the profiles are. */
async function onDemandLines(run: Run, states: ProfileStates): Promise<LineRequests> {
  if (run.options.several !== "all" && ![...states.values()].some(({ onDemand }) => onDemand))
    return new Map()
  return (await modeStage.lineRequest()).linesToStore(run)
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
