/** The proxy answered CONNECT with another status than 200. */
export class ProxyRefusal extends Error {
  readonly status: number
  readonly proxy: string

  constructor(status: number, proxy: string) {
    super(`proxy ${proxy} answered ${status}`)
    this.status = status
    this.proxy = proxy
  }
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
export class ConnectTimeout extends Error {}

/** The server answered 101: it wants to go on in another protocol than HTTP (RFC 9110, 15.2.2). */
export class SwitchedProtocols extends Error {}

/** The answer was not complete within the limit. */
export class ExchangeTimeout extends Error {}

/** What went wrong with a request, for a sentence that begins with the server's name. */
export interface NetworkTrouble {
  readonly what: string
  readonly hint?: string
  /** Whether the same request may succeed when it is sent again. */
  readonly isTransient?: boolean
  /** Whether the server did answer, but with something that this program does not read. */
  readonly hasAnswered?: boolean
}

/**
 * Puts an error of the HTTP client, or of a connection, into words.
 * @param error anything; its message is never used, because it can hold what was sent
 */
export function networkTrouble(error: unknown): NetworkTrouble {
  const viaProxy = errorsOf(error).find(cause => cause instanceof ProxyUnreachable)
  if (viaProxy !== undefined) {
    const { what } = networkTrouble(viaProxy.cause)
    return { what: `cannot be reached: the proxy ${viaProxy.proxy} ${what}`, hint: "check HTTPS_PROXY" }
  }
  const root = errorsOf(error).at(-1)
  if (root instanceof ProxyRefusal) {
    const what = `cannot be reached: the proxy ${root.proxy} answered ${root.status}`
    return root.status === 407
      ? { what, hint: "put user and password into HTTPS_PROXY: http://user:password@proxy:port" }
      : { what }
  }
  if (root instanceof ConnectTimeout)
    return { what: "cannot be reached: no connection in time", hint: proxyHint }
  if (root instanceof ExchangeTimeout) return { what: "did not answer in time", isTransient: true }
  if (root instanceof SwitchedProtocols)
    return { what: "wants to go on in another protocol than HTTP (status 101)", hasAnswered: true }
  const code = errorCode(root)
  const known = troubles[code]
  if (known !== undefined) return { ...known, isTransient: true }
  if (/^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|HOSTNAME)/.test(code)) {
    return {
      what: `has a certificate that is not trusted (${code})`,
      hint: "behind a company proxy, name its CA file with --ca-bundle",
    }
  }
  return { what: `cannot be reached (${code || "no reason given"})` }
}

const proxyHint = "check the network and VPN; behind a proxy, set HTTPS_PROXY"

/** By Node's error codes; all of them can pass. */
const troubles: Readonly<Record<string, NetworkTrouble>> = {
  ENOTFOUND: { what: "cannot be found: no such host name", hint: proxyHint },
  EAI_AGAIN: { what: "cannot be found: the name service does not answer", hint: proxyHint },
  ECONNREFUSED: { what: "cannot be reached: connection refused", hint: proxyHint },
  EHOSTUNREACH: { what: "cannot be reached: no route to it", hint: proxyHint },
  ENETUNREACH: { what: "cannot be reached: no network", hint: proxyHint },
  ETIMEDOUT: { what: "cannot be reached: no connection in time", hint: proxyHint },
  ECONNRESET: { what: "closed the connection before it answered" },
  // axios' code for an answer that breaks off.
  ERR_BAD_RESPONSE: { what: "closed the connection before it answered" },
  EPIPE: { what: "closed the connection before it answered" },
}

/** The error and its causes: HTTP clients keep the socket's own error as a cause. */
function errorsOf(error: unknown): Error[] {
  const errors: Error[] = []
  for (let next = error; next instanceof Error && errors.length < 6; next = next.cause) errors.push(next)
  return errors
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ""
  if ("code" in error && typeof error.code === "string") return error.code
  return error.name === "Error" ? "" : error.name
}
