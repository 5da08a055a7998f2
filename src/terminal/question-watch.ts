import { PumError } from "../errors.ts"
import type { Question } from "./question.ts"

/** How long a question waits if its console may have no window, or if the program that asked gives up by itself. */
export interface Patience {
  /** Milliseconds without a key at one question. */
  readonly withoutKey: number
  /** Milliseconds from the first question on. */
  readonly inAll: number
  /** The error when a limit is over, which is so many seconds. */
  readonly ended: (limit: "withoutKey" | "inAll", seconds: number) => PumError
}

/** For a console that may have no window: AWS tools give up after a minute. */
export const unseenPatience: Patience = {
  withoutKey: Number.POSITIVE_INFINITY,
  inAll: 50_000,
  ended: (_limit, seconds) =>
    new PumError(
      "answerMissing",
      `no answer within ${seconds} s, and the console may have no window to ask in`,
      { hint: "run it in a console window, or give the answers with --password-stdin or --password-command" },
    ),
}

/** For `credential_process`: the AWS SDK for Rust gives up after 21.6 s, those for Go and Terraform after a minute. */
export const programPatience: Patience = {
  withoutKey: 20_000,
  inAll: 50_000,
  ended: (limit, seconds) =>
    new PumError(
      "answerMissing",
      `${limit === "withoutKey" ? "no key was pressed for" : "not all answers came within"} ${seconds} s, and the program that asked may have given up`,
    ),
}

export interface WatchSettings {
  /** Default: questions wait for ever. */
  readonly patience: Patience | undefined
  /** Whether the program that started this process is gone, and the terminal belongs to another one. */
  readonly isAbandoned: () => boolean
  /** Ends the process. */
  readonly onAbandoned: () => void
  /** Milliseconds by a clock that is never set. */
  readonly now?: () => number
}

/** How often is looked, in milliseconds. */
const interval = 250
/** Between two looks the process may have been stopped by Ctrl-Z: such time does not count. */
const longestTick = 1000

/** Watches open questions. Ends those that cannot be answered any more, so that the process does not hold its locks. */
export class QuestionWatch {
  private readonly settings: Required<WatchSettings>
  private timer: NodeJS.Timeout | undefined
  private question: AbortController | undefined
  private lastLook = 0
  private withoutKey = 0
  private inAll = 0

  constructor(settings: WatchSettings) {
    this.settings = { now: () => performance.now(), ...settings }
  }

  /** @throws PumError `answerMissing` when the patience is over; what `ask` throws */
  async ask<T>(question: Question, ask: (question: Question) => Promise<T>): Promise<T> {
    const ended = new AbortController()
    this.question = ended
    this.withoutKey = 0
    this.start()
    this.look()
    const signals = [question.signal, ended.signal].filter(signal => signal !== undefined)
    try {
      return await ask({ ...question, signal: AbortSignal.any(signals) })
    } finally {
      if (this.question === ended) this.question = undefined
    }
  }

  /** Called at each key. */
  readonly noteKey = (): void => {
    this.withoutKey = 0
  }

  private start(): void {
    if (this.timer !== undefined) return
    this.lastLook = this.settings.now()
    this.timer = setInterval(() => this.look(), interval).unref()
  }

  private look(): void {
    const { isAbandoned, now, onAbandoned, patience } = this.settings
    const passed = Math.min(now() - this.lastLook, longestTick)
    this.lastLook = now()
    this.withoutKey += passed
    this.inAll += passed
    if (this.question === undefined) return
    if (isAbandoned()) onAbandoned()
    else if (patience === undefined) return
    else {
      const limit = (["withoutKey", "inAll"] as const).find(name => this[name] >= patience[name])
      if (limit !== undefined) this.question.abort(patience.ended(limit, patience[limit] / 1000))
    }
  }
}
