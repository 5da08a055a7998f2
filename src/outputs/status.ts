import { type Principal, principalOf } from "../domain/principal.ts"
import { isExactMatch } from "../domain/role-filter.ts"
import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { formatDuration, formatUtc } from "../domain/time.ts"
import { plain } from "../errors.ts"
import type { Environment, Options } from "../options/options.ts"
import { listProfiles } from "../profiles/list-profiles.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { environmentShadows, fileShadows, type Shadow } from "../profiles/shadows.ts"
import type { Kept } from "../sessions/kept.ts"
import { inLines, tableOf } from "../terminal/rows.ts"
import { asJson } from "./json.ts"

/** What AWS tools would be given for the profile, where its `credential_process` is this program. */
export type Served = { readonly session: Session | undefined } | { readonly trouble: string }

export interface StatusSettings {
  readonly options: Options
  readonly paths: AwsFilePaths
  readonly kept: readonly Kept[]
  readonly served: Served | undefined
  readonly env: Environment
  /** Names for accounts. */
  readonly names: (accounts: ReadonlySet<string>) => Aliases
  /** Width of the table in characters. */
  readonly columns: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Credentials that are somewhere, and what there is to say about them. */
interface Entry {
  readonly profile: string
  readonly principalArn: string
  readonly principal: Principal | undefined
  readonly expires: Date | undefined
  readonly secondsLeft: number
  readonly shadows: readonly Shadow[]
}

export interface Status {
  readonly text: string
  /** Whether AWS tools get credentials of the wanted role from the profile, without anybody signing in. */
  readonly isValid: boolean
}

/**
 * What is stored in profiles and kept besides.
 * @throws PumError `file`
 */
export function statusOf(settings: StatusSettings): Status {
  const { options, paths, kept, env, now } = settings
  const entry = (
    profile: string,
    principalArn: string,
    expires: Date | undefined,
    shadows: readonly Shadow[],
  ) => {
    const secondsLeft = expires === undefined ? 0 : Math.max(0, Math.floor((expires.getTime() - now) / 1000))
    return { profile, principalArn, principal: principalOf(principalArn), expires, secondsLeft, shadows }
  }
  const stored = listProfiles(paths)
  const inFiles = fileShadows(paths, [...new Set([...stored.map(one => one.profile), options.profile])])
  const shadowsOf = (profile: string) => inFiles.filter(shadow => shadow.profile === profile)
  const profiles = stored.map(({ profile, principalArn, expires }) =>
    entry(profile, principalArn, expires, shadowsOf(profile)),
  )
  const sessions = kept.map(({ profile, session }) =>
    entry(profile, session.principalArn, session.expiration, []),
  )
  const own = profiles.find(({ profile }) => profile === options.profile)
  const trouble = troubleOf(own, shadowsOf(options.profile), settings)
  const shadows = environmentShadows(options.profile, env)
  if (options.mode.kind === "status" && options.mode.json) {
    const report = {
      Profile: options.profile,
      Valid: trouble === undefined,
      ...(trouble === undefined ? {} : { Reason: trouble }),
      ShadowedBy: shadows,
      Profiles: profiles.map(one => asData(one, settings)),
      Sessions: sessions.map(one => asData(one, settings)),
    }
    return { text: asJson(report), isValid: trouble === undefined }
  }
  const text = inLines([
    ...section(`profiles in ${userFiles(paths).credentials.shown}`, profiles, settings),
    ...section("sessions kept for programs", sessions, settings),
    ...shadows.map(one => `! ${one}`),
    ...(trouble === undefined ? [] : [`profile [${options.profile}] is not valid: ${trouble}`]),
  ])
  return { text, isValid: trouble === undefined }
}

/** Why AWS tools do not get credentials of the wanted role from the profile; nothing where they do. */
function troubleOf(
  stored: Entry | undefined,
  shadows: readonly Shadow[],
  { options, served }: StatusSettings,
): string | undefined {
  if (stored === undefined && served === undefined) return "it holds no credentials of pum-aws"
  const winner = shadows.find(({ wins }) => wins)
  if (winner !== undefined) return winner.text
  if (stored === undefined && served !== undefined && "trouble" in served) return served.trouble
  const session = served !== undefined && "session" in served ? served.session : undefined
  if (stored === undefined && session === undefined)
    return "no session is kept for its credential_process, or it ends soon"
  if (stored?.secondsLeft === 0) return "its credentials have run out"
  const principal = stored === undefined ? principalOf(session?.principalArn ?? "") : stored.principal
  if (principal === undefined) return "whose credentials it holds cannot be told"
  if (isExactMatch(principal, options, options.aliases)) return undefined
  // The beginning of a name may well have meant it, which only a sign-in can tell.
  return `it holds ${principal.role} of ${principal.account}, and another account or role is asked for, or not in full`
}

function section(title: string, entries: readonly Entry[], { names, columns }: StatusSettings): string[] {
  if (entries.length === 0) return []
  // Where it is narrow the last columns are left out.
  const shown = names(new Set(entries.map(({ principal }) => principal?.account ?? "")))
  const head = ["PROFILE", "TIME LEFT", "ACCOUNT", "ROLE"]
  const [headLine = "", ...lines] = tableOf(
    [
      head,
      ...entries.map(({ profile, principal, principalArn, secondsLeft }) => [
        plain(profile),
        secondsLeft > 0 ? formatDuration(secondsLeft) : "expired",
        shown.get(principal?.account ?? "") ?? principal?.account ?? "?",
        principal?.role ?? plain(principalArn),
      ]),
    ],
    columns,
  )
  const withNotes = entries.flatMap(({ shadows }, index) => [
    lines[index] ?? "",
    ...shadows.map(({ text }) => `  ! ${text}`),
  ])
  return [`${title}:`, headLine, ...withNotes]
}

function asData(
  { profile, principal, principalArn, expires, secondsLeft, shadows }: Entry,
  { options: { aliases } }: StatusSettings,
) {
  const alias = aliases.get(principal?.account ?? "")
  return {
    Profile: profile,
    ...(principal === undefined ? {} : { AccountId: principal.account, RoleName: principal.role }),
    ...(alias === undefined ? {} : { AccountAlias: alias }),
    PrincipalArn: principalArn,
    ...(expires === undefined ? {} : { Expiration: formatUtc(expires) }),
    SecondsLeft: secondsLeft,
    Expired: secondsLeft === 0,
    ShadowedBy: shadows.map(({ text }) => text),
  }
}
