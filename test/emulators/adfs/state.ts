import { randomBytes } from "node:crypto"
import type { Request } from "../server/request.ts"
import type { AdfsSettings, User } from "./settings.ts"
import type { OfferedForm } from "./strict-form.ts"

/** One sign-in, from its first page to the token. The cookie MSISSamlRequest names it. */
export interface SignIn {
  readonly cookie: string
  /** The forms of the page that was sent last. Only they may be posted. */
  offered: readonly OfferedForm[]
  /** Whether AWS was chosen, by `loginToRp` or in the picker. */
  relyingPartyChosen: boolean
}

/** A session, which the cookies MSISAuth… name. */
export interface Session {
  readonly cookie: string
  readonly user: User
  /** Whether both factors were right. */
  readonly complete: boolean
  /** When the password was right, and when ADFS forgets the session, in milliseconds since 1970. */
  readonly began: number
  readonly ends: number
  /** The sign-in that the second factor was given for. */
  readonly factorGivenFor: SignIn | undefined
  /** Times of its tokens, for a loop guard that counts on the server. */
  readonly tokenTimes: number[]
}

/** What an ADFS server remembers between two requests. */
export class AdfsState {
  readonly #signIns = new Map<string, SignIn>()
  readonly #sessions = new Map<string, Session>()
  readonly #usedCodes = new Set<string>()
  readonly #wrongPasswords = new Map<string, number>()

  signInOf(request: Request): SignIn | undefined {
    const [cookie] = cookieValues(request, "MSISSamlRequest")
    return cookie === undefined ? undefined : this.#signIns.get(cookie)
  }

  newSignIn(): SignIn {
    const signIn = { cookie: randomBytes(120).toString("base64"), offered: [], relyingPartyChosen: false }
    this.#signIns.set(signIn.cookie, signIn)
    return signIn
  }

  endSignIn(signIn: SignIn): void {
    this.#signIns.delete(signIn.cookie)
  }

  /** The session of a request; found only if all parts of a split cookie were sent. */
  sessionOf(request: Request): Session | undefined {
    const parts: string[] = []
    for (let n = 0; ; n += 1) {
      const part = cookieValues(request, partName(n)).find(value => value !== "")
      if (part === undefined) break
      parts.push(part)
    }
    const session = this.#sessions.get(parts.join(""))
    return session !== undefined && Date.now() < session.ends ? session : undefined
  }

  newSession(
    user: User,
    settings: AdfsSettings,
    complete: boolean,
    { began = Date.now(), factorGivenFor }: Partial<Pick<Session, "began" | "factorGivenFor">> = {},
  ): Session {
    const bytes = settings.bigCookies ? 4200 : 600
    const session = {
      cookie: randomBytes(bytes).toString("base64"),
      user,
      complete,
      began,
      ends: began + settings.sessionHours * 3600_000,
      factorGivenFor,
      tokenTimes: [],
    }
    this.#sessions.set(session.cookie, session)
    return session
  }

  endSession(session: Session): void {
    this.#sessions.delete(session.cookie)
  }

  endSessions(): void {
    this.#sessions.clear()
  }

  /** Returns the user if the password is right and the account is not locked. Counts wrong passwords. */
  authenticate(userName: string, password: string, settings: AdfsSettings): User | undefined {
    const key = userName.toLowerCase()
    const user = settings.users.find(({ name }) => name.toLowerCase() === key)
    const wrong = this.#wrongPasswords.get(key) ?? 0
    const wellFormed = /[\\@]/.test(userName) && password !== "" && password.length <= 128
    if (user && wellFormed && password === user.password && wrong < settings.lockAfter) {
      this.#wrongPasswords.delete(key)
      return user
    }
    this.#wrongPasswords.set(key, wrong + 1)
    return undefined
  }

  isLocked(userName: string, settings: AdfsSettings): boolean {
    return (this.#wrongPasswords.get(userName.toLowerCase()) ?? 0) >= settings.lockAfter
  }

  /** Whether a code is right; true once for each code of a user. */
  redeemCode(user: User, code: string): boolean {
    const right = user.codes === "any six digits" ? /^\d{6}$/.test(code) : user.codes.includes(code)
    const key = `${user.name.toLowerCase()} ${code}`
    if (!right || this.#usedCodes.has(key)) return false
    this.#usedCodes.add(key)
    return true
  }

  forget(): void {
    this.#signIns.clear()
    this.#sessions.clear()
    this.#usedCodes.clear()
    this.#wrongPasswords.clear()
  }
}

const partName = (n: number) => (n === 0 ? "MSISAuth" : `MSISAuth${n}`)

export const cookieValues = (request: Request, name: string) =>
  request.cookies.filter(([cookieName]) => cookieName === name).map(([, value]) => value)

export const scope = "path=/adfs; HttpOnly; Secure; SameSite=None"

export const signInCookie = (signIn: SignIn) => `MSISSamlRequest=${signIn.cookie}; ${scope}`

/** MSISAuth, then MSISAuth1, … for what is longer than 2,000 characters. */
export function sessionCookies(session: Session): string[] {
  const parts = session.cookie.match(/.{1,2000}/g) ?? []
  return parts.map((part, n) => `${partName(n)}=${part}; ${scope}`)
}

/**
 * Cookies of the token page. The blank MSISAuth has a path of its own: a browser then sends both. SamlSession gets
 * longer at each use, until the request is too long.
 */
export function tokenCookies(session: Session, request: Request): string[] {
  const [samlSession = ""] = cookieValues(request, "SamlSession")
  const now = Buffer.from(new Date().toISOString()).toString("base64")
  return [
    ...sessionCookies(session),
    "MSISAuth=; path=/adfs/ls; HttpOnly; Secure; SameSite=None",
    `MSISAuthenticated=${now}; ${scope}`,
    `MSISSignOut=${randomBytes(60).toString("base64")}; ${scope}`,
    `SamlSession=${samlSession}${randomBytes(300).toString("hex")}; ${scope}`,
  ]
}
