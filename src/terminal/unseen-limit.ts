import { PumError } from "../errors.ts"
import type { Question } from "./question.ts"

/** How long questions on a console that nobody may see wait for answers in all: AWS tools give up after a minute. */
export const unseenPatience = 50_000

/** Ends questions that nobody answers: the process would wait for ever, and hold its locks. */
export class UnseenLimit {
  private readonly patience: number
  private expired: AbortSignal | undefined

  /** @param patience milliseconds from the first question on */
  constructor(patience = unseenPatience) {
    this.patience = patience
  }

  /** @throws PumError `answerMissing` when the time is over; what `ask` throws */
  ask<T>(question: Question, ask: (question: Question) => Promise<T>): Promise<T> {
    this.expired ??= this.start()
    const signals = [question.signal, this.expired].filter(signal => signal !== undefined)
    return ask({ ...question, signal: AbortSignal.any(signals) })
  }

  private start(): AbortSignal {
    const expiry = new AbortController()
    setTimeout(() => expiry.abort(nobodyAnswered(this.patience)), this.patience).unref()
    return expiry.signal
  }
}

function nobodyAnswered(patience: number): PumError {
  return new PumError(
    "answerMissing",
    `no answer within ${patience / 1000} s, and the console may have no window to ask in`,
    { hint: "run it in a console window, or give the answers with --password-stdin or --password-command" },
  )
}
