import http from "node:http"
import https from "node:https"
import axios from "axios"
import { plain } from "../errors.ts"
import { codeOf } from "../files/file-error.ts"
import { pause } from "../platform/event-loop.ts"
import { acceptedEncodings, decompressed } from "./decompress.ts"
import type { Network } from "./network.ts"
import { exchangeTimeout, type NetworkSources, networkTrouble, SwitchedProtocols } from "./network-errors.ts"
import type { NetworkTrouble } from "./protocol-errors.ts"

export interface HttpRequest {
  readonly method: "GET" | "POST"
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

export interface HttpResponse {
  readonly status: number
  /** By lower-case names; those that came several times are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** Every `Set-Cookie` header. */
  readonly setCookies: readonly string[]
  readonly body: Uint8Array
}

export interface SendLimits {
  /** Bytes of the answer, after decompression. */
  readonly maxBytes: number
  /** For the whole exchange; default: the network's own limit. */
  readonly milliseconds?: number | undefined
  /** Ends the exchange early. */
  readonly signal?: AbortSignal | undefined
}

/**
 * There is no answer that can be used. Says why in words that follow the server's name, and holds nothing of the
 * request, which can be a password or an assertion.
 */
export class HttpFailure extends Error {
  readonly what: string
  readonly hint: string | undefined
  readonly isTransient: boolean
  readonly hasAnswered: boolean

  constructor({ what, hint, isTransient = false, hasAnswered = false }: NetworkTrouble) {
    super(what)
    this.name = "HttpFailure"
    this.what = what
    this.hint = hint
    this.isTransient = isTransient
    this.hasAnswered = hasAnswered
  }
}

/**
 * Sends one request and reads the whole answer, whatever its status. Follows no redirect and keeps no cookie.
 * @throws HttpFailure, or PumError `usage` if a proxy variable holds no address
 */
export async function send(
  network: Network,
  { method, url, headers, body }: HttpRequest,
  { maxBytes, milliseconds = network.limits.exchange, signal }: SendLimits,
): Promise<HttpResponse> {
  const agent = network.agentFor(url)
  const transport = transportFor(url)
  const exchange = (timeUp: AbortSignal) =>
    axios.request<Uint8Array>({
      url: url.href,
      method,
      headers: { "Accept-Encoding": acceptedEncodings, ...headers },
      decompress: false,
      ...(body === undefined ? {} : { data: body }),
      httpAgent: agent,
      httpsAgent: agent,
      transport,
      signal: signal === undefined ? timeUp : AbortSignal.any([timeUp, signal]),
      proxy: false,
      maxRedirects: 0,
      maxContentLength: maxBytes,
      responseType: "arraybuffer",
      validateStatus: null,
    })
  try {
    const answer = await withinLimit(milliseconds, timeUp =>
      exchange(timeUp).catch(error => {
        // The server closed a connection that was kept open, just when it was used again.
        if (method !== "GET" || !transport.wasClosed(error)) throw error
        return exchange(timeUp)
      }),
    )
    await transport.released()
    const { headers: texts, setCookies } = headersOf(answer.headers)
    network.clock.compare(url.host, texts.date)
    const encoding = texts["content-encoding"] ?? ""
    const whole = decompressed(encoding, answer.data, maxBytes)
    if (whole === undefined) throw unknownEncoding(encoding)
    return { status: answer.status, body: whole, headers: texts, setCookies }
  } catch (error) {
    throw httpFailure(error, maxBytes, network.sourcesFor(url))
  }
}

/**
 * Runs something that takes time and can be aborted.
 * @throws HttpFailure when the time is up, even if the abortion has no effect
 */
export async function withinLimit<Result>(
  milliseconds: number,
  run: (timeUp: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new HttpFailure(exchangeTimeout))
      controller.abort()
    }, milliseconds)
  })
  return Promise.race([run(controller.signal), tooLate]).finally(() => clearTimeout(timer))
}

/**
 * Twice Node's own limit: IIS takes cookies of 16 kB, and sends as many to a user of many groups, each with its path and
 * other attributes.
 */
const maxHeaderSize = 32 * 1024

/** Milliseconds after an answer in which the request before it is written to its end. A server may never read that. */
const releaseTime = 100

/**
 * Node's own client, with an error for status 101. Without it axios would wait for ever: with an `Upgrade` header Node
 * closes the socket and reports nothing, without one it waits for a body.
 */
function transportFor({ protocol }: URL) {
  const { request } = protocol === "https:" ? https : http
  let closed: Promise<void> | undefined
  let last: http.ClientRequest | undefined
  return {
    /** Whether an error says that the server closed a connection before it answered its second request, or a later one. */
    wasClosed: (error: unknown) =>
      last?.reusedSocket === true && ["ECONNRESET", "EPIPE"].includes(codeOf(error) ?? ""),
    /**
     * After the answer, waits until the connection is free: else the next request would open another one. It is not free
     * yet if the event loop was blocked after the request was written.
     */
    released: () => Promise.race([closed, pause(releaseTime)]),
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const sent = request({ ...options, maxHeaderSize }, response => {
        if (response.statusCode === 101) sent.destroy(new SwitchedProtocols())
        else onResponse(response)
      })
      last = sent
      closed = new Promise(resolve => sent.once("close", () => resolve()))
      sent.once("upgrade", (_response, socket) => {
        socket.destroy()
        // Node regards the request as over: destroy() would do nothing.
        sent.emit("error", new SwitchedProtocols())
      })
      return sent
    },
  }
}

const unknownEncoding = (encoding: string) =>
  new HttpFailure({
    what: `sent an answer in an encoding that was not asked for (${plain(encoding, 40)})`,
    hint: askOperators,
    hasAnswered: true,
  })

const askOperators = "tell those who run the server, or the proxy before it"

function headersOf(all: { readonly [name: string]: unknown }): Pick<HttpResponse, "headers" | "setCookies"> {
  const { "set-cookie": setCookies, ...others } = all
  const texts = Object.entries(others).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    headers: Object.fromEntries(texts),
    setCookies: Array.isArray(setCookies) ? setCookies.map(String) : [],
  }
}

function httpFailure(error: unknown, maxBytes: number, sources: NetworkSources): HttpFailure {
  if (error instanceof HttpFailure) return error
  if (error instanceof Error && isTooLarge(error)) {
    const what = `sent an answer of more than ${maxBytes / 1024 / 1024} MB; it was not read`
    return new HttpFailure({ what, hasAnswered: true })
  }
  return new HttpFailure(networkTrouble(error, sources))
}

const isTooLarge = (error: Error) =>
  error.message.includes("maxContentLength") || codeOf(error) === "ERR_BUFFER_TOO_LARGE"
