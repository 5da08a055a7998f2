import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Question } from "../../../src/terminal/question.ts"
import {
  type Patience,
  programPatience,
  QuestionWatch,
  unseenPatience,
} from "../../../src/terminal/question-watch.ts"

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A question that nobody answers: it ends by its signal only. */
const unanswered = ({ signal }: Question) =>
  new Promise<string>((_, reject) => {
    const end = () => reject(signal?.reason)
    if (signal?.aborted) end()
    signal?.addEventListener("abort", end)
  })

function watch(patience: Patience | undefined, isAbandoned = () => false) {
  const onAbandoned = vi.fn()
  return { watch: new QuestionWatch({ patience, isAbandoned, onAbandoned }), onAbandoned }
}

/** Asks, and notes how the question ends. */
function open(watched: QuestionWatch, question: Question = { message: "Domain password:" }) {
  const ended = { how: undefined as unknown }
  watched.ask(question, unanswered).catch(error => {
    ended.how = error
  })
  return ended
}

describe("a question on a console that nobody may see", () => {
  it("ends with words when nobody answers", async () => {
    const { watch: watched } = watch(unseenPatience)
    const expected = {
      code: "answerMissing",
      message: "no answer within 50 s, and the console may have no window to ask in",
      hint: "run it in a console window, or give the answers with --password-stdin or --password-command",
    }
    const first = open(watched)
    await vi.advanceTimersByTimeAsync(49_000)
    expect(first.how).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(first.how).toMatchObject(expected)
    // One limit for all questions of a run.
    const second = open(watched)
    await vi.advanceTimersByTimeAsync(0)
    expect(second.how).toMatchObject(expected)
  })

  it("can be answered, and cut short by its own signal", async () => {
    const { watch: watched } = watch(unseenPatience)
    expect(await watched.ask({ message: "user" }, async ({ message }) => `answer to ${message}`)).toBe(
      "answer to user",
    )
    const signal = AbortSignal.abort(new Error("ADFS cannot be reached"))
    await expect(watched.ask({ message: "password", signal }, unanswered)).rejects.toThrow("ADFS")
  })
})

describe("a question that a program caused", () => {
  it("ends after 20 s without a key", async () => {
    const { watch: watched } = watch(programPatience)
    const ended = open(watched)
    await vi.advanceTimersByTimeAsync(15_000)
    watched.noteKey()
    await vi.advanceTimersByTimeAsync(19_500)
    expect(ended.how).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ended.how).toMatchObject({
      code: "answerMissing",
      message: "no key was pressed for 20 s, and the program that asked may have given up",
    })
  })

  it("has 20 s of its own, whatever the question before took", async () => {
    const { watch: watched } = watch(programPatience)
    const answered = watched.ask({ message: "user" }, () => new Promise(done => setTimeout(done, 15_000)))
    await vi.advanceTimersByTimeAsync(15_000)
    await answered
    const ended = open(watched)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(ended.how).toBeUndefined()
  })

  it("ends 50 s after the first one, although keys are pressed", async () => {
    const { watch: watched } = watch(programPatience)
    const ended = open(watched)
    for (let second = 0; second < 49; second++) {
      watched.noteKey()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(ended.how).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(ended.how).toMatchObject({
      message: "not all answers came within 50 s, and the program that asked may have given up",
    })
  })

  it("does not end while the process is stopped", async () => {
    let now = 0
    const stopped = new QuestionWatch({
      patience: programPatience,
      isAbandoned: () => false,
      onAbandoned: () => {},
      now: () => now,
    })
    const ended = open(stopped)
    now += 3_600_000
    await vi.advanceTimersByTimeAsync(250)
    expect(ended.how).toBeUndefined()
  })
})

describe("a question whose program is gone", () => {
  it("ends the process within a second", async () => {
    let isGone = false
    const { watch: watched, onAbandoned } = watch(undefined, () => isGone)
    open(watched)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(onAbandoned).not.toHaveBeenCalled()
    isGone = true
    await vi.advanceTimersByTimeAsync(500)
    expect(onAbandoned).toHaveBeenCalled()
  })

  it("is not even asked, and between questions the work goes on", async () => {
    let isGone = false
    const { watch: watched, onAbandoned } = watch(undefined, () => isGone)
    await watched.ask({ message: "user" }, async () => "answer")
    isGone = true
    await vi.advanceTimersByTimeAsync(5_000)
    expect(onAbandoned).not.toHaveBeenCalled()
    open(watched)
    expect(onAbandoned).toHaveBeenCalledTimes(1)
  })
})
