import { readdirSync } from "node:fs"
import { inOneLine, PumError, plain } from "../errors.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { pause } from "../platform/event-loop.ts"
import type { SessionCookie } from "../sign-in/web-session.ts"
import { keychainOf, passwordFor, type RememberingRun, sealedForRun } from "./open-remembered.ts"
import { parseSealed } from "./seal.ts"
import { SealedStore } from "./sealed-store.ts"
import { takeTurn } from "./turns.ts"

export interface ForgetSettings {
  /** Whether the cookies are wanted, to end the sessions at the identity provider of this run. */
  readonly isSigningOut: boolean
  /**
   * How long to wait for a visit that is under way, in milliseconds. Default: until the lock of a process that was killed
   * is stale. After that the file is removed all the same.
   */
  readonly patience?: number
}

/**
 * Removes every remembered sign-in with its key, and the password of this run's user. What cannot be removed is a
 * warning.
 * @returns the cookies of each sign-in there that could be opened
 */
export async function forgetRemembered(
  run: RememberingRun,
  settings: ForgetSettings,
): Promise<readonly (readonly SessionCookie[])[]> {
  const { home, options, terminal } = run
  const sessions: (readonly SessionCookie[])[] = []
  let count = 0
  for (const name of sealedNames(home)) {
    try {
      const forgotten = await forgetSignIn(name, run, settings)
      if (forgotten === undefined) continue
      count++
      if (forgotten.cookies !== undefined) sessions.push(forgotten.cookies)
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      terminal.warn(`a remembered sign-in was not removed: ${inOneLine(error)}`)
    }
  }
  if (count > 0)
    terminal.succeed(`Forgot ${count === 1 ? "the remembered sign-in" : `${count} remembered sign-ins`}`)
  const password = passwordFor(run, keychainOf(run))
  const usernames = new Set([options.username, options.lastUsername].filter(name => name !== undefined))
  for (const username of usernames) await password.forget(username)
  return sessions
}

/**
 * @returns with its cookies, if its session is to be ended and can be; `undefined` if a later version wrote the file
 * @throws PumError `file`
 */
async function forgetSignIn(
  name: string,
  run: RememberingRun,
  { isSigningOut, patience = 6_000 }: ForgetSettings,
): Promise<{ readonly cookies?: readonly SessionCookie[] } | undefined> {
  const { home, options, terminal } = run
  const { keepSecret, warn } = terminal
  const file = ownFile(home, name)
  const lock = await takeTurn(file, { terminal, pause, patience }).catch(() => undefined)
  try {
    const text = readOwnFile(file) ?? ""
    if (isOfLaterVersion(text)) return undefined
    const { user = "", origin, keyId } = parseSealed(text) ?? {}
    const storeFor = (bound: string) =>
      new SealedStore(
        { origin: options.idpUrl.origin, user, bound },
        { home, keychain: keychainOf(run), now: Date.now, keepSecret },
        name,
      )
    const opened = isSigningOut ? await open(() => storeFor(sealedForRun(run).bound)) : undefined
    const trouble = await storeFor("").remove(keyId)
    if (trouble !== undefined) warn(`a key stays in the keychain, and opens nothing: ${trouble}`)
    if (opened === undefined) return {}
    if ("cookies" in opened) return { cookies: opened.cookies }
    warn(`${plain(origin ?? "ADFS")} was not told of the sign-out: ${opened.why}`)
    return {}
  } finally {
    await lock?.release()
  }
}

async function open(storeOf: () => SealedStore) {
  try {
    return await storeOf().open()
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    return { why: inOneLine(error) }
  }
}

function sealedNames(home: string): readonly string[] {
  try {
    return readdirSync(ownFolder(home).path).filter(name => /^sign-in-[\da-f]{32}$/.test(name))
  } catch {
    return []
  }
}
