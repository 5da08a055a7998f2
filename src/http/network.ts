import http from "node:http"
import https from "node:https"
import type { Socket } from "node:net"
import { HttpsProxyAgent } from "https-proxy-agent"
import { proxyFor } from "./proxy.ts"

/** Limits for one exchange with a server, in milliseconds. */
export interface TimeLimits {
  readonly connect: number
  readonly answer: number
}

export const timeLimits: TimeLimits = { connect: 10_000, answer: 60_000 }

/**
 * A connection that nobody used for so long may have been dropped on the way without a word; a request on it
 * would wait in vain, and one that carries a password must not be sent again.
 */
const idleLimit = 60_000

/** The way out: one keep-alive agent per proxy, shared by ADFS and AWS, so that both obey the same settings. */
export interface Network {
  readonly limits: TimeLimits
  agentFor(target: URL): http.Agent
  close(): void
}

export interface NetworkSettings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** PEM certificates to trust instead of Node's own. */
  readonly ca: string | undefined
  readonly limits?: TimeLimits
}

export function openNetwork({ env, ca, limits = timeLimits }: NetworkSettings): Network {
  const agents = new Map<string, http.Agent>()
  const options = { keepAlive: true, noDelay: true, timeout: idleLimit, ...(ca === undefined ? {} : { ca }) }

  function agentFor(target: URL): http.Agent {
    const proxy = proxyFor(target, env)
    const key = proxy?.href ?? target.protocol
    const agent = agents.get(key) ?? newAgent(target, proxy)
    agents.set(key, agent)
    return agent
  }

  function newAgent(target: URL, proxy: URL | undefined): http.Agent {
    if (proxy === undefined)
      return target.protocol === "https:" ? new DirectAgent(options, limits.connect) : new http.Agent(options)
    const agent = new ProxyAgent(proxy, options, limits.connect)
    // Without this the proxy's own error page would be read as if the server had sent it.
    agent.on("proxyConnect", (answer: { statusCode: number }, request: http.ClientRequest) => {
      if (answer.statusCode !== 200) request.destroy(new ProxyRefusal(answer.statusCode, proxy.host))
    })
    return agent
  }

  return {
    limits,
    agentFor,
    close() {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

/** The proxy answered CONNECT with something else than 200. */
export class ProxyRefusal extends Error {
  readonly status: number
  readonly proxy: string

  constructor(status: number, proxy: string) {
    super(`proxy ${proxy} answered ${status}`)
    this.status = status
    this.proxy = proxy
  }
}

/** The way to the proxy itself is barred. */
class ProxyTrouble extends Error {
  readonly proxy: string

  constructor(proxy: string, cause: unknown) {
    super(`no way to the proxy ${proxy}`, { cause })
    this.proxy = proxy
  }
}

/** No connection within the limit. */
export class ConnectTimeout extends Error {}

/** Ends a socket that is not connected, TLS included, within `limit` milliseconds. */
function limited<S extends Socket>(socket: S, limit: number): S {
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), limit)
  for (const event of ["secureConnect", "close"]) socket.once(event, () => clearTimeout(timer))
  return socket
}

class DirectAgent extends https.Agent {
  private readonly limit: number

  constructor(options: https.AgentOptions, limit: number) {
    super(options)
    this.limit = limit
  }

  override createConnection(...args: Parameters<https.Agent["createConnection"]>): Socket {
    // A TLS connection is given at once and connects later.
    return limited(super.createConnection(...args) as Socket, this.limit)
  }
}

class ProxyAgent extends HttpsProxyAgent<string> {
  private readonly limit: number

  constructor(proxy: URL, options: http.AgentOptions, limit: number) {
    super(proxy, options)
    // It keeps these for the way to the proxy only; certificates and idle limit are meant for the way behind it.
    Object.assign(this.options, options)
    this.limit = limit
  }

  override async connect(...args: Parameters<HttpsProxyAgent<string>["connect"]>): Promise<Socket> {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ConnectTimeout()), this.limit)
    })
    const opening = super.connect(...args).catch(cause => {
      throw new ProxyTrouble(this.proxy.host, cause)
    })
    const socket = await Promise.race([opening, tooLate]).finally(() => clearTimeout(timer))
    return limited(socket, this.limit)
  }
}

/**
 * What went wrong on the way to a server, in words.
 * @param error what the HTTP client threw
 * @returns what to say after the server's name, and a hint where there is one
 */
export function networkTrouble(error: unknown): { readonly what: string; readonly hint?: string } {
  const viaProxy = errorsOf(error).find(cause => cause instanceof ProxyTrouble)
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
  const code = codeOf(root)
  const known = troubles[code]
  if (known !== undefined) return known
  if (/^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|HOSTNAME)/.test(code)) {
    return {
      what: `has a certificate that is not trusted (${code})`,
      hint: "behind a company proxy, name its CA file with --ca-bundle",
    }
  }
  return { what: `cannot be reached (${code || "no reason given"})` }
}

const proxyHint = "check the network and VPN; behind a proxy, set HTTPS_PROXY"

const troubles: Readonly<Record<string, { what: string; hint?: string }>> = {
  ENOTFOUND: { what: "cannot be found: no such host name", hint: proxyHint },
  EAI_AGAIN: { what: "cannot be found: the name service does not answer", hint: proxyHint },
  ECONNREFUSED: { what: "cannot be reached: connection refused", hint: proxyHint },
  EHOSTUNREACH: { what: "cannot be reached: no route to it", hint: proxyHint },
  ENETUNREACH: { what: "cannot be reached: no network", hint: proxyHint },
  ETIMEDOUT: { what: "cannot be reached: no connection in time", hint: proxyHint },
  ECONNRESET: { what: "closed the connection before it answered" },
  // axios' word for an answer that breaks off.
  ERR_BAD_RESPONSE: { what: "closed the connection before it answered" },
  EPIPE: { what: "closed the connection before it answered" },
  TimeoutError: { what: "did not answer in time" },
}

/** The error and its causes: that is where HTTP clients put the socket's own error. */
function errorsOf(error: unknown): Error[] {
  const errors: Error[] = []
  for (let next = error; next instanceof Error && errors.length < 6; next = next.cause) errors.push(next)
  return errors
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ""
  if ("code" in error && typeof error.code === "string") return error.code
  return error.name === "Error" ? "" : error.name
}
