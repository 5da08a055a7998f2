import { findOnePassword } from "./answers/find-one-password.ts"
import { knownNames } from "./aws/account-names.ts"
import { preferredRegion, regionInPartition } from "./domain/regions.ts"
import type { Session } from "./domain/session.ts"
import { assumeChosenRole, federate, saveIfAsked } from "./federate.ts"
import type { HandOverMode } from "./outputs/hand-over.ts"
import { warnIfShorter } from "./outputs/profile.ts"
import { pause } from "./platform/event-loop.ts"
import { checkRegion } from "./profiles/check-profiles.ts"
import { emptyProfile, readProfile } from "./profiles/profile-state.ts"
import { readOrWarn } from "./reports.ts"
import type { Run } from "./run.ts"
import { now, systemClock } from "./sessions/clock.ts"
import type { Obtained } from "./sessions/shared-session.ts"
import { findTty } from "./terminal/tty.ts"
import { openNetworkFor } from "./visit-adfs.ts"

/** Each loaded when it is needed. */
const handOverStage = {
  sharing: () => import("./sessions/shared-session.ts"),
  sessionKey: () => import("./sessions/session-key.ts"),
  keptSessions: () => import("./sessions/kept-sessions.ts"),
  caller: () => import("./sessions/caller.ts"),
  handOver: () => import("./outputs/hand-over.ts"),
}

/** Passes a session, a kept one or a new one, to a command, a shell, a program or the browser. Writes no AWS file. */
export async function handOverSession(mode: HandOverMode, run: Run): Promise<number | NodeJS.Signals> {
  const { options, terminal, env, home, columns, print, isOrphan, takeSignals, stdinAnswers } = run
  const { checkHandOver, errorFor, handOver } = await handOverStage.handOver()
  let isNew = false
  let typedUsername: string | undefined
  checkHandOver(mode, run)
  const before = await readOrWarn(() => readProfile(run.paths, options.profile), emptyProfile, run)
  const region = preferredRegion(checkRegion(options, before), before.region)
  const signIn = async () => {
    isNew = true
    announceSignIn(run)
    const lastRole = (await findLastRoleOf(run)) ?? before.principalArn
    const obtained = await assumeChosenRole(run, await federate(run, [region]), lastRole)
    warnIfShorter(obtained.session, options, terminal)
    typedUsername = obtained.typedUsername
    return obtained
  }
  const session = await shareSession(run, signIn).catch(error => {
    throw errorFor(mode, error, terminal)
  })
  terminal.endTypeAhead()
  await saveIfAsked({ session, typedUsername }, run)
  const usedRegion = regionInPartition(session.role.partition, region, options.region !== undefined)
  const names = knownNames(new Set([session.role.account]), { options, home, now })
  return handOver({ ...session, region: usedRegion }, mode, {
    options,
    terminal,
    env,
    names,
    isNew,
    stdinAnswers,
    columns,
    now,
    print,
    isOrphan,
    takeSignals,
    inForeground: () => findTty(env)?.inForeground === true,
    openNetwork: () => openNetworkFor(run),
  })
}

/** The role that this request last led to. */
async function findLastRoleOf({ options, env, home }: Run): Promise<string | undefined> {
  const { findLastRole } = await handOverStage.keptSessions()
  const { expectedUser } = await handOverStage.sessionKey()
  return findLastRole(options, expectedUser(options, env), home)
}

/** The kept session, or a new one that this run or another process signs in for. */
async function shareSession(run: Run, signIn: () => Promise<Obtained>): Promise<Session> {
  const { options, terminal, env, home, began, columns, ending, giveUp } = run
  const { obtainSession } = await handOverStage.sharing()
  const { expectedUser } = await handOverStage.sessionKey()
  const { findCaller } = await handOverStage.caller()
  // On a terminal, the answer to `credential_process` is for a person who tries it out.
  const isForProgram = options.mode.kind === "credentialProcess" && !Number.isFinite(columns)
  const answers = [options.passwordStdin || undefined, options.passwordCommand, findOnePassword(options, env)]
  return obtainSession(
    {
      options,
      user: expectedUser(options, env),
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
