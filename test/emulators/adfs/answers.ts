import type { PlainAnswer } from "../server/loopback-server.ts"
import type { Request } from "../server/request.ts"
import { errorPage } from "./pages.ts"
import type { AdfsSettings } from "./settings.ts"
import { type AdfsState, type SignIn, signInCookie } from "./state.ts"
import type { OfferedForm } from "./strict-form.ts"

/** State that the pages of one ADFS server share. */
export interface Adfs {
  readonly settings: AdfsSettings
  readonly state: AdfsState
  /** All passwords and codes that were sent, right or wrong, in order. */
  readonly passwords: string[]
  readonly codes: string[]
  /** Users who signed out. */
  readonly signOuts: string[]
}

export const failure = (message: string, status = 200): PlainAnswer => ({
  status,
  body: errorPage({ message }),
})

/** Answers with a page. Only forms of that page may be posted next. */
export function show(
  request: Request,
  signIn: SignIn,
  body: string,
  offered: readonly OfferedForm[],
  cookies: readonly string[] = [],
): PlainAnswer {
  signIn.offered = offered
  const isNew = !request.cookies.some(([, value]) => value === signIn.cookie)
  const setCookie = isNew ? [signInCookie(signIn), ...cookies] : cookies
  return { status: 200, body, headers: setCookie.length > 0 ? { "set-cookie": setCookie } : {} }
}

/** 302 without a body to the address of the request, absolute and with the port, as ADFS writes it. */
export function redirectToSelf(request: Request, cookies: readonly string[]): PlainAnswer {
  const location = `${originWithPort(request)}${targetOf(request)}`
  return { status: 302, headers: { location, "set-cookie": cookies, "content-length": "0" } }
}

export const targetOf = (request: Request) => `${request.path}${request.query}`

export function originWithPort({ scheme, host }: Request): string {
  return `${scheme}://${/:\d+$/.test(host) ? host : `${host}:443`}`
}

export const footerYear = ({ loginPage }: AdfsSettings) =>
  ({ "2.0": 2016, "2012R2": 2013, "2016": 2016, "2019": 2018, "2019-paginated": 2018 })[loginPage]
