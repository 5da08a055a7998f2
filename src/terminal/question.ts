import type { KeySource } from "./line-gate.ts"
import type { Row } from "./rows.ts"
import type { Style } from "./style.ts"

/** @returns what is wrong with an answer, or undefined */
export type Validate = (answer: string) => string | undefined

export interface Question {
  readonly message: string
  /** The answer that an empty line stands for. */
  readonly fallback?: string | undefined
  readonly validate?: Validate
  /** Aborts the question. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Questions to the user.
 * @throws PumError `cancelled` on Ctrl-C, on Ctrl-D and at the end of input; the signal's reason when it aborts
 */
export interface Prompts {
  ask(question: Question): Promise<string>
  /** Shows nothing of what is typed. */
  askSecret(question: Question): Promise<string>
  confirm(question: Question): Promise<boolean>
  /** @returns the index of the chosen row */
  choose(question: Question, rows: readonly Row[]): Promise<number>
}

/** Where questions are shown and answers are typed. */
export interface Screen {
  readonly input: KeySource
  readonly output: ScreenOutput
  readonly style: Style
  /** Rows of a menu as they may be shown: harmless and without secrets. It takes time: only for those on the screen. */
  readonly presentRows: (rows: readonly Row[]) => readonly Row[]
  /** Whether nothing may be redrawn. */
  readonly plain: boolean
  /** Called at each key. */
  readonly onKey?: () => void
}

/** A stream that lines are written to. */
export interface LineOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Width of the screen; 0 if it is not known. */
  readonly columns?: number
}

export interface ScreenOutput extends LineOutput {
  readonly rows?: number
  on(event: "resize", listener: () => void): unknown
  off(event: "resize", listener: () => void): unknown
}
