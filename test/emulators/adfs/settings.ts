import type { ServerSettings } from "../server/loopback-server.ts"
import type { AssertionOptions } from "./assertion.ts"
import type { OwnPage, SecondFactorName } from "./second-factors.ts"

export interface User {
  /** `DOMAIN\user` or `user@domain`; compared without regard to case, as Active Directory does. */
  readonly name: string
  readonly password: string
  /** The right codes, or any six digits. Each code works once for each user. */
  readonly codes: readonly string[] | "any six digits"
  /** Role ARNs of this user; default: `roles` of the settings. */
  readonly roles?: readonly string[]
  /** Signing in leads to the page that asks for a new password. */
  readonly passwordExpired?: boolean
}

export type LoginPage = "2012R2" | "2016" | "2019" | "2019-paginated" | "2.0"

/** The answer of the phone to a push message or a call. */
export type PhoneOutcome = "approved" | "refused" | "no answer"

/** A second factor by its name, or one with any other name. */
export type SecondFactor =
  | SecondFactorName
  | {
      /** The adapter's AuthMethod. */
      readonly authMethod: string
      readonly field: string
      readonly label: string
      readonly type?: "text" | "password" | "tel" | "number"
    }
  | {
      /** The adapter's AuthMethod. */
      readonly authMethod: string
      /** Pages of a test's own, one after the other. */
      readonly pages: readonly OwnPage[]
    }

/** An identity provider of the page that comes before the login page. */
export interface HomeRealm {
  /** `AD AUTHORITY` is this ADFS itself. */
  readonly value: string
  readonly name: string
}

/** Configuration of the ADFS server. A test may change every property at any time; the next answer follows it. */
export interface AdfsSettings extends ServerSettings {
  /**
   * Fields that no page offered: refused, so that a program is seen to send what a browser sends; or ignored, as real
   * servers do, so that programs written for those get through.
   */
  unknownFields: "refused" | "ignored"
  /** Where token requests are counted: ADFS keeps count in MSISLoopDetectionCookie, in the hands of the client. */
  loopGuard: "cookie" | "server"
  /** Identity providers to choose from before the login page; none: no such page. */
  homeRealms: readonly HomeRealm[]
  users: readonly User[]
  /** Role ARNs of every user without own `roles`. */
  roles: readonly string[]
  loginPage: LoginPage
  /** Address that the login form posts to; default: its own page, as at ADFS. Another origin is a trap. */
  loginAction: string | undefined
  /** The answer to the right password: the next page, or 302 to the same address. */
  afterPassword: "page" | "redirect"
  /** Empty: the password is enough. Several: a page with links comes first. */
  secondFactors: readonly SecondFactor[]
  /** Text of the page for a refused code. Adapters of ADFS often show none. */
  codeRefusedText: string
  /** Text for a refused password, in place of that of ADFS in the language of the request. */
  passwordRefusedText: string | ((submitted: { userName: string; password: string }) => string) | undefined
  /** After so many wrong passwords in a row the account is locked: the right password is refused with the same page. */
  lockAfter: number
  push: {
    /** How often the waiting page is posted until the phone answers. */
    polls: number
    outcome: PhoneOutcome
  }
  /** Phone call: how long its POST takes (milliseconds), and its result. */
  call: { blockMs: number; outcome: PhoneOutcome }
  /** `none`: `loginToRp` chooses. `endless`: the picker is shown again after each choice. */
  relyingPartyPicker: "none" | "before login" | "after login" | "endless"
  /** Names in the picker. A name with "Amazon Web Services" or "AWS" is AWS. */
  relyingParties: readonly string[]
  /** False: HTTP 503, as ADFS answers when IdP-initiated sign-on is disabled. */
  idpInitiatedSignOn: boolean
  /** A User-Agent that looks like a browser of Windows gets 401 and `WWW-Authenticate: Negotiate`. */
  negotiateWithWindows: boolean
  /** Makes session cookies that are so long that ADFS splits them. */
  bigCookies: boolean
  /** How long ADFS knows a browser after the password: 8 by default, 24 with "keep me signed in". */
  sessionHours: number
  /** Whether the relying party wants a new second factor at each visit, also of a browser that ADFS knows. */
  freshSecondFactor: boolean
  /** The user that assertions name in place of the one who signed in: the cookies of another user. */
  otherSubject: string | undefined
  /** Address that the token page posts the assertion to. */
  tokenAction: string
  relayState: string | undefined
  assertion: AssertionOptions
}

/** Visma's: the roles are those of the README of the Python script. */
export function defaultAdfsSettings(): AdfsSettings {
  return {
    clockAheadMs: 0,
    delayMs: 0,
    tls: "trusted",
    unknownFields: "refused",
    loopGuard: "cookie",
    homeRealms: [],
    users: [defaultUser],
    roles: [
      "arn:aws:iam::095344953043:role/RDSAlice",
      "arn:aws:iam::039882259752:role/ViewOnlyAccess",
      "arn:aws:iam::585848786654:role/AdministratorAccess",
      "arn:aws:iam::095344953043:role/PowerUserAccess",
    ],
    loginPage: "2016",
    loginAction: undefined,
    afterPassword: "page",
    secondFactors: ["VismaMFAAdapter"],
    codeRefusedText: "",
    passwordRefusedText: undefined,
    lockAfter: 5,
    push: { polls: 2, outcome: "approved" },
    call: { blockMs: 0, outcome: "approved" },
    relyingPartyPicker: "none",
    relyingParties: ["Salesforce", "Amazon Web Services", "Visma Confluence"],
    idpInitiatedSignOn: true,
    negotiateWithWindows: true,
    bigCookies: false,
    sessionHours: 8,
    freshSecondFactor: false,
    otherSubject: undefined,
    tokenAction: "https://signin.aws.amazon.com:443/saml",
    relayState: undefined,
    assertion: {},
  }
}

export const defaultUser = {
  name: "adm\\dev_aly",
  password: "correct horse & battery+staple=100%",
  codes: ["444692", "123456", "234567", "345678", "456789", "567890", "678901", "789012", "890123", "901234"],
} as const satisfies User
