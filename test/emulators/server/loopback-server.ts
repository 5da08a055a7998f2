import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http"
import { createServer } from "node:https"
import type { AddressInfo, Socket } from "node:net"
import { createSecureContext, type SecureContext } from "node:tls"
import { type Authority, createAuthority, type KeyAndCertificate } from "./certificates.ts"
import type { Fault } from "./faults.ts"
import { type Request, readRequest } from "./request.ts"

/** One request in the log of a server. It holds names of fields; their values are kept by each emulator. */
export interface LoggedRequest {
  readonly method: string
  readonly host: string
  readonly path: string
  /** With the question mark; empty if there is no query. */
  readonly query: string
  readonly fieldNames: readonly string[]
  readonly cookieNames: readonly string[]
  readonly headerNames: readonly string[]
  readonly userAgent: string
  /** Status of the answer; missing until it was sent. */
  status?: number
  /** Milliseconds from its arrival until it was answered. */
  tookMs?: number
}

export interface PlainAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}
export type Answer = PlainAnswer | Fault

/** `untrusted`: signed by an authority that clients do not trust. `wrong name`: for another host. */
export type TlsMode = "trusted" | "untrusted" | "expired" | "not yet valid" | "wrong name"

export interface ServerSettings {
  /** Milliseconds from the arrival of a request to its answer. */
  delayMs: number
  /** The next connection to a host name gets it; a connection to 127.0.0.1 only if it was set at the start. */
  tls: TlsMode
  /** How far the server's clock is ahead, in the `Date` of its answers. */
  clockAheadMs?: number
}

export interface LoopbackServer {
  readonly port: number
  readonly log: LoggedRequest[]
  /** Connections that finished their TLS handshake. */
  readonly connections: () => number
  /** Connections that are open now, before TLS as well. */
  readonly openSockets: () => number
  /** The highest number of requests that were open at one time since the last reset. */
  readonly peakConcurrency: () => number
  /** Bytes of floods that were sent: a client that stopped reading received few. */
  readonly floodedBytes: () => number
  /** Empties the log and the counts. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

export interface ServerPlan {
  readonly authority: Authority
  /** Read for each connection and request, so a test can change it at any time. */
  readonly settings: ServerSettings
  readonly answer: (request: Request) => Answer | Promise<Answer>
  /** Plain HTTP instead of TLS. */
  readonly plain?: boolean
}

const loopbackNames = ["localhost", "127.0.0.1", "::1"]
/** Longer than the pause of a test or demo at a prompt. ADFS and STS keep connections open for minutes, too. */
const keepAliveMs = 120_000

/** Starts an HTTPS server on an ephemeral port of 127.0.0.1. It has a certificate for every name in SNI. */
export async function startServer(plan: ServerPlan): Promise<LoopbackServer> {
  const log: LoggedRequest[] = []
  const counts = { connections: 0, open: 0, peak: 0, flooded: 0 }
  const contexts = new Map<string, SecureContext>()

  const listener = async (message: IncomingMessage, response: ServerResponse) => {
    const arrival = performance.now()
    counts.open += 1
    counts.peak = Math.max(counts.peak, counts.open)
    response.once("close", () => {
      counts.open -= 1
    })
    const request = await readRequest(message, plan.plain ? "http" : "https")
    if (!request) return void message.destroy()
    const entry = logged(request)
    log.push(entry)
    let answer: Answer
    try {
      answer = await plan.answer(request)
    } catch (error) {
      answer = {
        status: 500,
        body: `a defect of the emulator: ${error instanceof Error ? error.stack : error}`,
      }
    }
    await sleep(plan.settings.delayMs - (performance.now() - arrival))
    const clock = Date.now() + (plan.settings.clockAheadMs ?? 0)
    response.setHeader("date", new Date(clock).toUTCString())
    entry.tookMs = performance.now() - arrival
    send(answer, request, response, entry, bytes => {
      counts.flooded += bytes
    })
  }

  const contextFor = (host: string) => {
    const key = `${plan.settings.tls} ${host}`
    const context = contexts.get(key) ?? createSecureContext(certificateFor(plan, host))
    contexts.set(key, context)
    return context
  }
  const server: Server = plan.plain
    ? createPlainServer(listener)
    : createServer(
        { SNICallback: (name, done) => done(null, contextFor(name)), ...certificateFor(plan, "") },
        listener,
      )
  server.keepAliveTimeout = keepAliveMs
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  server.on(plan.plain ? "connection" : "secureConnection", () => {
    counts.connections += 1
  })

  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening))
  return {
    port: (server.address() as AddressInfo).port,
    log,
    connections: () => counts.connections,
    openSockets: () => sockets.size,
    peakConcurrency: () => counts.peak,
    floodedBytes: () => counts.flooded,
    forget() {
      log.length = 0
      counts.connections = 0
      counts.peak = counts.open
      counts.flooded = 0
    },
    close: () =>
      new Promise(closed => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function certificateFor({ authority, settings }: ServerPlan, host: string): KeyAndCertificate {
  const names = host === "" ? loopbackNames : [host]
  switch (settings.tls) {
    case "trusted":
      return authority.serverCertificate(names)
    case "untrusted":
      return createAuthority("An authority that is not trusted").serverCertificate(names)
    case "expired":
      return authority.serverCertificate(names, "expired")
    case "not yet valid":
      return authority.serverCertificate(names, "not yet valid")
    case "wrong name":
      return authority.serverCertificate(["another-host.example"])
  }
}

function logged(request: Request): LoggedRequest {
  return {
    method: request.method,
    host: request.host,
    path: request.path,
    query: request.query,
    fieldNames: request.fields.map(([name]) => name),
    cookieNames: request.cookies.map(([name]) => name),
    headerNames: Object.keys(request.headers),
    userAgent: request.headers["user-agent"] ?? "",
  }
}

function send(
  answer: Answer,
  request: Request,
  response: ServerResponse,
  entry: LoggedRequest,
  flooded: (bytes: number) => void,
): void {
  if (response.destroyed) return
  if (!("kind" in answer)) {
    entry.status = answer.status
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
    if (!response.hasHeader("content-type") && answer.body)
      response.setHeader("content-type", "text/html; charset=utf-8")
    response.writeHead(answer.status)
    response.end(request.method === "HEAD" ? undefined : answer.body)
    return
  }
  switch (answer.kind) {
    case "hang":
      return
    case "drop":
      response.writeHead(200, { "content-type": "text/html", "content-length": "5000" })
      response.write("<!DOCTYPE html><html><head><title>Sign In", () => response.socket?.destroy())
      return
    case "stall":
      response.writeHead(200, { "content-type": "text/html", "content-length": "5000" })
      response.write("<!DOCTYPE html><html><head><title>Sign In")
      return
    case "trickle": {
      response.writeHead(200, { "content-type": "text/html" })
      const timer = setInterval(() => response.write(" "), answer.everyMs ?? 1_000)
      response.once("close", () => clearInterval(timer))
      return
    }
    case "101":
      entry.status = 101
      response.socket?.write(
        `HTTP/1.1 101 Switching Protocols\r\n${answer.bare ? "" : "Upgrade: websocket\r\nConnection: Upgrade\r\n"}\r\n`,
      )
      return
    case "flood":
      flood(answer, response, flooded)
      return
    case "redirect":
      entry.status = answer.status ?? 302
      response.writeHead(entry.status, { location: answer.to, "content-length": "0" }).end()
      return
    case "endless redirects": {
      entry.status = 302
      const hop = Number(/[?&]hop=(\d+)/.exec(request.query)?.[1] ?? 0) + 1
      response.writeHead(302, { location: `${request.path}?hop=${hop}`, "content-length": "0" }).end()
      return
    }
    case "answer":
      entry.status = answer.status
      response.writeHead(answer.status, {
        "content-type": answer.type ?? "text/html; charset=utf-8",
        ...answer.headers,
      })
      response.end(typeof answer.body === "function" ? answer.body(request) : answer.body)
  }
}

/** Writes as fast as the client reads: a client that stops reading stops the flood. */
function flood(
  fault: Fault & { kind: "flood" },
  response: ServerResponse,
  sent: (bytes: number) => void,
): void {
  const total = fault.bytes ?? 400_000_000
  const chunk = Buffer.alloc(256 * 1024, "<!-- flood -->")
  response.writeHead(200, {
    "content-type": "text/html",
    ...(fault.contentLength ? { "content-length": String(total) } : {}),
  })
  let left = total
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const size = Math.min(left, chunk.length)
      left -= size
      sent(size)
      if (!response.write(size === chunk.length ? chunk : chunk.subarray(0, size)))
        return response.once("drain", more)
    }
    return response.end()
  }
  more()
}

const sleep = (ms: number) => (ms > 0 ? new Promise<void>(done => setTimeout(done, ms)) : undefined)
