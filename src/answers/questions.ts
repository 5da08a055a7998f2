import { notUtf8 } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import { replacementCharacter } from "../platform/strict-text.ts"
import type { Question, Validate } from "../terminal/question.ts"
import type { Terminal } from "../terminal/terminal.ts"

/** What the first page of a sign-in asks for. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** One question of the second factor. */
export interface CodeQuestion {
  /** The name that ADFS gives the code. */
  readonly label: string
  /** Whether what is typed stays hidden. */
  readonly hidden: boolean
  /** Codes that were sent before: each works once. */
  readonly used: readonly string[]
  /** Whether the last one was refused. The next line of stdin is then no answer to this question. */
  readonly refused: boolean
}

/** A question that a second factor asks beside its code, such as a PIN. */
export interface OtherQuestion {
  /** The name that the page gives it. */
  readonly label: string
  /** Whether what is typed stays hidden. */
  readonly hidden: boolean
  /** Whether the last answer was refused. */
  readonly refused: boolean
}

/** As the script of ADFS' login page checks. */
const maxPasswordLength = 128

/** What is wrong with a password before it is sent. */
export const passwordProblem: Validate = password => {
  if (password === "") return "type your password"
  if (password.includes(replacementCharacter)) return notUtf8
  // It comes from a line end of an old Mac, or from a key such as an arrow. Sent, it would cost a try.
  if (/[\x00-\x1f\x7f]/.test(password))
    return "it holds a control character, such as a tab, or a line end of an old Mac"
  return password.length > maxPasswordLength
    ? `ADFS takes ${maxPasswordLength} characters at most`
    : undefined
}

/**
 * Checks a password that was not typed.
 * @param source for the message
 * @throws PumError `answerMissing`
 */
export function requirePassword(password: string, source: string): string {
  const problem = password === "" ? "it is empty" : passwordProblem(password)
  if (problem === undefined) return password
  throw new PumError("answerMissing", `${source} cannot be used: ${problem}`)
}

export interface RequiredAnswer extends Question {
  /** What is asked for, in messages. */
  readonly what: string
  /** The option that gives the answer without a terminal. */
  readonly option: string
  /** Whether the answer is hidden while it is typed. */
  readonly hidden?: boolean
}

/** @throws PumError `answerMissing` without a terminal */
export async function askRequired(terminal: Terminal, question: RequiredAnswer): Promise<string> {
  const { what, option, hidden = false } = question
  if (!terminal.interactive)
    throw new PumError("answerMissing", `${what} is missing, and there is no terminal to ask on`, {
      hint: [`give it with ${option}`, terminal.noDeviceHint].filter(Boolean).join("; or "),
    })
  return hidden ? terminal.askSecret(question) : terminal.ask(question)
}

/** @throws PumError `answerMissing` without a terminal */
export function askPassword(terminal: Terminal, validate: Validate, signal: AbortSignal): Promise<string> {
  return askRequired(terminal, {
    what: "the password",
    option: "--password-stdin or --password-command",
    message: "Domain password:",
    hidden: true,
    validate,
    signal,
  })
}
