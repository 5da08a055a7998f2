import { trimPasted } from "../domain/pasted.ts"
import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { codeIn, compactCode, readLine, readUnusedCode } from "./codes.ts"
import type { ExternalSources } from "./external-sources.ts"
import { codePeriod, PasswordManager } from "./password-manager.ts"
import {
  askPassword,
  askRequired,
  type CodeQuestion,
  type Login,
  type OtherQuestion,
  passwordProblem,
  requirePassword,
} from "./questions.ts"

/** The answers that a sign-in needs. To ask again for one means that the last was refused. */
export interface Answers {
  /** @throws PumError `answerMissing`, `cancelled`, or the signal's reason when it aborts */
  login(signal: AbortSignal): Promise<Login>
  /** @throws PumError `answerMissing`, `codeRefused`, `cancelled` */
  code(question: CodeQuestion): Promise<string>
  /** Only stdin and the keyboard answer it. @throws PumError `answerMissing`, `cancelled` */
  other(question: OtherQuestion): Promise<string>
  /** Whether there can be another password than the refused one: only the keyboard gives a second one. */
  readonly canGiveAnotherPassword: boolean
  /** Whether there can be another code than the refused one. */
  readonly canGiveAnotherCode: boolean
}

export interface AnswerSources extends ExternalSources {
  /** The user name of the options, which is not asked for. */
  readonly username: string | undefined
  /** The user name that was typed last, which is offered. */
  readonly lastUsername: string | undefined
  /** Lines of stdin with --password-stdin: the password, then the code. */
  readonly lines: AsyncIterator<string> | undefined
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/**
 * The password comes from stdin, else the command, else the keychain, else the password manager, else the keyboard.
 * The code comes from the command, else the password manager, else stdin, else the keyboard. After a refused password
 * only the keyboard is asked: a wrong password must not be sent twice.
 */
export class AnswersFromSources implements Answers {
  /** The user name, if it was typed. */
  typedUsername: string | undefined
  /** The last login, if its password was typed. */
  typedLogin: Login | undefined
  private readonly sources: AnswerSources
  private readonly manager: PasswordManager | undefined
  /** The user name of the login that was given last. */
  private previousUsername: string | undefined
  private begun: { readonly login: Promise<Login>; readonly question: AbortController } | undefined
  private firstLine: Promise<string | undefined> | undefined
  /** Whether command or password manager may still give a code that was not sent. */
  private canFetchCode = true

  constructor(sources: AnswerSources) {
    this.sources = sources
    const { manager, terminal, now } = sources
    this.manager = manager && new PasswordManager({ ...manager, terminal, now })
  }

  get canGiveAnotherPassword(): boolean {
    return this.sources.terminal.interactive
  }

  get canGiveAnotherCode(): boolean {
    return this.sources.terminal.interactive || this.codeSource([]) !== undefined
  }

  /** Asks for the first login now, while the caller of `login` is still being loaded; `login` then gives it. */
  beginLogin(): Promise<unknown> {
    const question = new AbortController()
    const login = this.nextLogin(question.signal)
    this.begun = { login, question }
    return login
  }

  async login(signal: AbortSignal): Promise<Login> {
    const { begun } = this
    this.begun = undefined
    if (begun === undefined) return this.nextLogin(signal)
    if (signal.aborted) begun.question.abort(signal.reason)
    signal.addEventListener("abort", () => begun.question.abort(signal.reason), { once: true })
    return begun.login
  }

  private async nextLogin(signal: AbortSignal): Promise<Login> {
    const previous = this.previousUsername
    if (previous !== undefined) await this.sources.rememberedPassword?.removeGiven()
    const fetched = previous === undefined ? await this.fetchLogin(signal) : undefined
    const login = fetched ?? (await this.askLogin(previous, signal))
    this.typedLogin = fetched === undefined ? login : undefined
    this.previousUsername = login.username
    this.sources.terminal.keepSecret(login.password)
    this.manager?.restrictTo(login.username)
    return login
  }

  async code(question: CodeQuestion): Promise<string> {
    const { lines, terminal } = this.sources
    const { used, refused } = question
    await this.sources.rememberedPassword?.release()
    await this.passwordLine()
    const fetch = this.codeSource(used)
    const fetched =
      fetch === undefined
        ? await readUnusedCode(used, refused ? undefined : lines)
        : await this.fetchUnusedCode(fetch, used)
    const code = compactCode(fetched || (await this.askCode(question)))
    terminal.keepSecret(code)
    return code
  }

  async other({ label, hidden, refused }: OtherQuestion): Promise<string> {
    const { lines, terminal } = this.sources
    await this.sources.rememberedPassword?.release()
    await this.passwordLine()
    const given = refused ? undefined : await readLine(lines)
    const answer = given?.trim()
      ? given
      : await askRequired(terminal, {
          what: `the answer to "${label}"`,
          option: "--password-stdin, on a line after the code",
          message: `${label}:`,
          hidden,
          validate: typed => (typed.trim() === "" ? "type an answer" : undefined),
        })
    const compact = compactCode(answer)
    terminal.keepSecret(compact)
    return compact
  }

  /** The first line of stdin. It is the password, also if a browser that ADFS knows is asked for the code alone. */
  private passwordLine(): Promise<string | undefined> {
    this.firstLine ??= readLine(this.sources.lines)
    return this.firstLine
  }

  /** Asks for the user name at most. @returns undefined if the password must be typed */
  private async fetchLogin(signal: AbortSignal): Promise<Login | undefined> {
    const { lines, passwordCommand, terminal, username: wanted } = this.sources
    if (lines !== undefined) {
      const username = await this.knownUsername(signal)
      const password = await this.passwordLine()
      if (password !== undefined)
        return { username, password: requirePassword(password, "the password on stdin") }
      if (terminal.interactive) return undefined
      throw new PumError("answerMissing", "no password on stdin", {
        hint: "--password-stdin reads it from the first line",
      })
    }
    if (passwordCommand === undefined)
      return (
        (await this.sources.rememberedPassword?.login(wanted ?? this.sources.lastUsername)) ??
        this.manager?.login(wanted, () => this.askUsername(signal), signal)
      )
    const username = await this.knownUsername(signal)
    const password = await passwordCommand(signal)
    return { username, password: requirePassword(password, "what the password command printed") }
  }

  /** @param refused user name of the login that was refused: its password alone is asked for, which is mistyped more often */
  private async askLogin(refused: string | undefined, signal: AbortSignal): Promise<Login> {
    const { terminal, username: wanted } = this.sources
    if (wanted === undefined && refused !== undefined && terminal.interactive) {
      terminal.tell(`Type the password of ${refused} again, or press Enter alone to change the user name.`)
      const validate = (typed: string) => (typed === "" ? undefined : passwordProblem(typed))
      const password = await askPassword(terminal, validate, signal)
      if (password !== "") return { username: refused, password }
    }
    const username =
      wanted ?? (terminal.interactive ? await this.askUsername(signal) : await this.knownUsername(signal))
    return { username, password: await askPassword(terminal, passwordProblem, signal) }
  }

  /** A user name that is offered counts as the answer if the password is not typed either. */
  private async knownUsername(signal: AbortSignal): Promise<string> {
    const { username, lastUsername } = this.sources
    return username ?? lastUsername ?? this.askUsername(signal)
  }

  private async askUsername(signal: AbortSignal): Promise<string> {
    const { terminal, lastUsername } = this.sources
    const fallback = this.typedUsername ?? this.manager?.user ?? lastUsername
    const asking = askRequired(terminal, {
      what: "the user name",
      option: "--username or PUM_USERNAME",
      message: `Privileged user (e.g. adm\\dev_aly)${fallback === undefined ? "" : ` [${fallback}]`}:`,
      fallback,
      validate: typed => usernameProblem(trimPasted(typed)),
      signal,
    })
    // What came with a paste would cost a try.
    this.typedUsername = trimPasted(await asking)
    return this.typedUsername
  }

  private askCode({ label, hidden, used }: CodeQuestion): Promise<string> {
    return askRequired(this.sources.terminal, {
      what: `the 2FA code (${label})`,
      option: "--otp-command, or with --password-stdin on its second line",
      message: `${label}:`,
      hidden,
      validate: code => {
        if (code.trim() === "") return "type the code"
        return used.includes(compactCode(code)) ? "that code was refused; wait for the next one" : undefined
      },
    })
  }

  private codeSource(used: readonly string[]): (() => Promise<string | undefined>) | undefined {
    if (!this.canFetchCode) return undefined
    const { manager } = this
    return this.sources.otpCommand ?? (manager?.user === undefined ? undefined : () => manager.code(used))
  }

  /**
   * Fetches a code that was not sent yet. If the source still gives the one before, waits for its next one.
   * @returns undefined if the source has no other and the user can be asked
   * @throws PumError `codeRefused` if the user cannot be asked either
   */
  private async fetchUnusedCode(
    fetch: () => Promise<string | undefined>,
    used: readonly string[],
  ): Promise<string | undefined> {
    const { now, pause, terminal } = this.sources
    const code = codeIn(await fetch())
    if (code === undefined || !used.includes(code)) return code
    const done = terminal.progress("Waiting for the next 2FA code")
    await pause(codePeriod - (now() % codePeriod)).finally(done)
    const next = codeIn(await fetch())
    if (next === undefined || !used.includes(next)) return next
    this.canFetchCode = false
    if (terminal.interactive) return undefined
    throw new PumError("codeRefused", "ADFS refused the 2FA code, and its source has no other one", {
      hint: "a clock that is off makes every code wrong, and so does the secret of another user",
    })
  }
}
