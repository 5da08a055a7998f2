import { readdirSync } from "node:fs"
import { inOneLine, PumError } from "../errors.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { readOwnFile } from "../files/read-own-file.ts"
import type { SessionCookie } from "../sign-in/web-session.ts"
import { keychainOf, type RememberingRun, sealedForRun } from "./open-remembered.ts"
import { RememberedPassword } from "./remembered-password.ts"
import { parseSealed } from "./seal.ts"
import { SealedStore } from "./sealed-store.ts"

/**
 * Removes every remembered sign-in with its key, and the password of this run's user. What cannot be removed is a
 * warning.
 * @param isSigningOut whether the cookies are wanted, to end the sessions at the identity provider of this run
 * @returns the cookies of each sign-in there that could be opened
 */
export async function forgetRemembered(
  run: RememberingRun,
  isSigningOut: boolean,
): Promise<readonly (readonly SessionCookie[])[]> {
  const { home, options, terminal } = run
  const keychain = keychainOf(run)
  const { origin, bound } = sealedForRun(run)
  const sessions: (readonly SessionCookie[])[] = []
  for (const name of sealedNames(home)) {
    const path = `${home}/.aws/pum-aws/${name}`
    try {
      const text = readOwnFile({ path, shown: `~/.aws/pum-aws/${name}` }) ?? ""
      if (isOfLaterVersion(text)) continue
      const header = parseSealed(text)
      const wanted = { origin: header?.origin ?? origin, user: header?.user ?? "", bound }
      const settings = { home, keychain, now: Date.now, keepSecret: terminal.keepSecret }
      const store = new SealedStore(wanted, settings, name)
      const opened = isSigningOut && wanted.origin === origin ? await store.open() : undefined
      if (opened !== undefined && "cookies" in opened) sessions.push(opened.cookies)
      const trouble = await store.remove(header?.keyId)
      if (trouble !== undefined) terminal.warn(`a key stays in the keychain, and opens nothing: ${trouble}`)
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      terminal.warn(`a remembered sign-in was not removed: ${inOneLine(error)}`)
    }
  }
  const password = new RememberedPassword(keychain, options.idpUrl.host, terminal)
  const usernames = new Set([options.username, options.lastUsername].filter(name => name !== undefined))
  for (const username of usernames) await password.forget(username)
  return sessions
}

function sealedNames(home: string): readonly string[] {
  try {
    return readdirSync(`${home}/.aws/pum-aws`).filter(name => /^sign-in-[\da-f]{32}$/.test(name))
  } catch {
    return []
  }
}
