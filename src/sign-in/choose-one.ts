import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { PageChoice } from "./pages/page-kinds.ts"

interface Choosing {
  readonly message: string
  /** How to sign in without this choice. */
  readonly hint: string
}

/**
 * The value of the only choice, or of the one that the user chooses; empty if there is none.
 * @throws PumError `answerMissing` without a terminal, `cancelled`
 */
export async function chooseOne(
  choices: readonly PageChoice[],
  terminal: Terminal,
  { message, hint }: Choosing,
): Promise<string> {
  const [first, ...others] = choices
  if (others.length === 0) return first?.value ?? ""
  if (!terminal.interactive) {
    const labels = choices.map(({ label }) => label).join(", ")
    const problem = "ADFS asks to choose, and there is no terminal to ask on"
    throw new PumError("answerMissing", `${problem}: ${labels}`, { hint })
  }
  const rows = choices.map(({ label }) => [label])
  return choices[await terminal.choose({ message }, rows)]?.value ?? ""
}
