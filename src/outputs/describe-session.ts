import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { policySuffix } from "../domain/session-policy.ts"
import { formatDuration, formatTimeOfDay } from "../domain/time.ts"

export interface SessionContext {
  /** Names of accounts by id. */
  readonly names: Aliases
  /** Whether this run signed in for it; else it was kept. */
  readonly isNew: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Who the user is with this session, in one line: account, role, until when, new or kept. */
export function describeSession(session: Session, { names, isNew, now }: SessionContext): string {
  const { account, name: role } = session.role
  const name = names.get(account)
  const who = `${name === undefined ? account : `${name} (${account})`} ${role}`
  const left = formatDuration(Math.max(0, session.expiration.getTime() - now) / 1000)
  return `${who}, valid until ${formatTimeOfDay(session.expiration)} (${left}), ${originOf(session, isNew)}`
}

/** `new session`, and what limits it. */
export const originOf = ({ policy }: Session, isNew: boolean) =>
  `${isNew ? "new session" : "kept session"}${policySuffix(policy)}`

/** The account's name for shell prompts; its id if `promptText` leaves no letter and no digit of the name. */
export function promptLabel(account: string, names: Aliases | undefined): string {
  const name = names?.get(account) ?? ""
  return /[A-Za-z0-9]/.test(name) ? name : account
}

/** Text for shell prompts, which execute `$(…)` and `%n`: other characters than these and blanks become `_`. */
export function promptText(text: string): string {
  return text.replace(/[^A-Za-z0-9_.@+=,/: -]/gu, "_")
}
