import type { UserFile } from "../files/file-error.ts"
import { isLocked } from "../files/lock-folder.ts"
import { sharedConsole } from "../platform/consoles.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Clock } from "./clock.ts"
import type { OutcomeFile } from "./outcome.ts"

export interface WaitingSettings {
  readonly terminal: Terminal
  readonly tty: string | undefined
  readonly clock: Clock
  /** Of the sign-in that is waited for. */
  readonly outcome: OutcomeFile
  /** The file whose lock is held while a question is on our terminal. */
  readonly question: UserFile
}

/** Milliseconds after which a process says why it waits, if the question may be in sight as well. */
const untilSaid = 3_000

/** Says on the terminal that this process waits for another one's sign-in. */
export class WaitingLine {
  private readonly settings: WaitingSettings
  private readonly since: number
  private endProgress: (() => void) | undefined
  private isSaid = false

  constructor(settings: WaitingSettings) {
    this.settings = settings
    this.since = settings.clock.monotonicNow()
  }

  /** Names what is waited for, unless a question is on our terminal, which the line would spoil. */
  show(): void {
    const { outcome, question, terminal, tty } = this.settings
    const underWay = outcome.read()?.underWay
    const isElsewhere = underWay !== undefined && underWay.tty !== tty && !isLocked(question.path)
    if (isElsewhere) this.endProgress ??= terminal.progress("Waiting for another pum-aws to sign in")
    else {
      this.hide()
      if (tty === sharedConsole) this.sayOnce()
    }
  }

  hide(): void {
    this.endProgress?.()
    this.endProgress = undefined
  }

  /** Windows does not tell which of its windows a question is in: it may be another one than ours. */
  private sayOnce(): void {
    const { clock, terminal } = this.settings
    if (this.isSaid || clock.monotonicNow() - this.since < untilSaid) return
    this.isSaid = true
    terminal.tell("Waiting for another pum-aws to sign in: its question may be in another window")
  }
}
