import type { IncomingHttpHeaders, IncomingMessage } from "node:http"

/** A request as it was sent: duplicates are kept, nothing is guessed. */
export interface Request {
  readonly scheme: "https" | "http"
  readonly method: string
  /** As in the Host header: `federation.visma.com`, `127.0.0.1:4711`. */
  readonly host: string
  readonly path: string
  /** With the question mark; empty if there is no query. */
  readonly query: string
  /** `https://host/path?query` as a browser would show it. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Fields of a form in the body, in order, with duplicates; empty for any other type of body. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Cookies in the order of the header, with duplicates. */
  readonly cookies: readonly (readonly [name: string, value: string])[]
}

const maxBodyBytes = 10_000_000

/** Reads the whole request. `undefined` if the client went away or sends too much. */
export async function readRequest(
  message: IncomingMessage,
  scheme: "https" | "http",
): Promise<Request | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maxBodyBytes) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  const body = Buffer.concat(chunks).toString("utf8")
  const host = message.headers.host ?? ""
  const target = message.url ?? "/"
  const questionMark = target.indexOf("?")
  return {
    scheme,
    method: message.method ?? "",
    host,
    path: questionMark < 0 ? target : target.slice(0, questionMark),
    query: questionMark < 0 ? "" : target.slice(questionMark),
    url: `${scheme}://${host}${target}`,
    headers: message.headers,
    body,
    fields: isForm(message.headers) ? [...new URLSearchParams(body)] : [],
    cookies: readCookies(message.headers.cookie ?? ""),
  }
}

export function isForm(headers: IncomingHttpHeaders): boolean {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase()
  return type === "application/x-www-form-urlencoded"
}

function readCookies(header: string): [string, string][] {
  return header
    .split(";")
    .map(pair => pair.trim())
    .filter(pair => pair !== "")
    .map(pair => {
      const equals = pair.indexOf("=")
      return equals < 0 ? ["", pair] : [pair.slice(0, equals), pair.slice(equals + 1)]
    })
}
