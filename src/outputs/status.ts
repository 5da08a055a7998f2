import type * as Files from "../aws-files/index.ts"
import { spoken } from "../duration.ts"
import { plain } from "../errors.ts"
import type { Environment, Options } from "../options/index.ts"
import { isWanted, type Principal, principalOf } from "../principal.ts"
import type { Kept } from "../sessions/index.ts"
import { tableOf } from "../terminal/rows.ts"
import { utc } from "./environment.ts"
import { asJson } from "./json.ts"
import { inLines } from "./list.ts"

export interface StatusSettings {
  readonly options: Options
  readonly files: typeof Files
  readonly paths: Files.AwsFilePaths
  readonly kept: readonly Kept[]
  readonly env: Environment
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
  readonly shadowedBy: readonly string[]
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
export function statusOf({ options, files, paths, kept, env, now }: StatusSettings): Status {
  const entry = (
    profile: string,
    principalArn: string,
    expires: Date | undefined,
    shadowedBy: readonly string[],
  ) => {
    const secondsLeft = expires === undefined ? 0 : Math.max(0, Math.floor((expires.getTime() - now) / 1000))
    return { profile, principalArn, principal: principalOf(principalArn), expires, secondsLeft, shadowedBy }
  }
  const profiles = files
    .listProfiles(paths)
    .map(({ profile, principalArn, expires }) =>
      entry(profile, principalArn, expires, files.shadowsOf(paths, profile, env)),
    )
  const sessions = kept.map(({ profile, session }) =>
    entry(profile, session.principalArn, session.expiration, []),
  )
  const servesKept = /pum-aws/.test(files.credentialProcessOf(paths, options.profile) ?? "")
  const isValid = [...profiles, ...(servesKept ? sessions : [])].some(
    ({ profile, principal, secondsLeft }) =>
      profile === options.profile &&
      secondsLeft > 0 &&
      principal !== undefined &&
      isWanted(principal, options, options.aliases),
  )
  const text =
    options.mode.kind === "status" && options.mode.json
      ? asJson({
          Profile: options.profile,
          Valid: isValid,
          Profiles: profiles.map(one => asData(one, options)),
          Sessions: sessions.map(one => asData(one, options)),
        })
      : [
          ...section(`profiles in ${files.userFiles(paths).credentials.shown}`, profiles, options),
          ...section("sessions kept for programs", sessions, options),
        ].join("")
  return { text: text || "no credentials of pum-aws are stored or kept\n", isValid }
}

function section(title: string, entries: readonly Entry[], { aliases }: Options): string[] {
  if (entries.length === 0) return []
  const head = ["PROFILE", "ACCOUNT", "ROLE", "TIME LEFT"]
  const [headLine = "", ...lines] = tableOf(
    [
      head,
      ...entries.map(({ profile, principal, principalArn, secondsLeft }) => [
        plain(profile),
        aliases.get(principal?.account ?? "") ?? principal?.account ?? "?",
        principal?.role ?? plain(principalArn),
        secondsLeft > 0 ? spoken(secondsLeft) : "expired",
      ]),
    ],
    Number.POSITIVE_INFINITY,
  )
  const withNotes = entries.flatMap(({ shadowedBy }, index) => [
    lines[index] ?? "",
    ...shadowedBy.map(one => `  ! ${one}`),
  ])
  return [inLines([`${title}:`, headLine, ...withNotes])]
}

function asData(
  { profile, principal, principalArn, expires, secondsLeft, shadowedBy }: Entry,
  { aliases }: Options,
) {
  const alias = aliases.get(principal?.account ?? "")
  return {
    Profile: profile,
    ...(principal === undefined ? {} : { AccountId: principal.account, RoleName: principal.role }),
    ...(alias === undefined ? {} : { AccountAlias: alias }),
    PrincipalArn: principalArn,
    ...(expires === undefined ? {} : { Expiration: utc(expires) }),
    SecondsLeft: secondsLeft,
    Expired: secondsLeft === 0,
    ShadowedBy: shadowedBy,
  }
}
