import { otherPart } from "../domain/role-filter.ts"
import type { Session } from "../domain/session.ts"
import { policyMark, type SessionPolicy } from "../domain/session-policy.ts"
import { PumError } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { listOnDemand } from "../profiles/list-on-demand.ts"
import type { AwsFilePaths } from "../profiles/paths.ts"
import { profileState, readAwsFiles } from "../profiles/profile-state.ts"
import { keepSession } from "./keep-session.ts"
import { findKeptSession } from "./kept-sessions.ts"
import { cacheOwners, type ExpectedUser, expectedUser } from "./session-key.ts"

/** What the `credential_process` line of a profile on demand asks for when the profile is used. */
export interface OnDemandRequest {
  /** As its line and its settings say. */
  readonly options: Options
  /** The user who would sign in (`expectedUser`). */
  readonly user: ExpectedUser | undefined
  /**
   * The session that its next question would be answered with.
   * @param now milliseconds since 1970
   * @throws PumError `file`
   */
  readonly findSession: (now: number) => Session | undefined
  /** The option by which a run asks for another session than the profile does, without hyphens at its beginning. */
  readonly otherOption: (run: Options) => string | undefined
  /**
   * Keeps a session for its next question.
   * @param typedUsername `undefined` if it was not asked for
   * @throws PumError `file`
   */
  readonly keepSession: (session: Session, typedUsername: string | undefined) => Promise<void>
}

interface RequestSettings {
  readonly paths: AwsFilePaths
  readonly env: Environment
  readonly home: string
}

/** By name of the profile. */
export type OnDemandRequests = ReadonlyMap<string, OnDemandRequest>

/**
 * The requests of all profiles on demand.
 * @throws PumError `file`, `usage`
 */
export async function readOnDemandRequests({ paths, env, home }: RequestSettings): Promise<OnDemandRequests> {
  const { readCommandLine } = await import("../options/command-line.ts")
  const { readQuickly } = await import("../options/quick.ts")
  const { readOptions } = await import("../options/options.ts")
  // A line that would fail is the matter of its own profile.
  const optionsOf = (args: readonly string[]) => {
    try {
      const commandLine = readQuickly(args) ?? readCommandLine(args)
      return commandLine.wants === "run" ? readOptions(commandLine, env, home) : undefined
    } catch (error) {
      if (error instanceof PumError) return undefined
      throw error
    }
  }
  const requests = new Map<string, OnDemandRequest>()
  for (const { profile, args } of listOnDemand(paths)) {
    const options = optionsOf(args)
    if (options === undefined) continue
    const user = expectedUser(options, env)
    requests.set(profile, {
      options,
      user,
      findSession: now => findKeptSession(options, user, { home, now, canSignIn: false }),
      otherOption: run =>
        otherPart(run, options, run.aliases) ??
        (signsInSameUser(run, { options, user }, env) ? otherLimit(run, options) : "username"),
      keepSession: (session, typedUsername) =>
        keepSession(session, options, cacheOwners(user, typedUsername), home),
    })
  }
  return requests
}

/**
 * The option by which a session is limited in another way than the one that a profile asks for, so that it would not be
 * found, or would be found by mistake.
 * @returns its name, without hyphens at its beginning; `undefined` if there is none
 */
export function otherLimit(
  asked: { readonly duration: number; readonly policy?: SessionPolicy | undefined },
  { duration, policy }: Options,
): string | undefined {
  if (policyMark(asked.policy) !== policyMark(policy))
    return asked.policy?.readOnly || policy?.readOnly ? "read-only" : "policy"
  return asked.duration === duration ? undefined : "duration"
}

/** Whether run and request name the same user, or would sign in the same one: the name that was typed last counts. */
const signsInSameUser = (
  run: Options,
  { options, user }: Pick<OnDemandRequest, "options" | "user">,
  env: Environment,
) =>
  run.username?.toLowerCase() === options.username?.toLowerCase() || expectedUser(run, env)?.id === user?.id

/**
 * Refuses a run that asks for another session than the profile: AWS tools would not get it.
 * @throws PumError `usage`
 */
function refuseOtherSession(run: Options, request: OnDemandRequest): void {
  const name = request.otherOption(run)
  if (name === undefined) return
  throw new PumError("usage", `profile [${run.profile}] is on demand, and asks with another --${name}`, {
    hint: `leave --${name} out, or change the profile: pum-aws -p ${run.profile} --on-demand`,
  })
}

/**
 * The requests of the profiles on demand that a run may store into.
 * @throws PumError `usage` if the run asks for another session than its profile; `file`
 */
export async function requestsToStoreInto({
  options,
  paths,
  env,
  home,
}: RequestSettings & { readonly options: Options }): Promise<OnDemandRequests> {
  const requests = await readOnDemandRequests({ paths, env, home })
  // AWS tools use a key that is stored in the profile, and do not ask.
  const { documents } = readAwsFiles(paths)
  const asking = new Map([...requests].filter(([profile]) => profileState(documents, profile).onDemand))
  const own = asking.get(options.profile)
  if (options.several === undefined && own !== undefined) refuseOtherSession(options, own)
  return asking
}
