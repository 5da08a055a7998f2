import { PumError } from "../errors.ts"
import type { Mode } from "../options/modes.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { removeStoredKeys } from "../profiles/remove-keys.ts"
import { forgetSessions } from "../sessions/forget-sessions.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface LogoutSettings {
  readonly home: string
  readonly paths: AwsFilePaths
  readonly terminal: Terminal
}

/**
 * `--logout`: forgets kept sessions; with a profile what belongs to it, its stored keys as well; with --all the stored
 * keys of every profile. One part that fails does not keep the others from being done.
 * @throws PumError `file`, when all the rest is done
 */
export async function logOut(
  { profile, all }: Extract<Mode, { kind: "logout" }>,
  { home, paths, terminal }: LogoutSettings,
): Promise<void> {
  const troubles: PumError[] = []
  const attempt = async <T>(work: () => T | Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      troubles.push(error)
      return otherwise
    }
  }
  const sessions = await attempt(() => forgetSessions(home, profile), undefined)
  const whose = profile === undefined ? "" : ` of profile [${profile}]`
  if (sessions !== undefined)
    terminal.succeed(`Forgot ${sessions === 1 ? "1 kept session" : `${sessions} kept sessions`}${whose}`)
  if (all || profile !== undefined) {
    const profiles = await attempt(() => removeStoredKeys(paths, profile), [])
    const file = userFiles(paths).credentials.shown
    if (profiles.length > 0)
      terminal.succeed(`Removed the keys in ${file} of ${profiles.map(name => `[${name}]`).join(", ")}`)
  }
  terminal.tell("  Credentials that were handed out already work until they run out.")
  const [first] = troubles
  if (first !== undefined) throw first
}
