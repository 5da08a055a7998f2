import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { formatTimeOfDay } from "../domain/time.ts"
import type { Network } from "../http/network.ts"
import type { Environment, Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { originOf } from "./describe-session.ts"
import { openInSystemBrowser } from "./system-browser.ts"
export interface ConsoleSettings {
  /** Names of accounts by id. */
  readonly names: Aliases
  /** Whether this run signed in for the session. */
  readonly isNew: boolean
  readonly options: Options
  readonly env: Environment
  readonly terminal: Terminal
  readonly openNetwork: () => Promise<Network>
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
}

/**
 * Prints a link to the AWS console and opens it in the user's browser.
 * @param service first part of the path in the console; default: its home page
 * @throws PumError `awsRefused`, `awsUnreachable`
 */
export async function openConsole(
  session: Session,
  service: string | undefined,
  { options, env, terminal, names, isNew, openNetwork, print }: ConsoleSettings,
): Promise<void> {
  // Loaded here: the other modes need no HTTP.
  const { consoleLink } = await import("../aws/console-link.ts")
  const network = await openNetwork()
  const link = await consoleLink(session, service, { network, issuer: options.idpUrl })
  await print(`${link}\n`)
  const isOpen = await openInSystemBrowser(link, env)
  const { account, name } = session.role
  const until = formatTimeOfDay(session.expiration)
  const what = `the AWS console of ${names.get(account) ?? account} as ${name}, until ${until}, ${originOf(session, isNew)}`
  const trouble = env.BROWSER ? "BROWSER could not be started" : "No browser could be opened"
  terminal.tell(isOpen ? `Opened in the browser: ${what}` : `${trouble}; the link leads to ${what}`)
}
