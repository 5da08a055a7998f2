import axios from "axios"
import { type Network, networkTrouble } from "../http/network.ts"
import type { PageOf } from "../sign-in/pages/page.ts"
import { type AccountNames, awsSignInAddress, readRolePage } from "./role-page.ts"

export interface RolePageSettings {
  readonly network: Network
  readonly userAgent: string
  /** Partitions of the roles that the assertion offers. */
  readonly partitions: ReadonlySet<string>
  readonly trace: (line: string) => void
  /** For all of it, in milliseconds: somebody waits for a menu. */
  readonly limit?: number
}

const usualLimit = 2_000
const pageLimit = 5 * 1024 * 1024

/**
 * Takes the assertion where a browser would, and reads the names of accounts on the page that comes back. Best
 * effort: whatever goes wrong gives no names. No cookies, no redirects.
 */
export async function askRolePage(
  { action, samlResponse }: Pick<PageOf<"assertion">, "action" | "samlResponse">,
  { network, userAgent, partitions, trace, limit = usualLimit }: RolePageSettings,
): Promise<AccountNames> {
  const url = awsSignInAddress(action, partitions)
  if (url === undefined) {
    trace("no account names: the assertion is not meant for AWS' own sign-in page")
    return new Map()
  }
  try {
    const answer = await axios.request<ArrayBuffer>({
      url: url.href,
      method: "POST",
      headers: { "User-Agent": userAgent, Accept: "text/html", "Accept-Language": "en" },
      data: new URLSearchParams({ SAMLResponse: samlResponse.replace(/\s+/g, ""), RelayState: "" }),
      httpsAgent: network.agentFor(url),
      signal: AbortSignal.timeout(limit),
      proxy: false,
      maxRedirects: 0,
      maxContentLength: pageLimit,
      responseType: "arraybuffer",
      validateStatus: null,
    })
    const names = readRolePage(answer.status === 200 ? new TextDecoder().decode(answer.data) : "")
    trace(`POST ${url.origin}${url.pathname} ${answer.status}: ${names.size} accounts`)
    return names
  } catch (error) {
    // axios' errors hold the assertion: only their kind goes into words.
    const { what } = axios.isCancel(error) ? { what: "did not answer in time" } : networkTrouble(error)
    trace(`no account names: ${url.host} ${what}`)
    return new Map()
  }
}
