import type { Answers, Login } from "../answers/answers.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { awaitApproval } from "./approval.ts"
import type { Answer, Browser } from "./browser.ts"
import { type Form, filled } from "./pages/form.ts"
import { type Choice, type PageOf, readPage, type UsablePage } from "./pages/page.ts"
import { codeRefused, loginRefused, notUsable, passwordExpired } from "./refusals.ts"

export interface SignInSettings {
  readonly browser: Browser
  readonly idpUrl: URL
  readonly answers: Answers
  /** The first user name and password, which are being typed already. */
  readonly login: Promise<Login>
  /** Cuts that question short: nobody types a password for a server that is not there. */
  readonly cutShort: (reason: unknown) => void
  readonly terminal: Terminal
  /** How many passwords may be tried in all. */
  readonly logins: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

const pageLimit = 12
const codeLimit = 3
/** ADFS forgets what its login page belongs to; an older one is fetched anew before the password is posted. */
const loginPageLifetime = 4 * 60_000

/**
 * Signs in: reads a page, answers it, and goes on until ADFS hands out an assertion.
 * @returns the SAMLResponse, base64, and where a browser would take it
 * @throws PumError `signInRefused`, `codeRefused`, `passwordExpired`, `idpUnreachable`, `idpPage`, `idpUnsafe`,
 *   `answerMissing`, `cancelled`
 */
export async function signIn(settings: SignInSettings): Promise<PageOf<"assertion">> {
  const visit = new Visit(settings)
  let page = await visit.open()
  for (let pages = 1; pages <= pageLimit; pages++) {
    if (page.kind === "assertion") return page
    page = await visit.answer(page)
  }
  throw new PumError("idpPage", `ADFS sent ${pageLimit} pages without an end; the sign-in was given up`)
}

/** One sign-in: what was sent so far decides what a page that comes back means. */
class Visit {
  private readonly settings: SignInSettings
  private login: Login | undefined
  private loginsSent = 0
  /** Whether the sign-in has just been opened: then a login page is a question, later it is a refusal. */
  private opened = true
  private readonly codesSent: string[] = []
  /** What the last post answered: the same question once more is a refusal, often without a word. */
  private answered = ""
  private arrivedAt = 0

  constructor(settings: SignInSettings) {
    this.settings = settings
  }

  /** Fetches the first page while the first question is on the screen. */
  async open(): Promise<UsablePage> {
    const { browser, idpUrl, login, cutShort } = this.settings
    const opening = browser.get(idpUrl).then(answer => this.understood(answer))
    opening.catch(cutShort)
    this.login = await login
    const done = this.settings.terminal.progress("Opening the sign-in page")
    return opening.finally(done)
  }

  async answer(page: Exclude<UsablePage, PageOf<"assertion">>): Promise<UsablePage> {
    switch (page.kind) {
      case "login":
        return this.logIn(page)
      case "code":
        return this.enterCode(page)
      case "approval":
        return this.waitForPhone(page)
      case "adapters":
        return this.chooseAdapter(page)
      case "relyingParties":
        return this.chooseParty(page)
    }
  }

  private async logIn(page: PageOf<"login">): Promise<UsablePage> {
    const { answers, browser, idpUrl, logins, now, terminal } = this.settings
    if (!this.opened) {
      const refused = loginRefused(page, this.answered !== "login")
      if (this.loginsSent === logins || !answers.canGiveAnotherPassword) throw refused
      terminal.warn(inOneLine(refused))
      this.login = undefined
    }
    this.login ??= await answers.login(new AbortController().signal)
    if (now() - this.arrivedAt > loginPageLifetime) {
      terminal.trace("the login page is too old, fetching it anew")
      this.opened = true
      return this.working("Opening the sign-in page", browser.get(idpUrl))
    }
    this.loginsSent++
    this.opened = false
    this.answered = "login"
    const { username, password } = this.login
    return this.post(
      "Checking user and password",
      filled(page.form, { [page.fields.username]: username, [page.fields.password]: password }),
    )
  }

  private async enterCode(page: PageOf<"code">): Promise<UsablePage> {
    const { answers, terminal } = this.settings
    const question = `code ${page.adapter} ${page.field}`
    const refused = this.answered === question
    if (refused) {
      const refusal = codeRefused(page, this.codesSent.length)
      if (this.codesSent.length === codeLimit || !answers.canGiveAnotherCode) throw refusal
      terminal.warn(inOneLine(refusal))
    } else if (page.refusal !== undefined) terminal.warn(page.refusal)
    const label = page.adapter === "VismaMFAAdapter" ? "Visma Google Auth 2FA Token" : page.label
    const code = await answers.code({ label, hidden: page.hidden, used: this.codesSent, refused })
    this.codesSent.push(code)
    this.answered = question
    return this.post("Checking the code", filled(page.form, { [page.field]: code }))
  }

  private async waitForPhone(page: PageOf<"approval">): Promise<UsablePage> {
    const { now, pause, terminal } = this.settings
    this.answered = "approval"
    return awaitApproval(page, {
      now,
      pause,
      terminal,
      post: form => this.post("Waiting for the second factor", form),
    })
  }

  private async chooseAdapter({ form, choices }: PageOf<"adapters">): Promise<UsablePage> {
    const usual = this.opened ? "FormsAuthentication" : "VismaMFAAdapter"
    const offered = choices.filter(choice => choice.value === usual)
    const id = await this.pick(offered.length === 1 ? offered : choices, "Please choose how to sign in:")
    return this.post(`Choosing ${id}`, filled(form, { AuthMethod: id }))
  }

  private async chooseParty({ form, choices }: PageOf<"relyingParties">): Promise<UsablePage> {
    const aws = choices.filter(choice => /amazon web services|\baws\b/i.test(choice.label))
    const id = await this.pick(aws.length === 0 ? choices : aws, "Please choose what to sign in to:")
    return this.post("Choosing AWS", filled(form, { RelyingParty: id }))
  }

  private async pick(choices: readonly Choice[], message: string): Promise<string> {
    const { terminal } = this.settings
    const labels = choices.map(choice => choice.label)
    if (choices.length > 1 && !terminal.interactive) {
      throw new PumError(
        "answerMissing",
        `ADFS asks to choose, and there is no terminal to ask on: ${labels.join(", ")}`,
        {
          hint: "give --idp-url an address that leaves no choice",
        },
      )
    }
    const index =
      choices.length === 1
        ? 0
        : await terminal.choose(
            { message },
            labels.map(label => [label]),
          )
    return choices[index]?.value ?? ""
  }

  private post(label: string, form: Form): Promise<UsablePage> {
    return this.working(label, this.settings.browser.post(form))
  }

  private async working(label: string, request: Promise<Answer>): Promise<UsablePage> {
    const done = this.settings.terminal.progress(label)
    return this.understood(await request.finally(done))
  }

  private understood(answer: Answer): UsablePage {
    const page = readPage(answer.html, answer.url)
    this.arrivedAt = answer.at
    this.settings.terminal.trace(`page: ${page.kind}${"adapter" in page ? ` ${page.adapter}` : ""}`)
    if (page.kind === "error" || page.kind === "unknown") throw notUsable(page, answer.status)
    if (page.kind === "passwordExpired") throw passwordExpired(page)
    return page
  }
}
