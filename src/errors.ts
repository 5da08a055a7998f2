/** Everything that can end a run, and the exit code each way of ending has (README, "Exit codes"). */
const exitCodes = {
  usage: 2,
  answerMissing: 2,
  signInRefused: 3,
  codeRefused: 3,
  passwordExpired: 3,
  idpUnreachable: 4,
  idpPage: 4,
  idpUnsafe: 4,
  noRole: 5,
  awsUnreachable: 6,
  awsRefused: 6,
  assertionExpired: 6,
  file: 7,
  partial: 8,
  commandNotExecutable: 126,
  commandNotFound: 127,
  cancelled: 130,
} as const

export type ErrorCode = keyof typeof exitCodes

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === "string" && Object.hasOwn(exitCodes, text)
}

/** The exit code for a defect of this program itself. */
const defectExitCode = 1

/**
 * The one error this program throws on purpose. Boundaries (HTTP, STS, files, prompts) turn foreign errors
 * into it and keep them as `cause`; nothing prints a cause, because foreign errors can hold secrets.
 */
export class PumError extends Error {
  readonly code: ErrorCode
  /** What the user can do about it: one line. */
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: details.cause })
    this.name = "PumError"
    this.code = code
    this.hint = details.hint
  }
}

export interface Explanation {
  /** One line, and a second one with a hint where there is one. */
  readonly lines: readonly string[]
  readonly exitCode: number
}

/** What the user is told about an error, and the exit code. Never a stack trace, never a foreign message. */
export function explain(error: unknown): Explanation {
  if (error instanceof PumError) {
    const lines = [`pum-aws: ${plain(error.message)}`]
    if (error.hint !== undefined) lines.push(`hint: ${plain(error.hint)}`)
    return { lines, exitCode: exitCodes[error.code] }
  }
  return {
    lines: [
      `pum-aws: this is a defect of pum-aws itself (${whereabouts(error)})`,
      "hint: run it again with --verbose, and report what it prints",
    ],
    exitCode: defectExitCode,
  }
}

/** An error that does not end the run, with its hint. */
export function inOneLine({ message, hint }: PumError): string {
  return plain(hint === undefined ? message : `${message} (${hint})`)
}

/** Kind and place of an unexpected error. Its message stays out: it can quote what it was given. */
function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const place = /([\w.-]+:\d+:\d+)\)?$/m.exec(error.stack ?? "")?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}

/** Escape sequences, then every control, bidirectional and line-separating character. */
const unprintable =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** The same text without anything that acts on a terminal; its blanks stay. */
export function harmless(text: string): string {
  return text.replace(unprintable, " ")
}

/**
 * Text from outside made harmless for a terminal: one line, no control characters, no white space twice,
 * at most `limit` characters.
 */
export function plain(text: string, limit = 500): string {
  const oneLine = text.replace(unprintable, " ").replace(/\s+/g, " ").trim()
  return oneLine.length <= limit ? oneLine : `${oneLine.slice(0, limit - 1)}…`
}
