import { knownNames } from "../aws/account-names.ts"
import { principalOf } from "../domain/principal.ts"
import type { Session } from "../domain/session.ts"
import { readSmallFile } from "../files/read-file.ts"
import { ownValue, readIni } from "../ini/read-ini.ts"
import { type Options, readOptions } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { awsFilePaths } from "../profiles/paths.ts"
import { profileState } from "../profiles/profile-state.ts"
import { findKeptSession, listKeptSessions } from "../sessions/kept-sessions.ts"
import { expectedUser } from "../sessions/session-key.ts"
import { promptLabel, promptText } from "./describe-session.ts"

/*
 * `--status --short`: one line for a shell prompt, which is printed before each command. So it reads small files only, and
 * asks no network, no keychain and no person.
 */

export interface ShortStatus {
  /** Empty if there is nothing to say. */
  readonly text: string
  readonly exitCode: number
}

export interface ShortSettings {
  /** Of --profile. */
  readonly profile: string | undefined
  readonly env: Environment
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The identity that credentials give, and until when. */
interface Identity {
  readonly account: string
  readonly role: string
  readonly policy: string | undefined
  /** `undefined`: not known. */
  readonly expires: number | undefined
}

const nothing: ShortStatus = { text: "", exitCode: 0 }
/** From here on, ` !` follows the time that is left. Minutes. */
const soon = 10

/** @returns one line with what a prompt can show, without a line end */
export function shortStatus(settings: ShortSettings): ShortStatus {
  const { env, home, now } = settings
  if (env.AWS_ACCESS_KEY_ID) {
    const identity = identityOfEnvironment(env, home)
    return identity === undefined ? { text: "env", exitCode: 0 } : formatIdentity(identity, now)
  }
  const profile = settings.profile ?? (env.AWS_PROFILE || "default")
  const options = optionsOfProfile(profile, settings)
  const identity = storedIdentity(profile, env, home) ?? keptIdentity(profile, options, settings)
  if (identity === undefined || identity === "keys of another program") return nothing
  const { account } = identity
  const names = options && knownNames(new Set([account]), { options, home, now: () => now })
  return formatIdentity({ ...identity, account: promptLabel(account, names) }, now)
}

/** @returns `undefined` if `~/.pum-aws` has a mistake, which the next run reports */
function optionsOfProfile(profile: string, { env, home }: ShortSettings): Options | undefined {
  try {
    return readOptions({ wants: "run", given: { profile }, command: undefined }, env, home)
  } catch {
    return undefined
  }
}

function formatIdentity({ account, role, policy, expires }: Identity, now: number): ShortStatus {
  if (expires !== undefined && expires <= now) return { text: promptText(`${account} expired`), exitCode: 1 }
  const limit = policy === undefined ? "" : policy === "read-only" ? " read-only" : " limited"
  const who = promptText(`${account} ${role}${limit}`)
  return { text: expires === undefined ? who : `${who} ${formatLeft(expires - now)}`, exitCode: 0 }
}

/** @param left milliseconds */
function formatLeft(left: number): string {
  const minutes = Math.floor(left / 60_000)
  const hours = Math.floor(minutes / 60)
  const rest = hours > 0 && minutes % 60 === 0 ? "" : `${minutes % 60}m`
  return `${hours > 0 ? `${hours}h` : ""}${rest}${minutes <= soon ? " !" : ""}`
}

/** What `--export` or `--` set (environment.ts). What limits the session is known if it is kept. */
function identityOfEnvironment(env: Environment, home: string): Identity | undefined {
  const session = env.PUM_AWS_SESSION ?? ""
  const slash = session.lastIndexOf("/")
  if (slash <= 0) return undefined
  const expires = Date.parse(env.AWS_CREDENTIAL_EXPIRATION ?? "")
  return {
    account: session.slice(0, slash),
    role: session.slice(slash + 1),
    policy: listOrNone(home).find(one => one.session.accessKeyId === env.AWS_ACCESS_KEY_ID)?.session.policy,
    expires: Number.isNaN(expires) ? undefined : expires,
  }
}

/** @returns `undefined` without keys. AWS tools use stored keys, and then no kept session */
function storedIdentity(
  profile: string,
  env: Environment,
  home: string,
): Identity | "keys of another program" | undefined {
  const text = readSmallFile(awsFilePaths(env, home).credentials)
  const section = text === undefined ? undefined : linesOfSection(text, profile)
  if (section === undefined) return undefined
  try {
    const credentials = readIni(section, "credentials")
    const { principalArn, policy, expires } = profileState(
      { credentials, config: readIni("", "config") },
      profile,
    )
    if (ownValue(credentials, profile, "aws_access_key_id") === undefined) return undefined
    const principal = principalOf(principalArn ?? "")
    return principal === undefined
      ? "keys of another program"
      : { ...principal, policy, expires: expires?.getTime() }
  } catch {
    return undefined
  }
}

/** The lines of one section: a large file need not be parsed for them. */
function linesOfSection(text: string, profile: string): string | undefined {
  const begin = `[${profile}]`
  const at = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1
  if (at === 0 && !text.startsWith(begin)) return undefined
  const end = text.indexOf("\n[", at)
  return end < 0 ? text.slice(at) : text.slice(at, end + 1)
}

/** The session that AWS tools would get from the profile, else the one that lasts longest of those kept for it. */
function keptIdentity(
  profile: string,
  options: Options | undefined,
  settings: ShortSettings,
): Identity | undefined {
  const session = ownSession(options, settings) ?? lastingSession(profile, settings.home)
  if (session === undefined) return undefined
  const { role, policy, expiration } = session
  return { account: role.account, role: role.name, policy, expires: expiration.getTime() }
}

/** What `--credential-process` would answer: under the name of a profile, sessions of other roles may be kept as well. */
function ownSession(options: Options | undefined, { env, home, now }: ShortSettings): Session | undefined {
  if (options === undefined) return undefined
  try {
    const user = expectedUser(options, env)
    return findKeptSession(options, user, { home, now, canSignIn: false })
  } catch {
    // An own file that cannot be used is reported by the next run.
    return undefined
  }
}

function lastingSession(profile: string, home: string): Session | undefined {
  const sessions = listOrNone(home).filter(one => one.profile === profile)
  return sessions.map(({ session }) => session).sort((a, b) => +b.expiration - +a.expiration)[0]
}

function listOrNone(home: string) {
  try {
    return listKeptSessions(home)
  } catch {
    return []
  }
}
