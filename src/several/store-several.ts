import type { Sts } from "../aws/sts.ts"
import type { Role } from "../domain/roles.ts"
import { PumError } from "../errors.ts"
import { userFiles } from "../profiles/paths.ts"
import type { ProfileWrite } from "../profiles/profile-changes.ts"
import { environmentShadows, shadowsOfStored } from "../profiles/shadows.ts"
import { storeProfiles } from "../profiles/store-profiles.ts"
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
  const results = await assumeRoles(targets, samlResponse, sts).finally(done)

  const writes = writesFor(results, terminal)
  let shadows: readonly string[] = []
  if (writes.length > 0) {
    const withLongTermKey = [...states]
      .filter(([, { longTermKey }]) => longTermKey)
      .map(([profile]) => profile)
    const overwrite = options.overwrite || new Set(withLongTermKey)
    const before = await storeProfiles(paths, writes, { overwrite })
    const inFiles = writes.flatMap(({ profile }) => shadowsOfStored(before, profile))
    shadows = [...environmentShadows(undefined, env), ...inFiles]
  }
  printResults(results, { file: userFiles(paths).credentials.shown, aliases: options.aliases, terminal })
  shadows.forEach(terminal.warn)
  return errorOfResults(results, options.several !== "all")
}

/** The sessions among the results, whose secrets the terminal hides from now on. */
function writesFor(results: readonly TargetResult[], terminal: Terminal): readonly ProfileWrite[] {
  const writes: ProfileWrite[] = []
  for (const { target, result } of results) {
    if (result instanceof PumError) continue
    terminal.keepSecret(result.secretAccessKey)
    terminal.keepSecret(result.sessionToken)
    const { profile, regionAsked } = target
    writes.push({ profile, session: result, region: result.region, regionAsked })
  }
  return writes
}
