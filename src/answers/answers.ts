import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { askedOf, askedSecretly, checkPassword, usable } from "./questions.ts"
import { codePeriod, Vault, type VaultSettings } from "./vault.ts"

export interface Login {
  readonly username: string
  readonly password: string
}

/** One question of the second factor. */
export interface CodeQuestion {
  /** What ADFS calls it. */
  readonly label: string
  /** Whether what is typed stays hidden. */
  readonly hidden: boolean
  /** Codes that were sent before: each works once. */
  readonly used: readonly string[]
  /** Whether the last one was refused: what was prepared for this question is then used up. */
  readonly refused: boolean
}

/** Where user name, password and codes come from. Each answer is given once; asking again means the last was refused. */
export interface Answers {
  /** @throws PumError `answerMissing`, `cancelled`, or the signal's reason when it is cut short */
  login(signal: AbortSignal): Promise<Login>
  code(question: CodeQuestion): Promise<string>
  /** Whether there can be another password than the one that was refused: only a person has one. */
  readonly canGiveAnotherPassword: boolean
  /** Whether there can be another code than the one that was refused. */
  readonly canGiveAnotherCode: boolean
}

/** Programs that know answers. */
export interface Elsewhere {
  readonly passwordCommand?: ((signal: AbortSignal) => Promise<string>) | undefined
  readonly otpCommand?: (() => Promise<string>) | undefined
  readonly vault?: Pick<VaultSettings, "name" | "read"> | undefined
}

export interface AnswerSources extends Elsewhere {
  /** Given once and for all. */
  readonly username: string | undefined
  readonly lastUsername: string | undefined
  /** Lines of stdin with --password-stdin: the password, then the code. */
  readonly lines: AsyncIterator<string> | undefined
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/**
 * The password comes from stdin, else the command, else the vault, else the keyboard; the code from the command,
 * else the vault, else stdin, else the keyboard. Only the keyboard gives a second password: no source is asked for
 * one again after its password was refused.
 */
export class AnswersFrom implements Answers {
  /** The user name that was typed, if it was. */
  typedUsername: string | undefined
  private readonly sources: AnswerSources
  private readonly vault: Vault | undefined
  private isFirstLogin = true
  /** Whether command or vault may still have a code that was not sent. */
  private hasCodesElsewhere = true

  constructor(sources: AnswerSources) {
    this.sources = sources
    this.vault = sources.vault && new Vault({ ...sources, ...sources.vault })
  }

  get canGiveAnotherPassword(): boolean {
    return this.sources.terminal.interactive
  }

  get canGiveAnotherCode(): boolean {
    return this.sources.terminal.interactive || this.codeSource([]) !== undefined
  }

  async login(signal: AbortSignal): Promise<Login> {
    const given = this.isFirstLogin ? await this.loginFromElsewhere(signal) : undefined
    this.isFirstLogin = false
    const login = given ?? (await this.typedLogin(signal))
    this.sources.terminal.keepSecret(login.password)
    this.vault?.restrictTo(login.username)
    return login
  }

  async code({ label, hidden, used, refused }: CodeQuestion): Promise<string> {
    const { lines, terminal } = this.sources
    const source = this.codeSource(used)
    const given =
      source === undefined
        ? await lineNotIn(used, refused ? undefined : lines)
        : await this.unused(source, used)
    const check = (code: string) => {
      if (code.trim() === "") return "type the code"
      return used.includes(code.trim()) ? "that code was refused; wait for the next one" : undefined
    }
    const ask = hidden ? askedSecretly : askedOf
    const option = "--otp-command, or with --password-stdin on its second line"
    const answer =
      given?.trim() ||
      (await ask(terminal, `the 2FA code (${label})`, option, { message: `${label}:`, check }))
    terminal.keepSecret(answer.trim())
    return answer.trim()
  }

  /** Without a question, or with no more than the user name's; nothing where there is no such source. */
  private async loginFromElsewhere(signal: AbortSignal): Promise<Login | undefined> {
    const { lines, passwordCommand, terminal, username } = this.sources
    if (lines !== undefined) {
      const name = await this.knownName(signal)
      const password = await nextLine(lines)
      if (password !== undefined)
        return { username: name, password: usable(password, "the password on stdin") }
      if (terminal.interactive) return undefined
      throw new PumError("answerMissing", "no password on stdin", {
        hint: "--password-stdin reads it from the first line",
      })
    }
    if (passwordCommand === undefined)
      return this.vault?.login(username, () => this.typedName(signal), signal)
    const name = await this.knownName(signal)
    const password = await passwordCommand(signal)
    return { username: name, password: usable(password, "what the password command printed") }
  }

  private async typedLogin(signal: AbortSignal): Promise<Login> {
    const { terminal, username } = this.sources
    const name =
      username ?? (terminal.interactive ? await this.typedName(signal) : await this.knownName(signal))
    const password = await askedSecretly(terminal, "the password", "--password-stdin or --password-command", {
      message: "Domain password:",
      check: checkPassword,
      signal,
    })
    return { username: name, password }
  }

  /** Where the password is not typed, neither is a user name that is known. */
  private async knownName(signal: AbortSignal): Promise<string> {
    const { username, lastUsername } = this.sources
    return username ?? lastUsername ?? this.typedName(signal)
  }

  private async typedName(signal: AbortSignal): Promise<string> {
    const { terminal, lastUsername } = this.sources
    const fallback = this.typedUsername ?? this.vault?.user ?? lastUsername
    const offered = fallback === undefined ? "" : ` [${fallback}]`
    this.typedUsername = await askedOf(terminal, "the user name", "--username or PUM_USERNAME", {
      message: `Privileged user (e.g. adm\\dev_aly)${offered}:`,
      fallback,
      check: usernameProblem,
      signal,
    })
    return this.typedUsername
  }

  private codeSource(used: readonly string[]): (() => Promise<string | undefined>) | undefined {
    if (!this.hasCodesElsewhere) return undefined
    const { vault } = this
    return this.sources.otpCommand ?? (vault?.user === undefined ? undefined : () => vault.code(used))
  }

  /**
   * A code that was not sent yet: where the source still gives the one before, its next one is waited for.
   * Nothing where it has no other; the person is asked then.
   */
  private async unused(
    fetch: () => Promise<string | undefined>,
    used: readonly string[],
  ): Promise<string | undefined> {
    const { now, pause, terminal } = this.sources
    const code = (await fetch())?.trim()
    if (code === undefined || !used.includes(code)) return code
    const done = terminal.progress("Waiting for the next 2FA code")
    await pause(codePeriod - (now() % codePeriod)).finally(done)
    const next = (await fetch())?.trim()
    if (next === undefined || !used.includes(next)) return next
    this.hasCodesElsewhere = false
    if (terminal.interactive) return undefined
    throw new PumError("codeRefused", "ADFS refused the 2FA code, and its source has no other one", {
      hint: "a clock that is off makes every code wrong, and so does the secret of another user",
    })
  }
}

/** A code from stdin: the line of a code that was sent before is passed over. */
async function lineNotIn(
  used: readonly string[],
  lines: AsyncIterator<string> | undefined,
): Promise<string | undefined> {
  const line = await nextLine(lines)
  return line === undefined || used.includes(line.trim()) ? undefined : line
}

async function nextLine(lines: AsyncIterator<string> | undefined): Promise<string | undefined> {
  const next = await lines?.next()
  return next === undefined || next.done === true ? undefined : next.value
}
