import { quoteWord } from "../platform/quoting.ts"
import type { OnDemandProfile } from "./list-on-demand.ts"

/** What keeps profiles from asking pum-aws when they are used. */
export interface OnDemandTrouble {
  readonly profiles: readonly string[]
  /** The path that their lines start, and that is gone; `undefined`: a stored key is used instead of asking. */
  readonly missing: string | undefined
}

/** The troubles of these profiles; one that several share is one entry: after an upgrade all of them may start a path that is gone. */
export function onDemandTroubles(profiles: readonly OnDemandProfile[]): readonly OnDemandTrouble[] {
  const byPath = new Map<string | undefined, string[]>()
  for (const { profile, missing, hasStoredKey } of profiles)
    for (const path of [...missing, ...(hasStoredKey ? [undefined] : [])])
      byPath.set(path, [...(byPath.get(path) ?? []), profile])
  return [...byPath].map(([missing, names]) => ({ profiles: names, missing }))
}

/** With more names, the command would be too long to copy. */
const mostNamed = 20

/** The command that sets these profiles up again. */
export function setUpAgain(profiles: readonly string[]): string {
  const [only] = profiles
  if (only !== undefined && profiles.length === 1) return `pum-aws -p ${quoteWord(only)} --on-demand`
  if (profiles.length > mostNamed) return "pum-aws --profiles NAMES --on-demand"
  return `pum-aws --profiles ${quoteWord(profiles.join())} --on-demand`
}

/** `a, b and 18 more` */
export function nameSome(profiles: readonly string[]): string {
  const shown = profiles.length > 4 ? profiles.slice(0, 3) : profiles
  const rest = profiles.length - shown.length
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`
}
