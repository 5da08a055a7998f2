import { plain } from "../errors.ts"
import { codeOf } from "../files/file-error.ts"
import { type NetworkTrouble, protocolTrouble } from "./protocol-errors.ts"

/** The proxy answered CONNECT with another status than 200. */
export class ProxyRefusal extends Error {
  /** NaN if the answer is not HTTP. */
  readonly status: number
  readonly proxy: ProxyAddress
  /** Names of the ways to sign in that the proxy offers: `basic`, `ntlm`. */
  readonly schemes: readonly string[]
  /** Where the answer leads to. */
  readonly location: string | undefined

  constructor(status: number, proxy: ProxyAddress, { schemes, location }: ProxyWishes) {
    super(`proxy ${proxy.host} answered ${status}`)
    this.status = status
    this.proxy = proxy
    this.schemes = schemes
    this.location = location
  }
}

type ProxyWishes = Pick<ProxyRefusal, "schemes" | "location">

/** Without user name and password. */
interface ProxyAddress {
  readonly host: string
  readonly hasCredentials: boolean
}

/** The proxy itself cannot be reached. */
export class ProxyUnreachable extends Error {
  readonly proxy: string

  constructor(proxy: string, cause: unknown) {
    super(`no connection to the proxy ${proxy}`, { cause })
    this.proxy = proxy
  }
}

/** No connection within the limit. */
export class ConnectTimeout extends Error {
  /** Which proxy should have connected. */
  readonly proxy: string | undefined

  constructor(proxy?: string) {
    super()
    this.proxy = proxy
  }
}

/** The server answered 101: it wants to go on in another protocol than HTTP (RFC 9110, 15.2.2). */
export class SwitchedProtocols extends Error {}

/** The answer was not complete within the limit. */
export const exchangeTimeout: NetworkTrouble = { what: "did not answer in time", isTransient: true }

/** The settings that decide how a server is reached. */
export interface NetworkSources {
  /** The variable that gives the proxy. */
  readonly proxy: string | undefined
  /** Whether NO_PROXY keeps the server from that proxy. */
  readonly isExempt: boolean
  /** A proxy variable that does not count for https. */
  readonly unusedProxy: string | undefined
  /** Looks for a proxy in the settings of Windows. */
  readonly findSystemProxy: () => string | undefined
  /** What named the file of certificates that are trusted instead of Node's own. */
  readonly ca: string | undefined
}

/**
 * Puts an error of the HTTP client, or of a connection, into words.
 * @param error anything; its message is never used, because it can hold what was sent
 */
export function networkTrouble(error: unknown, sources: NetworkSources): NetworkTrouble {
  const variable = sources.proxy ?? "HTTPS_PROXY"
  const viaProxy = errorsOf(error).find(cause => cause instanceof ProxyUnreachable)
  if (viaProxy !== undefined) {
    const { what } = networkTrouble(viaProxy.cause, sources)
    return { what: `cannot be reached: the proxy ${viaProxy.proxy} ${what}`, hint: `check ${variable}` }
  }
  const root = errorsOf(error).at(-1)
  if (root instanceof ProxyRefusal) return proxyRefusal(root, variable)
  if (root instanceof ConnectTimeout) {
    if (root.proxy === undefined)
      return { what: "cannot be reached: no connection in time", hint: connectHint(sources) }
    const what = `cannot be reached: the proxy ${root.proxy} did not connect to it in time`
    return { what, hint: `check the network and ${variable}, or ask those who run the proxy` }
  }
  if (root instanceof SwitchedProtocols)
    return { what: "wants to go on in another protocol than HTTP (status 101)", hasAnswered: true }
  const code = codeOf(root) ?? ""
  const noConnection = noConnections[code] ?? (code.startsWith("EAI_") ? nameServiceFailed : undefined)
  if (noConnection !== undefined) return { what: noConnection, hint: connectHint(sources), isTransient: true }
  if (brokenOff.has(code) || root?.message === endedByProxy)
    return { what: "closed the connection before it answered", hint: cutHint, isTransient: true }
  const protocol = root === undefined ? undefined : protocolTrouble(root, code)
  if (protocol !== undefined) return protocol
  if (
    /^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|HOSTNAME|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|CRL|ERROR_IN)/.test(
      code,
    )
  ) {
    return {
      what: `has a certificate that is not trusted (${code})`,
      hint:
        sources.ca === undefined
          ? "behind a company proxy, name its CA file with --ca-bundle"
          : `its authority is not in the CA file that ${sources.ca} names`,
    }
  }
  return { what: `cannot be reached (${code || "no reason given"})` }
}

/** Message of https-proxy-agent if a proxy closes the connection without an answer. */
const endedByProxy = "Proxy connection ended before receiving CONNECT response"
const cutHint =
  "try again; if it stays so, something between you and it may cut the connection, such as a proxy or a firewall"

function proxyRefusal({ status, proxy, schemes, location }: ProxyRefusal, variable: string): NetworkTrouble {
  if (Number.isNaN(status))
    return {
      what: `cannot be reached: the proxy ${proxy.host} sent something that is not HTTP`,
      hint: `check ${variable}: that server is no proxy for http`,
    }
  const what = `cannot be reached: the proxy ${proxy.host} answered ${status}`
  const leads = status < 400 && URL.canParse(location ?? "") ? new URL(location ?? "").host : undefined
  if (leads !== undefined)
    return {
      what: `${what} and leads to ${plain(leads, 100)}`,
      hint: "sign in there first: open any page in a browser",
    }
  if (noProxy.has(status))
    return { what, hint: `check ${variable}: a web server that is no proxy answers so` }
  if (status !== 407) return { what, hint: proxyHints[status] ?? proxyForbids }
  if (schemes.length > 0 && !schemes.includes("basic")) {
    return {
      what: `${what} and offers only sign-in by ${schemes.join(", ")}, which pum-aws does not know`,
      hint: `a program on this machine can sign in for it, such as px or cntlm: set ${variable} to that program's address`,
    }
  }
  if (!proxy.hasCredentials)
    return { what, hint: `put user and password into ${variable}: http://user:password@proxy:port` }
  return {
    what: `${what}: it refused the user and password in ${variable}`,
    hint: "check them; a domain is written DOMAIN%5Cuser",
  }
}

/** What servers that are no proxy answer to CONNECT. */
const noProxy = new Set([400, 401, 404, 405, 501])
const proxyForbids = "it may not let you reach that host: ask those who run the proxy"
const proxyFails = "it could not reach that host itself: check the address, or ask those who run the proxy"
const proxyHints: Readonly<Record<number, string>> = {
  429: "it is busy: try again in a minute",
  500: proxyFails,
  502: proxyFails,
  503: proxyFails,
  504: proxyFails,
  511: "sign in to this network first: open any page in a browser",
}

function connectHint({ proxy, isExempt, unusedProxy, findSystemProxy }: NetworkSources): string {
  if (isExempt) return `check the network and VPN; NO_PROXY keeps this host from the proxy of ${proxy}`
  // Plain http on this machine never goes through the proxy, and an open tunnel can fail late.
  if (proxy !== undefined) return "check the network and VPN"
  const systemProxy = findSystemProxy()
  if (systemProxy !== undefined)
    return `Windows uses the proxy ${plain(systemProxy)}, which pum-aws does not read: set HTTPS_PROXY to the proxy's address`
  if (unusedProxy === undefined) return "check the network and VPN; behind a proxy, set HTTPS_PROXY"
  return `check the network and VPN; ${unusedProxy} is not used for https: behind a proxy, set HTTPS_PROXY`
}

/** The hint for the server of a region of AWS: the host name of a misspelt region is unknown. */
export function regionalHint(
  { what, hint }: { readonly what: string; readonly hint?: string | undefined },
  region: string,
): string | undefined {
  if (what !== noSuchHost) return hint
  return `check the region ${region}${hint === undefined ? "" : `; if it is right, ${hint}`}`
}

const noSuchHost = "cannot be found: no such host name"
const nameServiceFailed = "cannot be found: the name service failed"

/** By Node's error codes. */
const noConnections: Readonly<Record<string, string>> = {
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: "cannot be found: the name service does not answer",
  EAI_NONAME: noSuchHost,
  EAI_NODATA: noSuchHost,
  ECONNREFUSED: "cannot be reached: connection refused",
  EHOSTUNREACH: "cannot be reached: no route to it",
  EHOSTDOWN: "cannot be reached: no route to it",
  ENETUNREACH: "cannot be reached: no network",
  ENETDOWN: "cannot be reached: no network",
  EADDRNOTAVAIL: "cannot be reached: no network",
  EACCES: "cannot be reached: this machine forbids the connection",
  EPERM: "cannot be reached: this machine forbids the connection",
  ETIMEDOUT: "cannot be reached: no connection in time",
}

/** ERR_BAD_RESPONSE is axios' code for an answer that breaks off. */
const brokenOff = new Set(["ECONNRESET", "EPIPE", "ERR_BAD_RESPONSE"])

/** The error and its causes: HTTP clients keep the socket's own error as a cause. */
function errorsOf(error: unknown): Error[] {
  const errors: Error[] = []
  for (let next = error; next instanceof Error && errors.length < 6; next = next.cause) errors.push(next)
  return errors
}
