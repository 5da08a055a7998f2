import { type Network, sizeLimits } from "../http/network.ts"
import { HttpFailure, send } from "../http/send.ts"
import type { PageOf } from "../sign-in/pages/page-kinds.ts"
import { type AccountNames, awsSignInAddress, readRolePage } from "./role-page.ts"

export interface RolePageSettings {
  readonly network: Network
  readonly userAgent: string
  /** Partitions of the roles that the assertion offers. */
  readonly partitions: ReadonlySet<string>
  readonly trace: (line: string) => void
}

/**
 * Sends the assertion to AWS' role page, as a browser would, and reads the names of accounts on it. Best effort: any
 * failure gives no names. No cookies, no redirects.
 */
export async function askRolePage(
  { action, samlResponse }: Pick<PageOf<"assertion">, "action" | "samlResponse">,
  { network, userAgent, partitions, trace }: RolePageSettings,
): Promise<AccountNames> {
  const url = awsSignInAddress(action, partitions)
  if (url === undefined) {
    trace("no account names: the assertion is not meant for AWS' own sign-in page")
    return new Map()
  }
  const headers = {
    "User-Agent": userAgent,
    Accept: "text/html",
    "Accept-Language": "en",
    "Content-Type": "application/x-www-form-urlencoded",
  }
  const fields = new URLSearchParams({ SAMLResponse: samlResponse.replace(/\s+/g, ""), RelayState: "" })
  const limits = { maxBytes: sizeLimits.page, milliseconds: network.limits.rolePage }
  try {
    const request = { method: "POST", url, headers, body: fields.toString() } as const
    const { status, body } = await send(network, request, limits)
    const names = readRolePage(status === 200 ? new TextDecoder().decode(body) : "")
    trace(`POST ${url.origin}${url.pathname} ${status}: ${names.size} accounts`)
    return names
  } catch (error) {
    const what = error instanceof HttpFailure ? error.what : "sent a page that cannot be read"
    trace(`no account names: ${url.host} ${what}`)
    return new Map()
  }
}
