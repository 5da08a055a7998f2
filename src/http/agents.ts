import { EventEmitter } from "node:events"
import http from "node:http"
import https from "node:https"
import type { Socket } from "node:net"
import { HttpsProxyAgent } from "https-proxy-agent"
import { schemesIn } from "./challenges.ts"
import { ConnectTimeout, ProxyRefusal, ProxyUnreachable } from "./network-errors.ts"

export interface AgentSettings {
  /** PEM certificates to trust instead of Node's own. */
  readonly ca: string | undefined
  /** Milliseconds until a connection must be open, TLS included. */
  readonly connectLimit: number
  /** Milliseconds that a connection may stay unused and then still be given to a request. */
  readonly idleLimit: number
}

/** An agent that can open a connection before there is a request for it. */
export interface PreparingAgent extends http.Agent {
  /** @returns settles when the connection is open, or cannot be opened */
  prepare(target: URL): Promise<void>
}

/**
 * How long one of several addresses of a server is tried, in milliseconds. Node.js gives up each but the last after 250 ms,
 * which a distant server does not meet: if the last address is dead, as IPv6 often is, none is left.
 */
const addressLimit = 1_000

function agentOptions({ ca, idleLimit }: AgentSettings) {
  return {
    keepAlive: true,
    noDelay: true,
    timeout: idleLimit,
    autoSelectFamilyAttemptTimeout: addressLimit,
    ...(ca === undefined ? {} : { ca }),
  }
}

/** For servers on this machine without TLS: connecting takes no time, so nothing is prepared. */
export function plainAgent(settings: AgentSettings): PreparingAgent {
  return Object.assign(new http.Agent(agentOptions(settings)), { prepare: async () => {} })
}

/** Connects to servers without a proxy. */
export class DirectAgent extends https.Agent implements PreparingAgent {
  private readonly connectLimit: number
  private readonly prepared: PreparedConnections<Socket>

  constructor(settings: AgentSettings) {
    super(agentOptions(settings))
    this.connectLimit = settings.connectLimit
    this.prepared = new PreparedConnections(settings.idleLimit, socket => socket.destroy())
  }

  prepare(target: URL): Promise<void> {
    const server = serverOf(target)
    const socket = this.connect({ ...this.options, ...server })
    return untilOpen(socket, this.prepared.add(server, socket))
  }

  override createConnection(options: https.RequestOptions, callback?: Callback): Socket {
    return this.prepared.take(options) ?? this.connect(options, callback)
  }

  override destroy(): void {
    this.prepared.discardAll()
    super.destroy()
  }

  private connect(options: https.RequestOptions, callback?: Callback): Socket {
    // Node gives a TLS socket at once and connects it later.
    return withConnectLimit(super.createConnection(options, callback) as Socket, this.connectLimit)
  }
}

type Callback = NonNullable<Parameters<https.Agent["createConnection"]>[1]>
type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1]

/** Connects to servers through a proxy, by CONNECT. */
export class ProxyAgent extends HttpsProxyAgent<string> implements PreparingAgent {
  private readonly connectLimit: number
  private readonly prepared: PreparedConnections<Promise<Socket>>

  constructor(proxy: URL, settings: AgentSettings) {
    super(proxy, agentOptions(settings))
    // HttpsProxyAgent uses these for the connection to the proxy only; they are meant for the one to the server.
    Object.assign(this.options, agentOptions(settings))
    this.connectLimit = settings.connectLimit
    this.prepared = new PreparedConnections(settings.idleLimit, opening => {
      opening.then(
        socket => socket.destroy(),
        () => {},
      )
    })
    // Without this, the body of the proxy's refusal would be read as the server's answer.
    const { host, username, password } = proxy
    const address = { host, hasCredentials: `${username}${password}` !== "" }
    this.on("proxyConnect", ({ statusCode, headers }: ProxyAnswer, request: Destroyable) => {
      if (statusCode !== 200) request.destroy(new ProxyRefusal(statusCode, address, wishesIn(headers)))
    })
  }

  prepare(target: URL): Promise<void> {
    const server = serverOf(target)
    const request = new NoRequest()
    const options = { ...this.options, ...server, secureEndpoint: true } as ConnectOptions
    const opening = this.open(request as unknown as http.ClientRequest, options).then(socket => {
      if (request.refusal === undefined) return socket
      // This socket holds the proxy's answer. No request listens to its errors, and the connect limit would raise one.
      socket.destroy()
      throw request.refusal
    })
    const withdraw = this.prepared.add(server, opening)
    return opening.then(socket => untilOpen(socket, withdraw), withdraw)
  }

  /** Only https goes through a proxy. HttpsProxyAgent would look for that in the stack trace, which can be switched off. */
  override isSecureEndpoint(): boolean {
    return true
  }

  override async connect(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    return this.prepared.take(options) ?? this.open(request, options)
  }

  override destroy(): void {
    this.prepared.discardAll()
    super.destroy()
  }

  private async open(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ConnectTimeout(this.proxy.host)), this.connectLimit)
    })
    const opening = super.connect(request, options).catch(cause => {
      throw new ProxyUnreachable(this.proxy.host, cause)
    })
    const socket = await Promise.race([opening, tooLate]).finally(() => clearTimeout(timer))
    return withConnectLimit(socket, this.connectLimit, this.proxy.host)
  }
}

interface ProxyAnswer {
  readonly statusCode: number
  readonly headers: http.IncomingHttpHeaders
}

function wishesIn({ location, ...headers }: http.IncomingHttpHeaders) {
  return { schemes: schemesIn(headers["proxy-authenticate"]), location }
}

type Destroyable = Pick<http.ClientRequest, "destroy">

/** Stands in for the request that HttpsProxyAgent tells about the proxy's answer. */
class NoRequest extends EventEmitter {
  refusal: Error | undefined

  destroy(refusal: Error): void {
    this.refusal = refusal
  }
}

interface Server {
  readonly host: string
  readonly port: number
  /** For TLS; empty for an address, which has no name. */
  readonly servername: string
}

function serverOf({ hostname, port }: URL): Server {
  const host = hostname.replace(/^\[|\]$/g, "")
  // URL writes an IPv4 address as four decimal numbers, whatever it was given. net.isIP would compile a pattern for 5 ms.
  const isAddress = /^\[|^[\d.]+$/.test(hostname)
  return { host, port: Number(port || 443), servername: isAddress ? "" : host }
}

/** Connections that wait for a request. */
class PreparedConnections<Connection> {
  private readonly idleLimit: number
  private readonly discard: (connection: Connection) => void
  private readonly waiting = new Set<{
    readonly server: string
    readonly connection: Connection
    readonly since: number
  }>()

  constructor(idleLimit: number, discard: (connection: Connection) => void) {
    this.idleLimit = idleLimit
    this.discard = discard
  }

  /** @returns removes the connection, for when it is closed */
  add({ host, port }: Server, connection: Connection): () => void {
    const entry = { server: `${host}:${port}`, connection, since: performance.now() }
    this.waiting.add(entry)
    return () => void this.waiting.delete(entry)
  }

  /** One connection to this server that was not unused for too long. */
  take({ host, port }: Pick<https.RequestOptions, "host" | "port">): Connection | undefined {
    for (const entry of this.waiting) {
      if (entry.server !== `${host}:${port}`) continue
      this.waiting.delete(entry)
      if (performance.now() - entry.since <= this.idleLimit) return entry.connection
      this.discard(entry.connection)
    }
    return undefined
  }

  discardAll(): void {
    for (const { connection } of this.waiting) this.discard(connection)
    this.waiting.clear()
  }
}

/**
 * Keeps a failure of a prepared connection silent: the next request opens its own connection, and reports the same failure.
 * @param withdraw called when the connection fails or ends
 * @returns settles when TLS is set up, or the socket closed before
 */
function untilOpen(socket: Socket, withdraw: () => void): Promise<void> {
  for (const event of ["error", "end", "close"]) socket.on(event, withdraw)
  return new Promise(resolve => {
    for (const event of ["secureConnect", "close"]) socket.once(event, () => resolve())
  })
}

/**
 * Ends a socket that is not connected, TLS included, within `limit` milliseconds.
 * @param proxy which proxy the socket leads through
 */
function withConnectLimit(socket: Socket, limit: number, proxy?: string): Socket {
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout(proxy)), limit)
  for (const event of ["secureConnect", "close"]) socket.once(event, () => clearTimeout(timer))
  return socket
}
