import { describe, expect, it } from "vitest"
import type { Question } from "../../../src/terminal/question.ts"
import { UnseenLimit } from "../../../src/terminal/unseen-limit.ts"

/** A question that nobody answers: it ends by its signal only. */
const unanswered = ({ signal }: Question) =>
  new Promise<string>((_, reject) => {
    const end = () => reject(signal?.reason)
    if (signal?.aborted) end()
    signal?.addEventListener("abort", end)
  })

describe("a question on a console that nobody may see", () => {
  it("ends with words when nobody answers", async () => {
    const limit = new UnseenLimit(20)
    const expected = {
      code: "answerMissing",
      message: "no answer within 0.02 s, and the console may have no window to ask in",
      hint: "run it in a console window, or give the answers with --password-stdin or --password-command",
    }
    await expect(limit.ask({ message: "Domain password:" }, unanswered)).rejects.toMatchObject(expected)
    // One limit for all questions of a run.
    await expect(limit.ask({ message: "code" }, unanswered)).rejects.toMatchObject(expected)
  })

  it("can be answered, and cut short by its own signal", async () => {
    const limit = new UnseenLimit()
    expect(await limit.ask({ message: "user" }, async ({ message }) => `answer to ${message}`)).toBe(
      "answer to user",
    )
    const signal = AbortSignal.abort(new Error("ADFS cannot be reached"))
    await expect(limit.ask({ message: "password", signal }, unanswered)).rejects.toThrow("ADFS")
  })
})
