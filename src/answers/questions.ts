import { PumError } from "../errors.ts"
import type { Question, Terminal } from "../terminal/terminal.ts"

/** As the page script of ADFS counts. */
const longestPassword = 128

export function checkPassword(secret: string): string | undefined {
  if (secret === "") return "type your password"
  return secret.length > longestPassword ? `ADFS takes ${longestPassword} characters at most` : undefined
}

/** @throws PumError `answerMissing` where ADFS would not take this password */
export function usable(password: string, what: string): string {
  if (password === "") throw new PumError("answerMissing", `${what} cannot be used: it is empty`)
  const complaint = checkPassword(password)
  if (complaint === undefined) return password
  throw new PumError("answerMissing", `${what} cannot be used: ${complaint}`)
}

/** @param option what gives the answer where nobody can be asked */
export function askedOf(
  terminal: Terminal,
  what: string,
  option: string,
  question: Question,
): Promise<string> {
  needTerminal(terminal, what, option)
  return terminal.ask(question)
}

export function askedSecretly(
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
