import type { Answers } from "../answers/answers.ts"
import type { Login } from "../answers/questions.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { chooseOne } from "./choose-one.ts"
import { NotSignedIn, requireSignedIn } from "./not-signed-in.ts"
import { type Form, filled } from "./pages/form/form.ts"
import { readPage } from "./pages/page.ts"
import type { PageChoice, PageOf, UsablePage } from "./pages/page-kinds.ts"
import { strangersTitle } from "./pages/unknown-page.ts"
import {
  accountUnknown,
  loginRefused,
  mailAddressNeeded,
  newWords,
  notUsable,
  passwordExpired,
  userNameRefused,
} from "./refusals.ts"
import { SecondFactor } from "./second-factor.ts"
import type { FetchedPage, WebSession } from "./web-session.ts"

export interface SignInSettings {
  readonly web: WebSession
  readonly idpUrl: URL
  /** The page at `idpUrl`, asked for already. */
  readonly firstPage: Promise<FetchedPage>
  readonly answers: Answers
  readonly terminal: Terminal
  /** How many passwords may be tried in all. */
  readonly maxPasswords: number
  /** Whether the browser is known to ADFS: then no user and password are asked for, and a login page ends the visit. */
  readonly isResumed?: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

const maxPages = 12
/** ADFS forgets the request that its login page belongs to: an older page is fetched anew before the password is posted. */
const loginPageLifetime = 4 * 60_000

/**
 * Signs in: reads a page, answers it, and goes on until ADFS gives an assertion.
 * @returns the SAMLResponse, base64, and the address that a browser would post it to
 * @throws PumError `signInRefused`, `codeRefused`, `passwordExpired`, `idpUnreachable`, `idpPage`, `idpUnsafe`,
 *   `answerMissing`, `cancelled`
 */
export async function signIn(settings: SignInSettings): Promise<PageOf<"assertion">> {
  const visit = new Visit(settings)
  let page = await visit.open()
  for (let pages = 1; pages <= maxPages; pages++) {
    if (page.kind === "assertion") return page
    page = await visit.answer(page)
  }
  throw new PumError("idpPage", `ADFS sent ${maxPages} pages without an end; the sign-in was given up`)
}

/**
 * Visits ADFS as a browser that it knows. A second factor may be asked for.
 * @returns the token page; or why there is none, if ADFS does not know the browser any more
 * @throws PumError as `signIn` does
 */
export async function resumeSignIn(
  settings: Omit<SignInSettings, "maxPasswords" | "isResumed">,
): Promise<PageOf<"assertion"> | NotSignedIn> {
  return signIn({ ...settings, maxPasswords: 0, isResumed: true }).catch(error => {
    if (error instanceof NotSignedIn) return error
    throw error
  })
}

/** One sign-in. Remembers what was sent: that decides what a page means that comes again. */
class Visit {
  private readonly settings: SignInSettings
  private login: Login | undefined
  private passwordsSent = 0
  private readonly factor: SecondFactor
  /** Whether nothing was answered yet: then a login page is a question; later it is a refusal. */
  private isAtStart = true
  /** Whether the last post was a login form: the login page again is then a refusal of it, often without a word. */
  private hasJustLoggedIn = false
  private pageArrivedAt = 0
  /** What a page that asks for the user name alone was answered with. */
  private givenName: string | undefined
  /** What the first login page marks as an error: it is no refusal. */
  private notice: string | undefined

  constructor(settings: SignInSettings) {
    this.settings = settings
    const { answers, now, pause, terminal, web } = settings
    this.factor = new SecondFactor({
      answers,
      terminal,
      now,
      pause,
      post: (progress, form, limit) => this.readWhenThere(progress, web.post(form, limit)),
      get: (progress, address, limit) => this.readWhenThere(progress, web.get(address, limit)),
    })
  }

  /** Reads the first page while the user types. If it cannot be had, the question on the screen ends with the error. */
  async open(): Promise<UsablePage> {
    const { answers, firstPage, isResumed, terminal } = this.settings
    if (isResumed) {
      this.isAtStart = false
      return this.readWhenThere("Opening the sign-in page", firstPage)
    }
    const question = new AbortController()
    const opening = firstPage.then(page => this.read(page))
    opening.catch(error => question.abort(error))
    this.login = await answers.login(question.signal)
    return opening.finally(terminal.progress("Opening the sign-in page"))
  }

  async answer(page: Exclude<UsablePage, PageOf<"assertion">>): Promise<UsablePage> {
    switch (page.kind) {
      case "login":
        return this.logIn(page)
      case "userName":
        return this.giveUserName(page)
      case "relay":
        return this.goOn(page)
      case "homeRealms":
        return this.chooseHomeRealm(page)
      case "adapters":
        return this.chooseAdapter(page)
      case "relyingParties":
        return this.chooseParty(page)
      default:
        this.hasJustLoggedIn = false
        return this.factor.answer(page)
    }
  }

  private async logIn(page: PageOf<"login">): Promise<UsablePage> {
    const { answers, idpUrl, maxPasswords, now, terminal, web } = this.settings
    if (!this.isAtStart) {
      const refused = loginRefused(newWords(page.refusal, this.notice), !this.hasJustLoggedIn)
      if (this.passwordsSent === maxPasswords || !answers.canGiveAnotherPassword) throw refused
      terminal.warn(inOneLine(refused))
      this.login = undefined
    } else this.notice = page.refusal
    const isNameless = page.fields.username === undefined
    if (isNameless && this.givenName === undefined) throw accountUnknown()
    this.login ??= await answers.login(new AbortController().signal)
    const isOfOther = isNameless && this.givenName !== this.login.username
    if (isOfOther || now() - this.pageArrivedAt > loginPageLifetime) {
      terminal.trace(`the login page is ${isOfOther ? "another user's" : "too old"}, fetching it anew`)
      this.isAtStart = true
      this.givenName = undefined
      return this.readWhenThere("Opening the sign-in page", web.get(idpUrl))
    }
    this.passwordsSent++
    this.isAtStart = false
    this.hasJustLoggedIn = true
    const { username, password } = this.login
    return this.post(
      "Checking user and password",
      filled(page.form, {
        ...(page.fields.username === undefined ? {} : { [page.fields.username]: username }),
        [page.fields.password]: password,
      }),
    )
  }

  /** The password is not asked for here: whatever comes next, no try was spent. */
  private async giveUserName(page: PageOf<"userName">): Promise<UsablePage> {
    if (this.givenName !== undefined || !this.isAtStart) throw userNameRefused(page)
    this.login ??= await this.settings.answers.login(new AbortController().signal)
    const { username } = this.login
    if (page.isMail && !username.includes("@")) throw mailAddressNeeded()
    this.givenName = username
    return this.post("Sending the user name", filled(page.form, { [page.field]: username }))
  }

  /** Changes nothing of what the next page means. */
  private async goOn({ next, delay }: PageOf<"relay">): Promise<UsablePage> {
    const { pause, web } = this.settings
    if (delay > 0) await pause(delay)
    const fetching = "address" in next ? web.get(new URL(next.address)) : web.post(next)
    return this.readWhenThere("Going on with the sign-in", fetching)
  }

  private async chooseHomeRealm({ form, choices }: PageOf<"homeRealms">): Promise<UsablePage> {
    const own = choices.filter(({ value }) => value === "AD AUTHORITY")
    const realm = await this.pick(own.length > 0 ? own : choices, "Please choose where to sign in:")
    return this.post("Choosing where to sign in", filled(form, { HomeRealmSelection: realm }))
  }

  private async chooseAdapter({ form, choices }: PageOf<"adapters">): Promise<UsablePage> {
    const usual = this.isAtStart ? "FormsAuthentication" : "VismaMFAAdapter"
    const offered = choices.filter(({ value }) => value === usual)
    const id = await this.pick(offered.length === 1 ? offered : choices, "Please choose how to sign in:")
    return this.post(`Choosing ${id}`, filled(form, { AuthMethod: id }))
  }

  private async chooseParty({ form, choices }: PageOf<"relyingParties">): Promise<UsablePage> {
    const aws = choices.filter(({ label }) => /amazon web services|\baws\b/i.test(label))
    const id = await this.pick(aws.length === 0 ? choices : aws, "Please choose what to sign in to:")
    return this.post("Choosing AWS", filled(form, { RelyingParty: id }))
  }

  private pick(choices: readonly PageChoice[], message: string): Promise<string> {
    const hint = "give --idp-url an address that leaves no choice"
    return chooseOne(choices, this.settings.terminal, { message, hint })
  }

  private post(progress: string, form: Form): Promise<UsablePage> {
    this.factor.forgetLast()
    return this.readWhenThere(progress, this.settings.web.post(form))
  }

  private async readWhenThere(progress: string, fetching: Promise<FetchedPage>): Promise<UsablePage> {
    return this.read(await fetching.finally(this.settings.terminal.progress(progress)))
  }

  private read(fetched: FetchedPage): UsablePage {
    const { html, url, status, arrivedAt } = fetched
    const page = readPage(html, url, status)
    this.pageArrivedAt = arrivedAt
    this.settings.terminal.trace(`page: ${page.kind}${"adapter" in page ? ` ${page.adapter}` : ""}`)
    if (this.settings.isResumed) requireSignedIn(page, status)
    if (page.kind === "passwordExpired") throw passwordExpired(page)
    const isNoAnswer = page.kind === "message" && this.isNoAnswer(page, fetched)
    if (page.kind === "error" || page.kind === "unknown" || isNoAnswer)
      throw notUsable(page, {
        ...fetched,
        idpUrl: this.settings.idpUrl,
        stranger: this.titleOfStranger(fetched),
      })
    return page
  }

  /** Words of no adapter are no answer to this sign-in before anything was posted, nor as an error of HTTP. */
  private isNoAnswer({ adapter, buttons }: PageOf<"message">, fetched: FetchedPage): boolean {
    if (adapter !== "") return false
    if (fetched.status >= 400) return true
    const isOffer = () => buttons.length > 0 && this.titleOfStranger(fetched) === undefined
    return this.isAtStart && !isOffer()
  }

  /** Behind the password, only a status tells another server from an adapter with looks of its own. */
  private titleOfStranger({ html, url, status }: FetchedPage): string | undefined {
    return this.isAtStart || status >= 400 ? strangersTitle(html, url) : undefined
  }
}
