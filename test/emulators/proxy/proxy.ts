import { createServer, type IncomingMessage } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import type { Duplex } from "node:stream"

export interface ProxySettings {
  /** If set, a request without them gets 407. */
  credentials: { readonly user: string; readonly password: string } | undefined
  /** What it offers in 407, one `Proxy-Authenticate` header each. It understands Basic only. */
  challenges: readonly string[]
  /** `refuse`: 503 to every CONNECT. `hang`: no answer. */
  fault: "none" | "refuse" | "hang"
  /** How long it takes to answer CONNECT with 200, in milliseconds: the round trip to the server. */
  connectDelayMs: number
}

interface LoggedConnect {
  /** `host:port`; for another method than CONNECT the method and the address. */
  readonly target: string
  readonly status: number
}

export interface ProxyEmulator {
  readonly port: number
  readonly settings: ProxySettings
  readonly log: readonly LoggedConnect[]
  /** Value of HTTPS_PROXY, with user and password if the settings ask for them. */
  readonly url: string
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/** The port of 127.0.0.1 that `host:port` leads to, if any. */
export type Route = (host: string, port: number) => number | undefined

/** Starts a CONNECT proxy that knows only the emulators and refuses everything else. No traffic leaves the machine. */
export async function startProxy(route: Route, wanted: Partial<ProxySettings> = {}): Promise<ProxyEmulator> {
  const defaults = (): ProxySettings => ({
    credentials: undefined,
    challenges: ['Basic realm="emulators"'],
    fault: "none",
    connectDelayMs: 0,
    ...wanted,
  })
  const settings = defaults()
  const log: LoggedConnect[] = []
  const sockets = new Set<Duplex>()
  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
    socket.on("error", () => socket.destroy())
    return socket
  }

  const server = createServer((request, response) => {
    log.push({ target: `${request.method} ${request.url}`, status: 403 })
    response.writeHead(403).end("this proxy knows CONNECT alone")
  })
  server.on("connection", keep)
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? ""
    const end = (status: number, text: string, header = "") => {
      log.push({ target, status })
      client.end(`HTTP/1.1 ${status} ${text}\r\n${header}content-length: 0\r\n\r\n`)
    }
    if (settings.fault === "hang") return void log.push({ target, status: 0 })
    if (settings.fault === "refuse") return end(503, "Service Unavailable")
    if (!isAllowed(request, settings)) {
      const headers = settings.challenges.map(challenge => `proxy-authenticate: ${challenge}\r\n`)
      return end(407, "Proxy Authentication Required", headers.join(""))
    }
    const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(target) ?? []
    const destination = route(host.toLowerCase(), Number(port))
    if (destination === undefined) return end(403, "Forbidden")
    const upstream: Socket = keep(connect(destination, "127.0.0.1"))
    upstream.once("connect", () => {
      log.push({ target, status: 200 })
      setTimeout(() => {
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n")
        upstream.write(head)
        client.pipe(upstream).pipe(client)
      }, settings.connectDelayMs)
    })
    upstream.once("close", () => client.destroy())
    client.once("close", () => upstream.destroy())
  })
  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as AddressInfo
  return {
    port,
    settings,
    log,
    get url() {
      const { credentials } = settings
      const userInfo = credentials
        ? `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@`
        : ""
      return `http://${userInfo}127.0.0.1:${port}`
    },
    reset() {
      Object.assign(settings, defaults())
      log.length = 0
    },
    close: () =>
      new Promise(closed => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function isAllowed(request: IncomingMessage, { credentials }: ProxySettings): boolean {
  if (!credentials) return true
  const wanted = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")
  return request.headers["proxy-authorization"] === `Basic ${wanted}`
}
