import type { Sts } from "../aws/sts.ts"
import { firstFew } from "../domain/first-few.ts"
import { isExactMatch } from "../domain/role-filter.ts"
import type { Role } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import { turn } from "../platform/event-loop.ts"
import { userFiles } from "../profiles/paths.ts"
import type { ProfileWrite } from "../profiles/profile-changes.ts"
import { environmentShadows, shadowsOfStored } from "../profiles/shadows.ts"
import { storeProfiles } from "../profiles/store-profiles.ts"
import type { StoredSession } from "../sessions/keep-stored.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { assumeRoles, type TargetResult } from "./assume-roles.ts"
import { planTargets, type SeveralSettings } from "./plan.ts"
import { errorOfResults, printResults } from "./report.ts"

/**
 * Assumes the roles of several profiles with one assertion, stores the sessions and reports the results.
 * @returns the error that ends the run if some or all profiles failed; the others are stored by then
 * @throws PumError `noRole`, `cancelled`, `file`, `answerMissing`
 */
export async function storeSeveral(
  roles: readonly Role[],
  samlResponse: string,
  sts: Sts,
  settings: SeveralSettings,
): Promise<PumError | undefined> {
  const { options, paths, env, terminal } = settings
  const { targets, states } = await planTargets(roles, settings, "Store")
  const done = terminal.progress(`Assuming ${targets.length} roles`)
  const assuming = assumeRoles(targets, samlResponse, sts).finally(done)
  assuming.catch(() => {})
  await turn() // The requests leave first; the rest is done while AWS answers.
  terminal.prepareRedaction()
  const { keepStored, storeOrKeep } = await import("../sessions/keep-stored.ts")
  const assumed = await assuming
  hideSecrets(assumed, terminal)
  const results = await keepOnDemand(assumed, settings)
  const stored = sessionsToStore(results, settings)
  const warnings: string[] = []
  if (stored.length > 0) {
    const withLongTermKey = [...states]
      .filter(([, { longTermKey }]) => longTermKey)
      .map(([profile]) => profile)
    const overwrite = options.overwrite || new Set(withLongTermKey)
    const store = () => storeProfiles(paths, stored, { overwrite, warn: line => warnings.push(line) })
    const before = await storeOrKeep(store, stored, settings.typedUsername, settings)
    const inFiles = stored.flatMap(({ profile }) => shadowsOfStored(before, profile))
    warnings.push(...environmentShadows(undefined, env), ...firstFew([...new Set(inFiles)], String))
  }
  const file = userFiles(paths).credentials.shown
  printResults(results, {
    file,
    aliases: options.aliases,
    terminal,
    onDemand: new Set(settings.requests.keys()),
  })
  warnings.forEach(terminal.warn)
  await keepStored(stored, settings.typedUsername, settings)
  return errorOfResults(results, options.several !== "all")
}

function hideSecrets(results: readonly TargetResult[], terminal: Terminal): void {
  for (const { result } of results) {
    if (result instanceof PumError) continue
    terminal.keepSecret(result.secretAccessKey)
    terminal.keepSecret(result.sessionToken)
  }
}

/** Keeps the sessions of profiles on demand. One that asks for another session than it was to get is a failure. */
async function keepOnDemand(
  results: readonly TargetResult[],
  { requests, typedUsername, options, env }: SeveralSettings,
): Promise<readonly TargetResult[]> {
  if (requests.size === 0) return results
  const { otherLimit } = await import("../sessions/on-demand-requests.ts")
  const { cacheOwners, expectedUser } = await import("../sessions/session-key.ts")
  const users = cacheOwners(expectedUser(options, env), typedUsername)
  const kept: TargetResult[] = []
  for (const one of results) {
    const request = requests.get(one.target.profile)
    if (request === undefined || one.result instanceof PumError) {
      kept.push(one)
      continue
    }
    const { account, name: role } = one.target.role
    const isWanted = isExactMatch({ account, role }, request.options, options.aliases)
    const isSameUser = request.user === undefined || users.some(({ id }) => id === request.user?.id)
    const option = isSameUser ? otherLimit(one.target, request.options) : "username"
    if (isWanted && option === undefined) {
      await request.keepSession(one.result, typedUsername)
      kept.push(one)
    } else {
      const difference = isWanted ? `with another --${option}` : "for another role"
      kept.push({ ...one, result: new PumError("usage", `it is on demand, and asks ${difference}`) })
    }
  }
  return kept
}

/** The sessions to store: all but those of profiles on demand. */
function sessionsToStore(
  results: readonly TargetResult[],
  { requests }: SeveralSettings,
): readonly (StoredSession & ProfileWrite)[] {
  return results.flatMap(({ target: { profile, duration, policy, regionAsked }, result }) =>
    result instanceof PumError || requests.has(profile)
      ? []
      : [{ profile, session: result, duration, policy, region: result.region, regionAsked }],
  )
}
