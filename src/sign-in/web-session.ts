import { Cookie, CookieJar, defaultPath } from "tough-cookie"
import { PumError } from "../errors.ts"
import { type Network, sizeLimits } from "../http/network.ts"
import { decodePage, readPageText } from "../http/page-text.ts"
import { isLoopback } from "../http/proxy.ts"
import { HttpFailure, type HttpResponse, send } from "../http/send.ts"
import { somethingBetween } from "../http/web-page.ts"
import { turn } from "../platform/event-loop.ts"
import { formBody } from "./form-body.ts"
import type { Form } from "./pages/form/form.ts"

/** One page as it arrived, after redirects. */
export interface FetchedPage {
  /** Absolute address of the page itself. */
  readonly url: string
  readonly status: number
  /** Empty if what came is no text. */
  readonly html: string
  /** When it arrived, in milliseconds since 1970. */
  readonly arrivedAt: number
  /** `WWW-Authenticate` and `Retry-After` headers. */
  readonly authenticate?: string | undefined
  readonly retryAfter?: string | undefined
}

/** The parts of a browser that a sign-in needs: cookies, redirects and forms, for one identity provider. */
export interface WebSession {
  /**
   * @param limit for each exchange, in milliseconds; default: the network's own
   * @throws PumError `idpUnreachable`, `idpPage`, `idpUnsafe`
   */
  get(url: URL, limit?: number): Promise<FetchedPage>
  /**
   * Posts to the identity provider's own origins only.
   * @param limit for each exchange, in milliseconds; default: the network's own
   * @throws PumError `idpUnreachable`, `idpPage`, `idpUnsafe`
   */
  post(form: Form, limit?: number): Promise<FetchedPage>
}

/** A cookie by which ADFS knows a signed-in browser. */
export interface SessionCookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

/** `MSISAuth` comes in pieces (`MSISAuth1`, …). Those of a request and of the loop guard are not among them. */
const sessionCookieName = /^MSIS(Auth\d*|Authenticated|SignOut)$/

export interface WebSessionSettings {
  readonly network: Network
  /** Where forms may be posted to: the identity provider's origin first, then those the user listed. */
  readonly origins: readonly string[]
  readonly userAgent: string
  readonly now: () => number
  readonly trace: (line: string) => void
  /** Called with the value of each cookie: it is as good as a password while the sign-in lasts. */
  readonly keepSecret: (secret: string) => void
  /** Of an earlier sign-in; sent to the identity provider's own origin only. */
  readonly cookies?: readonly SessionCookie[]
}

const redirectLimit = 10
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/** @returns with `sessionCookies`, the cookies by which the identity provider's own origin knows this browser now */
export function openWebSession(settings: WebSessionSettings) {
  const { origins } = settings
  const visitor = new Visitor(settings)
  const session: WebSession & { readonly sessionCookies: () => readonly SessionCookie[] } = {
    sessionCookies: () => visitor.sessionCookies,
    get: async (url, limit) =>
      visitor.follow(checkedTarget(url, new URL(origins[0] ?? url)), undefined, limit),
    async post(form, limit) {
      const target = new URL(form.action)
      if (origins.includes(target.origin)) return visitor.follow(target, form, limit)
      throw new PumError(
        "idpUnsafe",
        `the page wants its form sent to ${target.origin}, which is not ${origins.join(" or ")}; nothing was sent`,
        { hint: `if that is right, list ${target.origin} under idp_origins in ~/.pum-aws` },
      )
    },
  }
  return session
}

/** Sends requests with the cookies of earlier answers. */
class Visitor {
  private readonly settings: WebSessionSettings
  // Cookies without a name are legal in browsers. Public suffixes need no check: one identity provider fills the jar.
  private readonly jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false })

  /** Of the last page, which is what its forms are sent in. */
  private encoding = "utf-8"
  /** By name and path. */
  private readonly ofSession = new Map<string, SessionCookie>()

  constructor(settings: WebSessionSettings) {
    this.settings = settings
    for (const cookie of settings.cookies ?? []) {
      settings.keepSecret(cookie.value)
      this.ofSession.set(`${cookie.name};${cookie.path}`, cookie)
      const text = `${cookie.name}=${cookie.value}; path=${cookie.path}; HttpOnly`
      this.jar.setCookieSync(text, this.ownOrigin, { ignoreError: true })
    }
  }

  get sessionCookies(): readonly SessionCookie[] {
    return [...this.ofSession.values()]
  }

  private get ownOrigin(): string {
    return this.settings.origins[0] ?? ""
  }

  /** A jar tells hosts apart, but not ports: what was remembered is not sent to another origin of the same host. */
  private async cookiesFor(url: URL): Promise<string> {
    const cookies = await this.jar.getCookies(url.href)
    const isOwn = this.settings.cookies === undefined || url.origin === this.ownOrigin
    return cookies
      .filter(({ key }) => isOwn || !sessionCookieName.test(key))
      .map(cookie => cookie.cookieString())
      .join("; ")
  }

  private noteSessionCookie(text: string, url: URL): void {
    const cookie = Cookie.parse(text, { loose: true })
    if (url.origin !== this.ownOrigin || cookie === undefined || !sessionCookieName.test(cookie.key)) return
    const path = cookie.path ?? defaultPath(url.pathname)
    const id = `${cookie.key};${path}`
    if (cookie.value === "" || cookie.TTL() <= 0) this.ofSession.delete(id)
    else this.ofSession.set(id, { name: cookie.key, value: cookie.value, path })
  }

  /** Posts the form, or gets the address, and follows redirects by GET to the page behind them. */
  async follow(start: URL, form: Form | undefined, limit?: number): Promise<FetchedPage> {
    let url = start
    let body = form
    for (let hops = 0; hops <= redirectLimit; hops++) {
      const response = await this.exchange(url, body, limit).catch(error => {
        throw unreachable(url, new URL(this.ownOrigin || url).host, error)
      })
      const { status } = response
      const location = redirectStatuses.has(status) ? response.headers.location : undefined
      if (!location) return this.pageIn(response, url)
      if (body !== undefined && (status === 307 || status === 308)) {
        throw new PumError(
          "idpUnsafe",
          `${url.host} wants the same form sent once more elsewhere; that could repeat a password`,
        )
      }
      url = redirectTarget(location, url)
      body = undefined
    }
    throw new PumError("idpPage", `${start.host} redirects without end`)
  }

  private pageIn({ status, headers, body }: HttpResponse, url: URL): FetchedPage {
    const { text, encoding } = readPageText(body, headers["content-type"])
    this.encoding = encoding
    return {
      url: url.href,
      status,
      html: isBinary(text) ? "" : text,
      arrivedAt: this.settings.now(),
      authenticate: headers["www-authenticate"],
      retryAfter: headers["retry-after"],
    }
  }

  private async exchange(
    url: URL,
    form: Form | undefined,
    milliseconds: number | undefined,
  ): Promise<HttpResponse> {
    const { network, userAgent, now, trace, keepSecret } = this.settings
    const method = form === undefined ? "GET" : "POST"
    const cookies = await this.cookiesFor(url)
    const headers = {
      "User-Agent": userAgent,
      Accept: "text/html,application/xhtml+xml",
      "Accept-Language": "en",
      ...(form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
      ...(cookies === "" ? {} : { Cookie: cookies }),
    }
    const body = form && formBody(form, this.encoding)
    const began = now()
    const limits = { maxBytes: sizeLimits.page, milliseconds }
    if (form !== undefined) await noticeClosings()
    const response = await send(network, { method, url, headers, body }, limits)
    for (const cookie of response.setCookies) {
      keepSecret(cookie.replace(/^[^=;]*=|;.*$/g, ""))
      await this.jar.setCookie(cookie, url.href, { ignoreError: true })
      this.noteSessionCookie(cookie, url)
    }
    trace(`${method} ${url.origin}${url.pathname} ${response.status} ${now() - began} ms`)
    return response
  }
}

/**
 * Waits until the event loop has asked for what has arrived, which may be that the server closed its connection right after
 * the page before: a form would be lost on it, and is not sent twice.
 */
async function noticeClosings(): Promise<void> {
  // The first turn ends with the events that the system had told of before.
  await turn()
  await turn()
}

/** Compressed data, a document, a picture: one character in fifty or more is for machines. */
function isBinary(text: string): boolean {
  return (text.match(/[\0-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0) > text.length / 50
}

/** @throws PumError `idpUnsafe` if the address is not https, unless both are on this machine */
function redirectTarget(location: string, from: URL): URL {
  const address = headerText(location)
  return checkedTarget(URL.canParse(address, from.href) ? new URL(address, from) : undefined, from)
}

/** @throws PumError `idpUnsafe` */
function checkedTarget(next: URL | undefined, from: URL): URL {
  if (
    next === undefined ||
    (next.protocol !== "https:" && !(next.protocol === from.protocol && isLoopback(next)))
  ) {
    throw new PumError("idpUnsafe", `${from.host} redirects to an address that is not https`, {
      hint: `${somethingBetween("ADFS")}, or the address is wrong: open it in a browser`,
    })
  }
  return next
}

/**
 * Node takes the bytes of a header for Latin-1. Servers that do not encode an address send it as UTF-8, as browsers read
 * it.
 */
function headerText(header: string): string {
  return decodePage(Buffer.from(header, "latin1"))
}

function unreachable(url: URL, ownHost: string, error: unknown): unknown {
  if (!(error instanceof HttpFailure)) return error
  const { what, hint, hasAnswered } = error
  const server = url.host === ownHost ? url.host : `${url.host}, where ${ownHost} leads to,`
  return new PumError(hasAnswered ? "idpPage" : "idpUnreachable", `${server} ${what}`, { hint })
}
