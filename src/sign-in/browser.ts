import axios from "axios"
import { CookieJar } from "tough-cookie"
import { PumError } from "../errors.ts"
import { type Network, networkTrouble } from "../http/network.ts"
import { isLoopback } from "../http/proxy.ts"
import type { Form } from "./pages/form.ts"

/** One page as it arrived, after redirects. */
export interface Answer {
  /** Absolute address of the page itself. */
  readonly url: string
  readonly status: number
  readonly html: string
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
}

/** What of a browser this program needs: cookies, redirects and forms, for one identity provider. */
export interface Browser {
  /** @throws PumError `idpUnreachable`, `idpUnsafe` */
  get(url: URL): Promise<Answer>
  /** Posts to the identity provider's own origins only. @throws PumError `idpUnreachable`, `idpUnsafe` */
  post(form: Form): Promise<Answer>
}

export interface BrowserSettings {
  readonly network: Network
  /** Where forms may be posted to: the identity provider's origin first, then those the user listed. */
  readonly origins: readonly string[]
  readonly userAgent: string
  readonly now: () => number
  readonly trace: (line: string) => void
}

const pageLimit = 5 * 1024 * 1024
const redirectLimit = 10
const isRedirect = new Set([301, 302, 303, 307, 308])

interface Exchange {
  readonly status: number
  readonly html: string
  readonly location: string | undefined
}

export function openBrowser({ network, origins, userAgent, now, trace }: BrowserSettings): Browser {
  // Nameless cookies are legal in browsers; a jar for one run and one identity provider is shared with nobody.
  const jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false })

  async function follow(start: URL, form: Form | undefined): Promise<Answer> {
    let url = start
    let body = form
    for (let hops = 0; hops <= redirectLimit; hops++) {
      const { status, html, location } = await exchange(url, body)
      if (location === undefined) return { url: url.href, status, html, at: now() }
      if (body !== undefined && (status === 307 || status === 308)) {
        throw new PumError(
          "idpUnsafe",
          `${url.host} wants the same form sent once more elsewhere; that could repeat a password`,
        )
      }
      url = nextAddress(location, url)
      body = undefined
    }
    throw new PumError("idpPage", `${start.host} redirects without end`)
  }

  async function exchange(url: URL, form: Form | undefined): Promise<Exchange> {
    const started = now()
    const cookies = await jar.getCookieString(url.href)
    try {
      const answer = await axios.request<ArrayBuffer>({
        url: url.href,
        method: form === undefined ? "GET" : "POST",
        headers: {
          "User-Agent": userAgent,
          Accept: "text/html,application/xhtml+xml",
          "Accept-Language": "en",
          ...(form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
          ...(cookies === "" ? {} : { Cookie: cookies }),
        },
        ...(form === undefined ? {} : { data: encoded(form) }),
        httpAgent: network.agentFor(url),
        httpsAgent: network.agentFor(url),
        signal: AbortSignal.timeout(network.limits.answer),
        proxy: false,
        maxRedirects: 0,
        maxContentLength: pageLimit,
        responseType: "arraybuffer",
        validateStatus: null,
      })
      for (const cookie of setCookies(answer.headers))
        await jar.setCookie(cookie, url.href, { ignoreError: true })
      trace(
        `${form === undefined ? "GET" : "POST"} ${url.origin}${url.pathname} ${answer.status} ${now() - started} ms`,
      )
      const location = isRedirect.has(answer.status) ? headerText(answer.headers.location) : undefined
      return { status: answer.status, html: new TextDecoder().decode(answer.data), location }
    } catch (error) {
      throw unreachable(url, error)
    }
  }

  return {
    get: url => follow(url, undefined),
    async post(form) {
      const target = new URL(form.action)
      if (!origins.includes(target.origin)) {
        throw new PumError(
          "idpUnsafe",
          `the page wants its form sent to ${target.origin}, which is not ${origins.join(" or ")}; nothing was sent`,
          {
            hint: `if that is right, list ${target.origin} under idp_origins in ~/.pum-aws`,
          },
        )
      }
      return follow(target, form)
    },
  }
}

function encoded(form: Form): string {
  const body = new URLSearchParams()
  for (const [name, value] of form.fields) body.append(name, value)
  return body.toString()
}

function nextAddress(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (
    next === undefined ||
    (next.protocol !== "https:" && !(next.protocol === from.protocol && isLoopback(next)))
  ) {
    throw new PumError("idpUnsafe", `${from.host} redirects to an address that is not https`)
  }
  return next
}

function setCookies(headers: { readonly [name: string]: unknown }): string[] {
  const value = headers["set-cookie"]
  return Array.isArray(value) ? value.map(String) : []
}

function headerText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}

/** axios' errors hold the password and the cookies: only their kind goes into words. */
function unreachable(url: URL, error: unknown): PumError {
  if (error instanceof PumError) return error
  if (error instanceof Error && error.message.includes("maxContentLength")) {
    return new PumError(
      "idpPage",
      `${url.host} sent a page of more than ${pageLimit / 1024 / 1024} MB; it was not read`,
    )
  }
  const trouble = axios.isCancel(error) ? { what: "did not answer in time" } : networkTrouble(error)
  return new PumError("idpUnreachable", `${url.host} ${trouble.what}`, { hint: trouble.hint })
}
