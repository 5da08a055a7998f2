import type { Aliases } from "../domain/roles.ts"
import { formatDuration, formatTimeOfDay } from "../domain/time.ts"
import { PumError } from "../errors.ts"
import { tableOf } from "../terminal/rows.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Outcome } from "./assume-all.ts"

/** A table of what was stored and what failed. */
export function report(
  outcomes: readonly Outcome[],
  file: string,
  aliases: Aliases,
  terminal: Terminal,
): void {
  const stored = outcomes.filter(({ result }) => !(result instanceof PumError))
  const counted = outcomes.length === 1 ? "1 profile" : `${outcomes.length} profiles`
  if (stored.length === outcomes.length) terminal.succeed(`Stored ${counted} in ${file}`)
  else terminal.tell(`Stored ${stored.length} of ${counted} in ${file}`)
  const rows = outcomes.map(({ target, result }) => [
    `${result instanceof PumError ? "✘" : "✔"} ${target.profile}`,
    aliases.get(target.role.account) ?? target.role.account,
    target.role.name,
    result instanceof PumError ? result.message : validity(result, target.duration),
  ])
  for (const line of tableOf(rows, Number.POSITIVE_INFINITY)) terminal.tell(`  ${line}`)
  const [first] = stored
  if (first !== undefined) terminal.tell(`  aws --profile ${first.target.profile} s3api list-buckets`)
}

function validity(
  { expiration, duration }: { readonly expiration: Date; readonly duration: number },
  asked: number,
): string {
  const less = duration < asked ? `, the role allows no ${formatDuration(asked)}` : ""
  return `valid until ${formatTimeOfDay(expiration)} (${formatDuration(duration)}${less})`
}

/** @param byName whether the profiles were named, so that those that failed can be named again */
export function verdict(outcomes: readonly Outcome[], byName: boolean): PumError | undefined {
  const failed = outcomes.flatMap(({ target, result }) =>
    result instanceof PumError ? [{ profile: target.profile, error: result }] : [],
  )
  const [first] = failed
  if (first === undefined) return undefined
  const { error } = first
  const { length } = outcomes
  if (length === 1) return error
  const { hint } = error
  if (failed.length === length)
    return new PumError(error.code, `all ${length} profiles failed: ${error.message}`, { hint })
  const ranOut = failed.some(one => one.error.code === "assertionExpired")
  const why = ranOut ? "the sign-in ran out, AWS takes it for 5 minutes: " : ""
  return new PumError(
    "partial",
    `${why}${failed.length} of ${length} profiles failed, the others are stored`,
    byName
      ? { hint: `for the rest: pum-aws --profiles ${failed.map(({ profile }) => profile).join()}` }
      : { hint },
  )
}
