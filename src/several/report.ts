import { type Aliases, accountLabel } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { policySuffix } from "../domain/session-policy.ts"
import { formatDuration, formatTimeOfDay } from "../domain/time.ts"
import { PumError } from "../errors.ts"
import { exampleOfUse } from "../options/hint-commands.ts"
import { tellTable } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { TargetResult } from "./assume-roles.ts"

export interface ReportSettings {
  /** The credentials file, as users know it. */
  readonly file: string
  readonly aliases: Aliases
  readonly terminal: Terminal
  /** Profiles whose sessions are kept, not stored. */
  readonly onDemand: ReadonlySet<string>
}

/** Prints a table of the profiles that were stored and those that failed. */
export function printResults(
  results: readonly TargetResult[],
  { file, aliases, terminal, onDemand }: ReportSettings,
): void {
  const stored = results.filter(({ result }) => !(result instanceof PumError))
  const kept = stored.filter(({ target }) => onDemand.has(target.profile)).length
  const total = results.length === 1 ? "1 profile" : `${results.length} profiles`
  const count = stored.length === results.length ? total : `${stored.length} of ${total}`
  const what = kept === 0 ? `Stored ${count} in ${file}` : `Renewed ${count}, ${kept} of them on demand`
  if (stored.length === results.length) terminal.succeed(what)
  else terminal.tell(what)
  const rows = results.map(({ target, result }) => [
    `${result instanceof PumError ? terminal.marks.failure : terminal.marks.success} ${target.profile}`,
    accountLabel(target.role.account, aliases),
    target.role.name,
    result instanceof PumError ? result.message : validity(result, target.duration),
  ])
  tellTable(rows, terminal.tell)
  const [first] = stored
  if (first !== undefined) terminal.tell(`  ${exampleOfUse(first.target.profile)}`)
}

/** @param requested seconds that were asked for */
function validity({ expiration, duration, policy }: Session, requested: number): string {
  const less = duration < requested ? `, the role allows no ${formatDuration(requested)}` : ""
  return `valid until ${formatTimeOfDay(expiration)} (${formatDuration(duration)}${less})${policySuffix(policy)}`
}

/**
 * The error that ends the run if some or all of the profiles failed.
 * @param byName whether the user named the profiles, so that the hint can name those that failed
 */
export function errorOfResults(results: readonly TargetResult[], byName: boolean): PumError | undefined {
  const failed = results.flatMap(({ target, result }) =>
    result instanceof PumError ? [{ profile: target.profile, error: result }] : [],
  )
  const [first] = failed
  if (first === undefined) return undefined
  const { code, message, hint } = first.error
  const { length } = results
  if (length === 1) return first.error
  if (failed.length === length)
    return new PumError(code, `all ${length} profiles failed: ${message}`, { hint })
  const isExpired = failed.some(({ error }) => error.code === "assertionExpired")
  const reason = isExpired ? "the sign-in ran out, AWS takes it for 5 minutes: " : ""
  const names = failed.map(({ profile }) => profile).join()
  return new PumError(
    "partial",
    `${reason}${failed.length} of ${length} profiles failed, the others are stored`,
    { hint: byName ? `for the rest: pum-aws --profiles ${names}` : hint },
  )
}
