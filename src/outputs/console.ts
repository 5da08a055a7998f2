import { type Aliases, accountLabel } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { formatTimeOfDay } from "../domain/time.ts"
import type { Network } from "../http/network.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
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
  /** Width of stdout; infinite if it is no terminal. */
  readonly columns: number
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
}

/**
 * Opens the AWS console in the user's browser. Prints the link if stdout is no terminal, or no browser could be opened.
 * @param service first part of the path in the console; default: its home page
 * @throws PumError `awsRefused`, `awsUnreachable`
 */
export async function openConsole(
  session: Session,
  service: string | undefined,
  { options, env, terminal, names, isNew, columns, openNetwork, print }: ConsoleSettings,
): Promise<void> {
  // Loaded here: the other modes need no HTTP.
  const { consoleLink } = await import("../aws/console-link.ts")
  const network = await openNetwork()
  const link = await consoleLink(session, service, { network, issuer: options.idpUrl })
  // The link needs no password: it must not stay in the scrollback of a terminal.
  const isPiped = !Number.isFinite(columns)
  if (isPiped) await print(`${link}\n`)
  const isOpen = await openInSystemBrowser(link, env)
  if (!isPiped && !isOpen) await print(`${link}\n`)
  const { account, name } = session.role
  const until = formatTimeOfDay(session.expiration)
  const what = `the AWS console of ${accountLabel(account, names)} as ${name}, until ${until}, ${originOf(session, isNew)}`
  const trouble = env.BROWSER ? "BROWSER could not be started" : "No browser could be opened"
  terminal.tell(isOpen ? `Opened in the browser: ${what}` : `${trouble}; the link leads to ${what}`)
}
