import { PumError, plain } from "../errors.ts"

/** One line of --doctor. */
export interface Check {
  readonly name: string
  readonly state: "ok" | "warning" | "failed"
  /** What was found. */
  readonly what: string
  /** What to do about it. */
  readonly hint?: string | undefined
}

/** What a check finds, without its name. */
export type Observation = Omit<Check, "name">

export const fine = (what: string): Observation => ({ state: "ok", what })
export const warning = (what: string, hint?: string): Observation => ({ state: "warning", what, hint })
export const failed = (what: string, hint?: string): Observation => ({ state: "failed", what, hint })

export const named = (name: string, findings: readonly Observation[]): Check[] =>
  findings.map(finding => ({ name, ...finding }))

/**
 * What an error says, without what it quotes: a quotation can be a value that was meant for another place, as a password.
 * @throws anything that is no PumError
 */
export function failedBy(error: unknown): Observation {
  if (!(error instanceof PumError)) throw error
  return failed(withoutQuotations(plain(error.message)), error.hint && withoutQuotations(plain(error.hint)))
}

/** Without the values that a message quotes, and the names of sections, but for those that are the same for all users. */
const withoutQuotations = (text: string) =>
  text
    .replace(/'.*'/, "'…'")
    .replace(
      /\[(?!default\]|DEFAULT\]|account-mapping\])(profile )?[^\]]*\]?/g,
      (_, kind = "") => `[${kind}…]`,
    )
