import { PumError, plain } from "../errors.ts"
import type { Answers, Login } from "../secrets/answers.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type Approval, approve } from "./approval.ts"
import type { Answer, Browser } from "./browser.ts"
import { filled } from "./form.ts"
import { type Choice, type Page, readPage } from "./page.ts"

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

type PageOf<Kind extends Page["kind"]> = Extract<Page, { kind: Kind }>

const pageLimit = 12
const codeLimit = 3
/** ADFS forgets what its login page belongs to; an older one is fetched anew before the password is posted. */
const loginPageLifetime = 4 * 60_000

/**
 * Signs in: reads a page, answers it, and goes on until ADFS hands out an assertion.
 * The first page is fetched while the user types; when it cannot be had, the question is cut short.
 * @returns the SAMLResponse, base64
 * @throws PumError `signInRefused`, `codeRefused`, `passwordExpired`, `idpUnreachable`, `idpPage`, `idpUnsafe`,
 *   `answerMissing`, `cancelled`
 */
export async function signIn(settings: SignInSettings): Promise<string> {
  const { browser, idpUrl, answers, terminal, now } = settings
  const opening = browser.get(idpUrl).then(understood)
  opening.catch(settings.cutShort)
  let login = await settings.login
  let { page, at } = await opening
  let sent: "nothing" | "login" | "code" = "nothing"
  let loginsLeft = settings.logins
  const codes = new CodeCount()
  let approval: Approval | undefined

  for (let pages = 0; pages < pageLimit; pages++) {
    switch (page.kind) {
      case "assertion":
        return page.samlResponse
      case "passwordExpired":
        throw new PumError("passwordExpired", page.message ?? "your password has expired", {
          hint: "change it where you change your privileged user's password, then sign in again",
        })
      case "error":
      case "unknown":
        throw notUsable(page, 200)
      case "login": {
        if (sent === "login") {
          loginsLeft--
          if (loginsLeft === 0 || !answers.canAskAgain) throw loginRefused(page)
          terminal.warn(loginRefused(page).message)
          login = await answers.login(new AbortController().signal)
        } else if (sent === "code") {
          throw new PumError(
            "signInRefused",
            page.refusal ?? "ADFS asks for the password again after the 2FA code; it was not sent again",
          )
        }
        if (now() - at > loginPageLifetime) {
          sent = "nothing"
          ;({ page, at } = await working("Opening the sign-in page", browser.get(idpUrl).then(understood)))
          break
        }
        const { username, password } = page.fields
        const form = filled(page.form, { [username]: login.username, [password]: login.password })
        sent = "login"
        ;({ page, at } = await working("Checking user and password", browser.post(form).then(understood)))
        break
      }
      case "code": {
        if (codes.wasRefused(page)) {
          if (codes.sent.length === codeLimit || !answers.canAskAgain)
            throw codeRefused(page, codes.sent.length)
          terminal.warn(codeRefused(page, 1).message)
        } else if (page.refusal !== undefined) terminal.warn(page.refusal)
        const label = page.adapter === "VismaMFAAdapter" ? "Visma Google Auth 2FA Token" : page.label
        const code = await answers.code({ label, hidden: page.hidden, used: codes.sent })
        codes.add(page, code)
        sent = "code"
        ;({ page, at } = await working(
          "Checking the code",
          browser.post(filled(page.form, { [page.field]: code })).then(understood),
        ))
        break
      }
      case "approval":
        // Waiting for a phone is one page, however often ADFS is asked.
        if (approval?.adapter === page.adapter) pages--
        approval ??= { adapter: page.adapter, since: now(), number: undefined }
        sent = "code"
        ;({ page, at } = await working(
          "Waiting for the second factor",
          approve(page, approval, settings).then(understood),
        ))
        break
      case "adapters": {
        const id = await chosenAdapter(page)
        ;({ page, at } = await working(
          `Choosing ${id}`,
          browser.post(filled(page.form, { AuthMethod: id })).then(understood),
        ))
        break
      }
      case "relyingParties": {
        const party = await chosenParty(page)
        ;({ page, at } = await working(
          "Choosing AWS",
          browser.post(filled(page.form, { RelyingParty: party })).then(understood),
        ))
        break
      }
    }
  }
  throw new PumError("idpPage", `ADFS sent ${pageLimit} pages without an end; the sign-in was given up`)

  function understood(answer: Answer): { page: Page; at: number } {
    const read = readPage(answer.html, answer.url)
    terminal.trace(`page: ${read.kind}${"adapter" in read ? ` ${read.adapter}` : ""}`)
    if (read.kind === "error" || read.kind === "unknown") throw notUsable(read, answer.status)
    return { page: read, at: answer.at }
  }

  async function working<T>(label: string, work: Promise<T>): Promise<T> {
    const done = terminal.progress(label)
    return work.finally(done)
  }

  async function chosenAdapter({ choices }: PageOf<"adapters">): Promise<string> {
    const known = sent === "nothing" ? ["FormsAuthentication", "VismaMFAAdapter"] : ["VismaMFAAdapter"]
    const offered = choices.filter(choice => known.includes(choice.value))
    const only = offered.length === 1 ? offered : choices
    return pick(only, "Please choose how to sign in:")
  }

  function chosenParty({ choices }: PageOf<"relyingParties">): Promise<string> {
    const aws = choices.filter(choice => /amazon web services|\baws\b/i.test(choice.label))
    return pick(aws.length === 0 ? choices : aws, "Please choose what to sign in to:")
  }

  async function pick(choices: readonly Choice[], message: string): Promise<string> {
    if (choices.length > 1 && !terminal.interactive) {
      throw new PumError(
        "answerMissing",
        `ADFS offers several ways on, and there is no terminal to ask on: ${choices.map(choice => choice.label).join(", ")}`,
        {
          hint: "give --idp-url an address that names one",
        },
      )
    }
    const index =
      choices.length === 1
        ? 0
        : await terminal.choose(
            { message },
            choices.map(choice => [choice.label]),
          )
    return choices[index]?.value ?? ""
  }
}

/** The codes sent so far, and the questions they answered. */
class CodeCount {
  readonly sent: string[] = []
  private last = ""

  add(page: PageOf<"code">, code: string): void {
    this.sent.push(code)
    this.last = this.questionOf(page)
  }

  /** The same question once more means the code was refused: ADFS often gives no word of it. */
  wasRefused(page: PageOf<"code">): boolean {
    return this.last === this.questionOf(page)
  }

  private questionOf(page: PageOf<"code">): string {
    return `${page.adapter} ${page.field}`
  }
}

function loginRefused(page: PageOf<"login">): PumError {
  return new PumError("signInRefused", `ADFS refused the user name or password${quoted(page.refusal)}`, {
    hint: "it does not tell a wrong password from a locked account; too many wrong ones lock it",
  })
}

function codeRefused(page: PageOf<"code">, times: number): PumError {
  return new PumError(
    "codeRefused",
    `ADFS refused the 2FA code${times > 1 ? `, ${times} times` : ""}${quoted(page.refusal)}`,
    {
      hint: "each code works once and for a short time: wait for the next one",
    },
  )
}

function quoted(text: string | undefined): string {
  return text === undefined ? "" : `: ${text}`
}

function notUsable(page: PageOf<"error"> | PageOf<"unknown">, status: number): PumError {
  if (page.kind === "error") {
    const id =
      page.activityId === undefined
        ? ""
        : ` (activity id ${page.activityId.replace(/^activity id:\s*/i, "")})`
    return new PumError("idpPage", `ADFS answered with an error: ${page.message || `HTTP ${status}`}${id}`, {
      ...(page.activityId === undefined ? {} : { hint: "the activity id is what the help desk asks for" }),
    })
  }
  if (status === 503) {
    return new PumError("idpPage", "ADFS is out of service or has this address switched off (HTTP 503)", {
      hint: "try again later, or give another --idp-url",
    })
  }
  if (status === 401)
    return new PumError("idpPage", "ADFS wants Windows sign-in instead of its login page (HTTP 401)")
  const described = plain(page.description)
  return new PumError(
    "idpPage",
    `ADFS sent a page that pum-aws does not know (HTTP ${status}; ${described})`,
    {
      hint: "please report this line: it names the page's fields, and holds nothing secret",
    },
  )
}
