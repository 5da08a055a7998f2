import { type Aliases, accountLabel } from "../domain/roles.ts"
import { policyMark, policySuffix } from "../domain/session-policy.ts"
import { formatDuration } from "../domain/time.ts"
import { plain } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { OnDemandProfile } from "../profiles/list-on-demand.ts"
import { nameSome, setUpAgain } from "../profiles/on-demand-troubles.ts"
import type { ProfileSession } from "../sessions/kept-sessions.ts"
import type { OnDemandRequests } from "../sessions/on-demand-requests.ts"
import { tableOf } from "../terminal/rows.ts"
import { accountFields } from "./json.ts"
import { type Note, withNotes } from "./notes.ts"

/* Profiles that ask for credentials when they are used, in the words of `--status`. */

/** What is known of the profiles besides their lines: the part of `StatusSettings` that is used here. */
interface OnDemandContext {
  readonly options: Pick<Options, "aliases">
  /** What the profiles ask for. */
  readonly requests: OnDemandRequests
  readonly names: (accounts: ReadonlySet<string>) => Aliases
  readonly columns: number
  readonly ellipsis: string
  readonly now: number
}

/** What keeps the profile from asking pum-aws; `undefined` if nothing does. */
export function onDemandTrouble({ profile, missing, hasStoredKey }: OnDemandProfile): string | undefined {
  const [path] = missing
  if (path !== undefined)
    return `${plain(path)} is gone, which its credential_process starts: run ${setUpAgain([profile])} again`
  if (hasStoredKey) return `it also holds a stored key, and AWS tools use that instead of asking`
  return undefined
}

export function onDemandTable(profiles: readonly OnDemandProfile[], context: OnDemandContext): string[] {
  if (profiles.length === 0) return []
  const { columns, ellipsis } = context
  const entries = profiles.map(({ profile }) => ({ profile, ...onDemandEntry(profile, context) }))
  const labels = context.names(new Set(entries.flatMap(({ account }) => account ?? [])))
  const rows = entries.map(({ profile, account = "?", role = "?", policy, secondsLeft }) => [
    plain(profile),
    secondsLeft > 0 ? formatDuration(secondsLeft) : "asks",
    accountLabel(account, labels),
    `${role}${policySuffix(policy)}`,
  ])
  const [head = "", ...lines] = tableOf([["PROFILE", "TIME LEFT", "ACCOUNT", "ROLE"], ...rows], {
    width: columns,
    ellipsis,
  })
  const names = profiles.map(({ profile }) => profile)
  return ["profiles on demand:", head, ...withNotes(lines, names, profiles.flatMap(noteOn), columns)]
}

function noteOn(one: OnDemandProfile): Note[] {
  const text = onDemandTrouble(one)
  if (text === undefined) return []
  const { profile, missing } = one
  const [path] = missing
  const textFor = (profiles: readonly string[]) =>
    path === undefined
      ? `${profiles.length} profiles also hold a stored key, and AWS tools use that instead of asking: ${nameSome(profiles)}`
      : `${plain(path)} is gone, which ${profiles.length} profiles start: run ${setUpAgain(profiles)} again`
  return [{ profile, text, subject: path ?? "", textFor }]
}

export function onDemandFields(one: OnDemandProfile, context: OnDemandContext) {
  const { account, role, policy, secondsLeft } = onDemandEntry(one.profile, context)
  return {
    Profile: one.profile,
    ...(account === undefined ? {} : fieldsOf(account, context.options.aliases)),
    ...(role === undefined ? {} : { RoleName: role }),
    ...(policy === undefined ? {} : { SessionPolicy: policy }),
    SecondsLeft: secondsLeft,
    Missing: one.missing,
  }
}

/** The sessions that the profiles would be answered with: they are in the table of the profiles. */
export function sessionsOnDemand(
  profiles: readonly OnDemandProfile[],
  { requests, now }: Pick<OnDemandContext, "requests" | "now">,
): readonly Pick<ProfileSession, "profile" | "session">[] {
  return profiles.flatMap(({ profile }) => {
    const session = requests.get(profile)?.findSession(now)
    return session === undefined ? [] : [{ profile, session }]
  })
}

/** Account, role and limit (`policyMark`) of the kept session, else as the profile asks for them. */
function onDemandEntry(profile: string, { requests, now }: OnDemandContext) {
  const request = requests.get(profile)
  const kept = request?.findSession(now)
  return {
    account: kept?.role.account ?? request?.options.account,
    role: kept?.role.name ?? request?.options.role?.split("/").at(-1),
    policy: policyMark(request?.options.policy),
    secondsLeft: kept === undefined ? 0 : Math.floor((kept.expiration.getTime() - now) / 1000),
  }
}

/** @param account as `~/.pum-aws` has it: an id, or an alias */
function fieldsOf(account: string, aliases: Aliases) {
  return /^\d{12}$/.test(account) ? accountFields(account, aliases) : { AccountAlias: account }
}
