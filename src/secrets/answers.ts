import { PumError } from "../errors.ts"
import type { Question, Terminal } from "../terminal/terminal.ts"
import { checkUsername } from "../username.ts"

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
}

/** Where user name, password and codes come from. Each answer is given once; asking again means the last was refused. */
export interface Answers {
  /** @throws PumError `answerMissing`, `cancelled`, or the signal's reason when it is cut short */
  login(signal: AbortSignal): Promise<Login>
  code(question: CodeQuestion): Promise<string>
  /** Whether a further answer can differ from the one that was refused. */
  readonly canAskAgain: boolean
}

export interface AnswerSources {
  readonly username: string | undefined
  readonly lastUsername: string | undefined
  /** Lines of stdin with --password-stdin: the password, then the code. */
  readonly lines: AsyncIterator<string> | undefined
  readonly terminal: Terminal
}

const longestPassword = 128

function checkPassword(secret: string): string | undefined {
  if (secret === "") return "type your password"
  return secret.length > longestPassword ? `ADFS takes ${longestPassword} characters at most` : undefined
}

export function answersFrom({ username, lastUsername, lines, terminal }: AnswerSources): Answers {
  let typedName = lastUsername

  async function askUsername(signal: AbortSignal): Promise<string> {
    if (username !== undefined) return username
    const offered = typedName === undefined ? "" : ` [${typedName}]`
    const name = await askedOf(terminal, "the user name", "--username or PUM_USERNAME", {
      message: `Privileged user (e.g. adm\\dev_aly)${offered}:`,
      fallback: typedName,
      check: checkUsername,
      signal,
    })
    typedName = name
    return name
  }

  async function getPassword(signal: AbortSignal): Promise<string> {
    const line = await nextLine(lines)
    if (line === undefined && lines !== undefined && !terminal.interactive) {
      throw new PumError("answerMissing", "no password on stdin", {
        hint: "--password-stdin reads it from the first line",
      })
    }
    const given =
      line ??
      (await askedSecretly(terminal, "the password", "--password-stdin", {
        message: "Domain password:",
        check: checkPassword,
        signal,
      }))
    const complaint = checkPassword(given)
    if (complaint !== undefined)
      throw new PumError("answerMissing", `the password on stdin cannot be used: ${complaint}`)
    return given
  }

  return {
    canAskAgain: terminal.interactive,
    async login(signal) {
      const login = { username: await askUsername(signal), password: await getPassword(signal) }
      terminal.keepSecret(login.password)
      return login
    },
    async code({ label, hidden, used }) {
      const check = (code: string) => {
        if (code.trim() === "") return "type the code"
        return used.includes(code.trim()) ? "that code was refused; wait for the next one" : undefined
      }
      const question = { message: `${label}:`, check }
      const ask = hidden ? askedSecretly : askedOf
      const code =
        (await nextLine(lines)) ||
        (await ask(terminal, `the 2FA code (${label})`, "--password-stdin, on its second line", question))
      terminal.keepSecret(code.trim())
      return code.trim()
    },
  }
}

async function nextLine(lines: AsyncIterator<string> | undefined): Promise<string | undefined> {
  const next = await lines?.next()
  return next === undefined || next.done === true ? undefined : next.value
}

function askedOf(terminal: Terminal, what: string, option: string, question: Question): Promise<string> {
  needTerminal(terminal, what, option)
  return terminal.ask(question)
}

function askedSecretly(
  terminal: Terminal,
  what: string,
  option: string,
  question: Question,
): Promise<string> {
  needTerminal(terminal, what, option)
  return terminal.askSecret(question)
}

function needTerminal(terminal: Terminal, what: string, option: string): void {
  if (!terminal.interactive)
    throw new PumError("answerMissing", `${what} is missing, and there is no terminal to ask on`, {
      hint: `give it with ${option}`,
    })
}
