import type { Authority } from "./certificates.ts"
import { type LoggedRequest, type LoopbackServer, startServer } from "./loopback-server.ts"
import type { Request } from "./request.ts"

/** A server of another company. It accepts every request and keeps it: no secret may reach it. */
export interface StrangerEmulator {
  readonly host: string
  readonly port: number
  /** Port without TLS: a program that follows a redirect to http gets here. */
  readonly plainPort: number
  readonly log: readonly LoggedRequest[]
  readonly plainLog: readonly LoggedRequest[]
  /** Bodies and addresses of all requests, for a test to search for secrets. */
  readonly received: readonly string[]
  readonly reset: () => void
  readonly close: () => Promise<void>
}

export async function startStranger(authority: Authority): Promise<StrangerEmulator> {
  const received: string[] = []
  const settings = { delayMs: 0, tls: "trusted" as const }
  const answer = (request: Request) => {
    received.push(`${request.method} ${request.url}\n${request.headers.cookie ?? ""}\n${request.body}`)
    return {
      status: 200,
      body: "<!DOCTYPE html><html><head><title>Stranger</title></head><body></body></html>",
    }
  }
  const secure = await startServer({ authority, settings, answer })
  const plain = await startServer({ authority, settings, answer, plain: true })
  const servers: LoopbackServer[] = [secure, plain]
  return {
    host: "stranger.example",
    port: secure.port,
    plainPort: plain.port,
    log: secure.log,
    plainLog: plain.log,
    received,
    reset() {
      received.length = 0
      for (const server of servers) server.forget()
    },
    async close() {
      await Promise.all(servers.map(server => server.close()))
    },
  }
}
