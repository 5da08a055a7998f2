import * as ownManifest from "../package.json"

/** What an error code decides. */
interface ErrorKind {
  /** Exit code of the process (docs/when-it-fails.md, "Exit codes"). */
  readonly exitCode: number
  /**
   * Whether the same failure would meet every process that wants the same session, because ADFS, AWS or the network
   * decided it: processes that wait for this sign-in then end with it, too (src/sessions).
   */
  readonly isShared: boolean
}

const kinds = {
  usage: { exitCode: 2, isShared: false },
  answerMissing: { exitCode: 2, isShared: false },
  signInRefused: { exitCode: 3, isShared: true },
  codeRefused: { exitCode: 3, isShared: true },
  passwordExpired: { exitCode: 3, isShared: true },
  idpUnreachable: { exitCode: 4, isShared: true },
  idpPage: { exitCode: 4, isShared: true },
  idpUnsafe: { exitCode: 4, isShared: true },
  noRole: { exitCode: 5, isShared: true },
  awsUnreachable: { exitCode: 6, isShared: true },
  awsRefused: { exitCode: 6, isShared: true },
  assertionExpired: { exitCode: 6, isShared: true },
  file: { exitCode: 7, isShared: false },
  partial: { exitCode: 8, isShared: false },
  commandNotExecutable: { exitCode: 126, isShared: false },
  commandNotFound: { exitCode: 127, isShared: false },
  cancelled: { exitCode: 130, isShared: false },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof kinds

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === "string" && Object.hasOwn(kinds, text)
}

export const kindOf = (code: ErrorCode): ErrorKind => kinds[code]

/** Exit code for a defect of this program itself. */
const defectExitCode = 1

/**
 * The one error that this program throws on purpose. The boundaries (HTTP, STS, files, prompts) turn foreign errors
 * into it and keep them as `cause`. A cause is never printed: foreign errors can hold secrets.
 */
export class PumError extends Error {
  readonly code: ErrorCode
  /** What the user can do about it: one line. */
  readonly hint: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.name = "PumError"
    this.code = code
    this.hint = details.hint
  }
}

/** Causes of a `cancelled` error if the user pressed such a key at a question: only this process knows of it. */
export const ctrlCKey = "Ctrl-C at a question"
export const ctrlBackslashKey = "Ctrl-\\ at a question"

/**
 * A hint that asks for a report, with the place for it.
 * @param manifest package.json
 * @returns `undefined` if package.json names no place
 */
export function reportHint(hint: string, manifest: object = ownManifest): string | undefined {
  const bugs: unknown = "bugs" in manifest ? manifest.bugs : undefined
  const place = typeof bugs === "object" && bugs !== null && "url" in bugs ? bugs.url : bugs
  return typeof place === "string" && place.startsWith("https://") ? `${hint}, at ${place}` : undefined
}

/** A defect that this program notices itself: its message is made here and may be printed. */
export class Defect extends Error {}

export interface Explanation {
  /** One line, and a second one for the hint if there is one. */
  readonly lines: readonly string[]
  readonly exitCode: number
}

/** What the system runs out of, by its error codes (errno(3)), in words. */
export const shortages: Readonly<Record<string, string>> = {
  EMFILE: "too many open files (ulimit -n)",
  ENFILE: "too many open files on this machine",
  ENOMEM: "no memory left",
  ENOSPC: "no space left on device",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk reports an error",
}

/** What the user is told about an error, and the exit code. Never a stack trace, never a foreign error's message. */
export function explain(error: unknown): Explanation {
  if (error instanceof PumError) {
    const lines = [`pum-aws: ${plain(error.message)}`]
    if (error.hint !== undefined) lines.push(`hint: ${plain(error.hint)}`)
    return { lines, exitCode: kinds[error.code].exitCode }
  }
  const shortage = shortageOf(error)
  if (shortage !== undefined)
    return { lines: [`pum-aws: the system refused: ${shortage}`], exitCode: kinds.file.exitCode }
  return {
    lines: [
      `pum-aws: this is a defect of pum-aws itself (${error instanceof Defect ? error.message : placeOf(error)})`,
      `hint: ${reportHint("run it again with --verbose, and report what it prints") ?? "run it again with --verbose to see its steps"}`,
    ],
    exitCode: defectExitCode,
  }
}

function shortageOf(error: unknown): string | undefined {
  const code = error instanceof Error && "syscall" in error && "code" in error ? error.code : undefined
  return typeof code === "string" && Object.hasOwn(shortages, code) ? shortages[code] : undefined
}

/** An error that does not end the run, with its hint. */
export function inOneLine({ message, hint }: PumError): string {
  return plain(hint === undefined ? message : `${message} (${hint})`)
}

/** Class and source position of an unexpected error. Its message is left out: it can quote a secret. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const place = /([\w.-]+:\d+:\d+)\)?$/m.exec(error.stack ?? "")?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}

/** Escape sequences, and every control, bidirectional and line-separating character. */
const unprintable =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** The text without anything that acts on a terminal. White space stays as it is. */
export function harmless(text: string): string {
  return text.replace(unprintable, " ")
}

/**
 * Text from outside as one line that is safe to print: no control characters, runs of white space as one blank, cut
 * to `limit` characters.
 */
export function plain(text: string, limit = 500): string {
  const oneLine = harmless(text).replace(/\s+/g, " ").trim()
  return oneLine.length <= limit ? oneLine : `${oneLine.slice(0, limit - 1)}…`
}
