import { once } from "node:events"
import { ClientRequest } from "node:http"
import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { type Network, type NetworkLimits, networkLimits, openNetwork } from "../../../src/http/network.ts"
import { type HttpFailure, type HttpResponse, send, withinLimit } from "../../../src/http/send.ts"
import { type Authority, createAuthority } from "../../emulators/server/certificates.ts"
import type { Fault } from "../../emulators/server/faults.ts"
import { type Answer, type LoopbackServer, startServer } from "../../emulators/server/loopback-server.ts"
import type { Request } from "../../emulators/server/request.ts"

const authority: Authority = createAuthority("An authority of these tests")
let server: LoopbackServer
let answer: (request: Request) => Answer

beforeAll(async () => {
  const settings = { delayMs: 0, tls: "trusted" as const }
  server = await startServer({ authority, settings, answer: request => answer(request) })
})
beforeEach(() => {
  answer = () => ({ status: 200, body: "hello" })
  server.forget()
})
afterAll(() => server.close())

interface Sent {
  readonly limits?: Partial<NetworkLimits>
  readonly maxBytes?: number
  readonly milliseconds?: number
  readonly body?: string
}

function sendOne({
  limits = {},
  maxBytes = 1024 * 1024,
  milliseconds,
  body,
}: Sent = {}): Promise<HttpResponse> {
  const network = openNetwork({
    env: {},
    ca: { pem: authority.pem, source: "--ca-bundle" },
    limits: { ...networkLimits, ...limits },
  })
  onTestFinished(() => network.close())
  const url = new URL(`https://localhost:${server.port}/path?query`)
  const headers = { "X-Test": "1" }
  const request = { method: body === undefined ? "GET" : "POST", url, headers, body } as const
  return send(network, request, { maxBytes, ...(milliseconds === undefined ? {} : { milliseconds }) })
}

const failed = (sent: Sent = {}): Promise<HttpFailure> =>
  sendOne(sent).then(
    () => expect.fail("it was answered"),
    (error: HttpFailure) => error,
  )

/** A server of plain HTTP, which answers each request by the socket itself. */
let raw: Server
let rawNetwork: Network | undefined
const sockets = new Set<Socket>()

function serve(reply: (socket: Socket) => void): void {
  raw = createServer(socket => {
    sockets.add(socket)
    socket.on("error", () => {}).on("data", () => reply(socket))
  }).listen(0, "127.0.0.1")
  onTestFinished(() => {
    rawNetwork?.close()
    rawNetwork = undefined
    for (const socket of sockets) socket.destroy()
    raw.close()
  })
}

const rawAnswer = (body: Buffer, header = "X: y") =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${header}\r\nContent-Length: ${body.length}\r\n\r\n`), body])

async function sendRaw(method: "GET" | "POST" = "GET"): Promise<HttpResponse> {
  if (!raw.listening) await once(raw, "listening")
  rawNetwork ??= openNetwork({ env: {}, ca: undefined, limits: networkLimits })
  const { port } = raw.address() as AddressInfo
  const url = new URL(`http://127.0.0.1:${port}/`)
  const body = method === "POST" ? "text" : undefined
  return send(rawNetwork, { method, url, headers: {}, body }, { maxBytes: 1024 * 1024 })
}

describe("send", () => {
  it.each([
    ["20 ms after the answer", 20],
    ["never", undefined],
  ])("gives the answer when the connection is free for the next request: %s", async (_, after) => {
    const { emit } = ClientRequest.prototype
    const order: string[] = []
    vi.spyOn(ClientRequest.prototype, "emit").mockImplementation(function (
      this: ClientRequest,
      name,
      ...values
    ) {
      if (name !== "close") return emit.call(this, name, ...values)
      if (after === undefined) return true
      setTimeout(() => {
        order.push("free")
        emit.call(this, name)
      }, after)
      return true
    })
    onTestFinished(() => void vi.restoreAllMocks())
    await sendOne()
    order.push("answer")
    expect(order).toEqual([...(after === undefined ? [] : ["free"]), "answer"])
  })

  it("gives status, headers, cookies and body of any answer", async () => {
    answer = request => ({
      status: 418,
      headers: { "X-One": "1", "Set-Cookie": ["a=b", "c=d"] },
      body: `${request.method} ${request.path}${request.query} ${request.headers["x-test"]} ${request.body}`,
    })
    const { status, headers, setCookies, body } = await sendOne({ body: "text" })
    expect([status, headers["x-one"], setCookies]).toEqual([418, "1", ["a=b", "c=d"]])
    expect(new TextDecoder().decode(body)).toBe("POST /path?query 1 text")
  })

  it.each(["zstd-of-tomorrow", "gzip, gzip"])("reads no answer in the encoding %j", async encoding => {
    answer = () => ({ status: 200, headers: { "Content-Encoding": encoding }, body: "hello" })
    expect(await failed()).toMatchObject({
      what: `sent an answer in an encoding that was not asked for (${encoding})`,
      hint: "tell those who run the server, or the proxy before it",
    })
  })

  it.each(["identity", ""])("reads an answer in the encoding %j", async encoding => {
    answer = () => ({ status: 200, headers: { "Content-Encoding": encoding }, body: "hello" })
    expect((await sendOne()).status).toBe(200)
  })

  const text = "hello ".repeat(50)
  it.each<[string, string, Buffer]>([
    ["gzip", "gzip", gzipSync(text)],
    ["gzip by its old name", "X-Gzip", gzipSync(text)],
    ["deflate", "deflate", deflateSync(text)],
    ["deflate, as a bare stream", "deflate", deflateRawSync(text)],
    ["br", "br", brotliCompressSync(text)],
  ])("reads an answer in %s, and none that is cut off", async (_, encoding, compressed) => {
    let body = compressed
    serve(socket => socket.end(rawAnswer(body, `Content-Encoding: ${encoding}`)))
    expect(new TextDecoder().decode((await sendRaw()).body)).toBe(text)
    body = compressed.subarray(0, -6)
    await expect(sendRaw()).rejects.toMatchObject({ what: "sent an answer that cannot be decompressed" })
  })

  it("reads no more than the limit of what is compressed", async () => {
    serve(socket => socket.end(rawAnswer(gzipSync(Buffer.alloc(1024 * 1024 + 1)), "Content-Encoding: gzip")))
    await expect(sendRaw()).rejects.toMatchObject({
      what: "sent an answer of more than 1 MB; it was not read",
    })
  })

  it.each([
    ["GET", 3],
    ["POST", 2],
  ] as const)(
    "sends %s again, or not, if the server had closed the connection meanwhile",
    async (method, count) => {
      let requests = 0
      serve(socket => {
        requests++
        if (requests === 2) socket.destroy()
        else socket.write(rawAnswer(Buffer.from("hello")))
      })
      await sendRaw()
      const second = sendRaw(method).then(
        ({ status }) => status,
        ({ what }) => what,
      )
      expect(await second).toBe(method === "GET" ? 200 : "closed the connection before it answered")
      expect(requests).toBe(count)
    },
  )

  it("sends nothing again on a new connection", async () => {
    let requests = 0
    serve(socket => {
      requests++
      socket.destroy()
    })
    await expect(sendRaw()).rejects.toMatchObject({ what: "closed the connection before it answered" })
    expect(requests).toBe(1)
  })

  it("follows no redirect", async () => {
    answer = () => ({ status: 302, headers: { location: "/elsewhere" } })
    expect(await sendOne()).toMatchObject({ status: 302, headers: { location: "/elsewhere" } })
    expect(server.log).toHaveLength(1)
  })

  it.each<[string, Fault]>([
    ["is silent", { kind: "hang" }],
    ["is silent after half an answer", { kind: "stall" }],
    ["sends a byte now and then", { kind: "trickle", everyMs: 20 }],
  ])("waits for the whole answer only so long where the server %s", async (_, fault) => {
    answer = () => fault
    expect(await failed({ limits: { exchange: 150 } })).toMatchObject({
      what: "did not answer in time",
      isTransient: true,
      hasAnswered: false,
    })
    expect(await failed({ milliseconds: 150 })).toMatchObject({ what: "did not answer in time" })
  })

  it.each([false, true])("takes 101 for an error at once, bare: %s", async bare => {
    answer = () => ({ kind: "101", bare })
    expect(await failed()).toMatchObject({
      what: "wants to go on in another protocol than HTTP (status 101)",
      isTransient: false,
      hasAnswered: true,
    })
  })

  it.each([true, false])("reads no more than the limit, announced: %s", async contentLength => {
    answer = () => ({ kind: "flood", bytes: 60_000_000, contentLength })
    expect(await failed()).toMatchObject({
      what: "sent an answer of more than 1 MB; it was not read",
      isTransient: false,
      hasAnswered: true,
    })
    expect(server.floodedBytes()).toBeLessThan(30_000_000)
  })

  it("reads an answer of just the limit", async () => {
    answer = () => ({ kind: "flood", bytes: 1024 * 1024 })
    expect((await sendOne()).body).toHaveLength(1024 * 1024)
  })

  it("holds nothing of what was sent in its error", async () => {
    answer = () => ({ kind: "drop" })
    const error = await failed({ body: "Password=hunter2" })
    expect([error.what, error.cause]).toEqual(["closed the connection before it answered", undefined])
    expect(JSON.stringify([error, Object.getOwnPropertyDescriptors(error)])).not.toContain("hunter2")
  })
})

describe("withinLimit", () => {
  it("ends even where the signal has no effect", async () => {
    const signals: AbortSignal[] = []
    const never = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<never>(() => {})
    }
    await expect(withinLimit(20, never)).rejects.toMatchObject({ what: "did not answer in time" })
    expect(signals[0]?.aborted).toBe(true)
  })

  it("gives what was obtained in time, and then aborts nothing", async () => {
    let seen: AbortSignal | undefined
    const run = async (signal: AbortSignal) => {
      seen = signal
      return "done"
    }
    expect(await withinLimit(20, run)).toBe("done")
    await new Promise(resolve => setTimeout(resolve, 40))
    expect(seen?.aborted).toBe(false)
  })
})
