import { didYouMean, nearestOf } from "../domain/nearest.ts"
import { type Principal, principalOf } from "../domain/principal.ts"
import { isExactMatch } from "../domain/role-filter.ts"
import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { describePolicy, policyMark, policySuffix } from "../domain/session-policy.ts"
import { formatDuration, formatUtc } from "../domain/time.ts"
import { plain } from "../errors.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { listOnDemand } from "../profiles/list-on-demand.ts"
import { hasAccessKey, listProfiles } from "../profiles/list-profiles.ts"
import { nameSome } from "../profiles/on-demand-troubles.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { environmentShadows, fileShadows, type Shadow } from "../profiles/shadows.ts"
import type { ProfileSession } from "../sessions/kept-sessions.ts"
import { areOfOtherUser, sessionNameOf } from "../sessions/known-users.ts"
import type { OnDemandRequests } from "../sessions/on-demand-requests.ts"
import { inLines, tableOf } from "../terminal/rows.ts"
import { wrapLine } from "../terminal/width.ts"
import { accountFields, asJson } from "./json.ts"
import { type Note, withNotes } from "./notes.ts"
import { onDemandFields, onDemandTable, onDemandTrouble, sessionsOnDemand } from "./status-on-demand.ts"

export interface StatusSettings {
  readonly options: Options
  readonly paths: AwsFilePaths
  /** All kept sessions. */
  readonly kept: readonly ProfileSession[]
  /** The session that `--credential-process` with the same options would answer with. */
  readonly answer: Session | undefined
  /** What profiles on demand ask for. */
  readonly requests: OnDemandRequests
  readonly env: Environment
  /** Names of accounts by id, beside the user's aliases. */
  readonly names: (accounts: ReadonlySet<string>) => Aliases
  /** Width of the table in characters. */
  readonly columns: number
  /** In place of what does not fit. */
  readonly ellipsis: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** One line of a table. */
interface Entry {
  readonly profile: string
  readonly principalArn: string
  /** What limits it (`policyMark`). */
  readonly policy: string | undefined
  readonly principal: Principal | undefined
  readonly expires: Date | undefined
  readonly secondsLeft: number
  readonly shadows: readonly Shadow[]
}

export interface Status {
  readonly text: string
  /**
   * Whether AWS tools get credentials of the wanted role from the named profile without a question; `undefined` if no
   * profile is named.
   */
  readonly isValid: boolean | undefined
}

/**
 * `--status`: the credentials in the AWS files, the kept sessions, and a verdict on the profile that is named.
 * @throws PumError `file`
 */
export function reportStatus(settings: StatusSettings): Status {
  const { options, paths, kept, env, now, columns } = settings
  const named = options.profileNamed ? options.profile : undefined
  const stored = listProfiles(paths)
  const inFiles = fileShadows(paths, [...new Set([...stored.map(one => one.profile), options.profile])])
  const shadowsOf = (profile: string) => inFiles.filter(shadow => shadow.profile === profile)
  const profiles = stored.map(({ profile, principalArn, policy, expires }) =>
    entryOf({ profile, principalArn, policy, expires, shadows: shadowsOf(profile), now }),
  )
  const entryOfKept = ({ profile, session }: Pick<ProfileSession, "profile" | "session">) => {
    const { principalArn, policy, expiration } = session
    return entryOf({ profile, principalArn, policy, expires: expiration, shadows: [], now })
  }
  const sessions = kept.map(entryOfKept)
  const onDemand = listOnDemand(paths)
  const own = profiles.find(({ profile }) => profile === named)
  const trouble = named === undefined ? undefined : troubleOf(named, own, shadowsOf(named), settings)
  const isValid = named === undefined ? undefined : trouble === undefined
  const shadows = environmentShadows(named, env)
  if (options.mode.kind === "status" && options.mode.json) {
    const text = asJson({
      ...(named === undefined ? {} : { Profile: named, Valid: isValid }),
      ...(trouble === undefined ? {} : { Reason: trouble }),
      ShadowedBy: shadows,
      Profiles: profiles.map(one => entryFields(one, options.aliases)),
      Sessions: sessions.map(one => entryFields(one, options.aliases)),
      OnDemand: onDemand.map(one => onDemandFields(one, settings)),
    })
    return { text, isValid }
  }
  const shown = [...profiles, ...sessionsOnDemand(onDemand, settings).map(entryOfKept)].map(contentOf)
  const others = sessions.filter(one => !shown.includes(contentOf(one)))
  const isEmpty = profiles.length === 0 && sessions.length === 0 && onDemand.length === 0
  const text = inLines([
    ...(isEmpty && named === undefined ? ["no credentials of pum-aws are stored or kept"] : []),
    ...table(`profiles in ${userFiles(paths).credentials.shown}`, profiles, settings),
    ...onDemandTable(onDemand, settings),
    ...table(others.length < sessions.length ? "other kept sessions" : "kept sessions", others, settings),
    ...shadows.flatMap(one => wrapLine(`! ${one}`, columns)),
    ...(trouble === undefined ? [] : wrapLine(`profile [${named}] is not valid: ${trouble}`, columns)),
  ])
  return { text, isValid }
}

function entryOf({
  now,
  ...credentials
}: Pick<Entry, "profile" | "principalArn" | "policy" | "expires" | "shadows"> & {
  readonly now: number
}): Entry {
  const { expires, principalArn } = credentials
  const secondsLeft = expires === undefined ? 0 : Math.max(0, Math.floor((expires.getTime() - now) / 1000))
  return { ...credentials, principal: principalOf(principalArn), secondsLeft }
}

/**
 * Why AWS tools do not get credentials of the wanted role from a profile: stored ones, else those that
 * `--credential-process` with the profile's own settings would answer with. Stored keys win over `credential_process`.
 * @param stored the credentials of pum-aws that the profile holds
 */
function troubleOf(
  profile: string,
  stored: Entry | undefined,
  shadows: readonly Shadow[],
  { options, paths, answer, kept, requests }: StatusSettings,
): string | undefined {
  const onDemand = listOnDemand(paths).find(one => one.profile === profile)
  if (onDemand !== undefined && onDemand.missing.length > 0) return onDemandTrouble(onDemand)
  if (stored === undefined && answer === undefined) {
    const problem = "it holds no credentials of pum-aws, and no session is kept for it that lasts long enough"
    const others = [...listProfiles(paths), ...listOnDemand(paths), ...kept].map(one => one.profile)
    const near = onDemand === undefined && !others.includes(profile) ? nearestOf(profile, others) : []
    return [problem, didYouMean(near)].filter(Boolean).join("; ")
  }
  const winner = shadows.find(({ wins }) => wins)
  if (winner !== undefined) return winner.text
  if (stored === undefined) {
    if (hasAccessKey(paths, profile))
      return "it holds an access key that pum-aws did not store, and AWS tools use that"
    const other = requests.get(profile)?.otherOption(options)
    return other && `it is on demand, and asks with another --${other}`
  }
  if (stored.secondsLeft === 0) return "its credentials have run out"
  const { principal } = stored
  if (principal === undefined) return "whose credentials it holds cannot be told"
  if (stored.policy !== policyMark(options.policy)) {
    const [held, asked] = [stored.policy, policyMark(options.policy)].map(describePolicy)
    return `it holds a session ${held}, and one ${asked} is asked for`
  }
  if (areOfOtherUser(stored.principalArn, options, kept))
    return `it holds a session of ${plain(sessionNameOf(stored.principalArn))}, and another user is asked for`
  if (isExactMatch(principal, options, options.aliases)) return undefined
  // A prefix of a name may mean this one, which only a sign-in can tell.
  return `it holds ${principal.role} of ${principal.account}, and another account or role is asked for, or not in full`
}

function table(
  title: string,
  entries: readonly Entry[],
  { names, columns, ellipsis }: StatusSettings,
): string[] {
  if (entries.length === 0) return []
  const labels = names(new Set(entries.map(({ principal }) => principal?.account ?? "")))
  const [head = "", ...lines] = tableOf(
    [
      ["PROFILE", "TIME LEFT", "ACCOUNT", "ROLE"],
      ...entries.map(({ profile, principal, principalArn, policy, secondsLeft }) => [
        plain(profile),
        secondsLeft > 0 ? formatDuration(secondsLeft) : "expired",
        labels.get(principal?.account ?? "") ?? principal?.account ?? "?",
        `${principal?.role ?? plain(principalArn)}${policySuffix(policy)}`,
      ]),
    ],
    { width: columns, ellipsis },
  )
  const notes = entries.flatMap(({ shadows }) => shadows.map(noteOf))
  const profiles = entries.map(({ profile }) => profile)
  return [`${title}:`, head, ...withNotes(lines, profiles, notes, columns)]
}

/** In the subject, `[*]` is in the place of the profile's section, so that the same shadow of several profiles is one note. */
function noteOf({ profile, text }: Shadow): Note {
  const ownSections = [`[${profile}]`, `[profile ${profile}]`]
  const subject = ownSections.reduce((all, name) => all.replaceAll(name, "[*]"), text)
  const textFor = (profiles: readonly string[]) => {
    const sections = `[${nameSome(profiles)}]`
    return subject.includes("[*]") ? subject.replaceAll("[*]", sections) : `${sections} ${subject}`
  }
  return { profile, text, subject, textFor }
}

/** The same for a profile's stored credentials and for the session that is kept of them. */
const contentOf = ({ profile, principalArn, policy, expires }: Entry) =>
  JSON.stringify([profile, principalArn, policy, expires])

function entryFields(
  { profile, principal, principalArn, policy, expires, secondsLeft, shadows }: Entry,
  aliases: Aliases,
) {
  const { account, role } = principal ?? {}
  return {
    Profile: profile,
    ...(account === undefined ? {} : { ...accountFields(account, aliases), RoleName: role }),
    PrincipalArn: principalArn,
    ...(policy === undefined ? {} : { SessionPolicy: policy }),
    ...(expires === undefined ? {} : { Expiration: formatUtc(expires) }),
    SecondsLeft: secondsLeft,
    Expired: secondsLeft === 0,
    ShadowedBy: shadows.map(({ text }) => text),
  }
}
