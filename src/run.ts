import type { StdinAnswers } from "./answers/stdin-answers.ts"
import type { PumError } from "./errors.ts"
import type { NetworkLimits } from "./http/network.ts"
import type { Options } from "./options/options.ts"
import type { Environment } from "./platform/platform.ts"
import type { ProgramPaths } from "./profiles/on-demand-line.ts"
import type { AwsFilePaths } from "./profiles/paths.ts"
import type { Keychain } from "./remembered/keychain.ts"
import type { ProcessTerminal } from "./terminal/terminal.ts"

/** One run of the program: what the user wants, and the world it happens in. */
export interface Run {
  readonly options: Options
  readonly terminal: ProcessTerminal
  readonly env: Environment
  readonly home: string
  readonly paths: AwsFilePaths
  /** The files of this program that run. */
  readonly program: ProgramPaths
  /** With --password-stdin. */
  readonly stdinAnswers: StdinAnswers | undefined
  /** Default: the real ones (`networkLimits`). */
  readonly limits?: NetworkLimits | undefined
  /** Default: the system's. */
  readonly keychain?: Keychain | undefined
  /** Width of stdout in characters; infinite if stdout is no terminal. */
  readonly columns: number
  /** When this process started, in milliseconds by the monotonic clock (sessions/clock.ts). */
  readonly began: number
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** Ends the process as an uncaught error does. */
  readonly giveUp: (error: PumError) => void
  /** Whether the process that started this one is gone. */
  readonly isOrphan: () => boolean
  /** Passes signals that would end this process to `take` from now on. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}
