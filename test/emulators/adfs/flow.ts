import { createHash, randomUUID } from "node:crypto"
import type { PlainAnswer } from "../server/loopback-server.ts"
import type { Request } from "../server/request.ts"
import { type Adfs, failure, originWithPort, redirectToSelf, show, targetOf } from "./answers.ts"
import { issue } from "./assertion.ts"
import { passwordRefusal } from "./languages.ts"
import { aspNames, loginPage, viewState } from "./login-pages.ts"
import { loopCookie, tokenRequests } from "./loop-guard.ts"
import { expiredPasswordPage, homeRealmPage, relyingPartyPage, tokenPage } from "./pages.ts"
import { startSecondFactor } from "./second-factor.ts"
import { type Session, type SignIn, sessionCookies, tokenCookies } from "./state.ts"
import type { FieldRule, OfferedForm } from "./strict-form.ts"

/** Answers GET of the sign-on page: query and cookies decide which page comes next. */
export async function signOnPage(adfs: Adfs, request: Request): Promise<PlainAnswer> {
  const { settings, state } = adfs
  const wanted = new URLSearchParams(request.query).get("loginToRp")
  if (wanted !== null && wanted !== "urn:amazon:webservices") {
    return failure(`MSIS7007: The requested relying party trust '${wanted}' is unspecified or unsupported.`)
  }
  const session = state.sessionOf(request)
  const signIn = state.signInOf(request) ?? state.newSignIn()
  if (wanted !== null && settings.relyingPartyPicker === "none") signIn.relyingPartyChosen = true
  const isFactorDue = settings.freshSecondFactor && session?.factorGivenFor !== signIn
  if (session?.complete && !isFactorDue) {
    return signIn.relyingPartyChosen
      ? token(adfs, request, signIn, session)
      : relyingParties(adfs, request, signIn, session)
  }
  if (session) return startSecondFactor(adfs, request, signIn, session)
  if (!signIn.relyingPartyChosen && settings.relyingPartyPicker !== "after login") {
    return relyingParties(adfs, request, signIn, undefined)
  }
  return settings.homeRealms.length === 0 ? login(adfs, request, signIn) : homeRealm(adfs, request, signIn)
}

/** Reply to a POST of a client that has seen no page: its form is taken as if the login page had been shown to it. */
export function offerLogin(adfs: Adfs, request: Request): SignIn {
  const signIn = adfs.state.newSignIn()
  signIn.relyingPartyChosen = adfs.settings.relyingPartyPicker === "none"
  login(adfs, request, signIn)
  return signIn
}

interface Refusal {
  readonly userName: string
  readonly errorText: string
}

function login(adfs: Adfs, request: Request, signIn: SignIn, refusal?: Refusal): PlainAnswer {
  const { loginPage: version, loginAction } = adfs.settings
  const target =
    version === "2012R2"
      ? `/adfs/ls/idpinitiatedsignon?client-request-id=${randomUUID()}`
      : `/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices&client-request-id=${randomUUID()}`
  const hidden = viewState()
  const content = {
    action: loginAction ?? target,
    optionsAction: `${originWithPort(request)}${target}`,
    userName: refusal?.userName ?? "",
    errorText: refusal?.errorText ?? "",
  }
  const fields: Record<string, FieldRule> =
    version === "2.0"
      ? {
          ...Object.fromEntries(Object.entries(hidden).map(([name, value]) => [name, { value }])),
          [aspNames.user]: {},
          [aspNames.password]: {},
          [aspNames.submit]: { value: "Sign In" },
        }
      : {
          UserName: {},
          Password: {},
          Kmsi: { value: "true", optional: true },
          AuthMethod: { value: "FormsAuthentication" },
        }
  const [user, password] = version === "2.0" ? [aspNames.user, aspNames.password] : ["UserName", "Password"]
  const form: OfferedForm = {
    targets: [target, targetOf(request)],
    fields,
    submit: (values, posted) => passwordPosted(adfs, posted, signIn, values(user), values(password)),
  }
  return show(request, signIn, loginPage(version, content, hidden), [form])
}

function passwordPosted(
  adfs: Adfs,
  request: Request,
  signIn: SignIn,
  userName: string,
  password: string,
): PlainAnswer {
  const { settings, state } = adfs
  const user = state.authenticate(userName, password, settings)
  if (!user) {
    const own = settings.passwordRefusedText
    const errorText =
      typeof own === "function"
        ? own({ userName, password })
        : (own ?? passwordRefusal(request.headers["accept-language"]))
    return login(adfs, request, signIn, { userName, errorText })
  }
  if (user.passwordExpired) return show(request, signIn, expiredPasswordPage(userName), [])
  const session = state.newSession(user, settings, settings.secondFactors.length === 0)
  const cookies = sessionCookies(session)
  if (session.complete || settings.afterPassword === "redirect") {
    signIn.offered = []
    return redirectToSelf(request, cookies)
  }
  return startSecondFactor(adfs, request, signIn, session, cookies)
}

function relyingParties(
  adfs: Adfs,
  request: Request,
  signIn: SignIn,
  session: Session | undefined,
): PlainAnswer {
  const { settings, state } = adfs
  const parties = settings.relyingParties.map(name => ({ id: guidOf(name), name }))
  const target = "/adfs/ls/idpinitiatedsignon.aspx"
  const button = session ? { SignInGo: { value: "Go" } } : { SignInSubmit: { value: "Sign in" } }
  const form: OfferedForm = {
    targets: [target],
    fields: {
      SignInOtherSite: { value: "SignInOtherSite" },
      SingleSignOut: { value: "SingleSignOut" },
      RelyingParty: {},
      ...button,
    },
    async submit(values, posted) {
      const party = parties.find(({ id }) => id === values("RelyingParty"))
      if (!party) return failure("MSIS7007: The requested relying party trust is unspecified or unsupported.")
      if (!/Amazon Web Services|AWS/.test(party.name)) {
        return failure(`MSIS5007: The caller is not allowed to use the relying party trust ${party.name}.`)
      }
      if (settings.relyingPartyPicker === "endless") return relyingParties(adfs, posted, signIn, session)
      signIn.relyingPartyChosen = true
      const present = state.sessionOf(posted)
      return present?.complete ? token(adfs, posted, signIn, present) : login(adfs, posted, signIn)
    },
  }
  const page = { action: target, signedIn: session !== undefined, relyingParties: parties }
  return show(request, signIn, relyingPartyPage(page), [form])
}

async function token(adfs: Adfs, request: Request, signIn: SignIn, session: Session): Promise<PlainAnswer> {
  const { settings, state } = adfs
  const requests = tokenRequests(settings.loopGuard, request, session)
  if (requests.tooMany) {
    return failure(
      `MSIS7042: The same client browser session has made '${requests.count}' requests in the last '20' seconds. Contact your administrator for details.`,
    )
  }
  state.endSignIn(signIn)
  const { user } = session
  const samlResponse = await issue(
    settings.otherSubject ?? user.name,
    user.roles ?? settings.roles,
    settings.assertion,
  )
  const body = tokenPage({ action: settings.tokenAction, samlResponse, relayState: settings.relayState })
  return {
    status: 200,
    body,
    headers: { "set-cookie": [...tokenCookies(session, request), loopCookie(requests)] },
  }
}

/** The choice of an identity provider. Its script gives a hidden field the name HomeRealmSelection before it submits. */
function homeRealm(adfs: Adfs, request: Request, signIn: SignIn): PlainAnswer {
  const target = targetOf(request)
  const { homeRealms } = adfs.settings
  const form: OfferedForm = {
    targets: [target],
    fields: { HomeRealmSelection: {}, Email: { value: "" } },
    submit(values, posted) {
      const chosen = homeRealms.find(({ value }) => value === values("HomeRealmSelection"))
      if (chosen === undefined) return failure("MSIS7054: The home realm is not known.")
      if (chosen.value === "AD AUTHORITY") return login(adfs, posted, signIn)
      return { status: 302, headers: { location: "https://stranger.example/login", "content-length": "0" } }
    },
  }
  return show(request, signIn, homeRealmPage(target, homeRealms), [form])
}

/** A relying party has the same GUID each time, as in a real configuration. */
function guidOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex")
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  )
}
