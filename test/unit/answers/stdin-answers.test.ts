import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { linesOf } from "../../../src/answers/stdin-answers.ts"

async function all(chunks: readonly Buffer[]): Promise<string[]> {
  const lines = []
  for await (const line of linesOf(PassThrough.from(chunks))) lines.push(line)
  return lines
}

describe("linesOf", () => {
  it.each([
    ["two lines", ["secret\n123456\n"], ["secret", "123456"]],
    ["no last line end", ["secret\n123456"], ["secret", "123456"]],
    ["Windows line ends", ["secret\r\n123456\r\n"], ["secret", "123456"]],
    ["chunks that break anywhere", ["sec", "ret\n1", "23456\n"], ["secret", "123456"]],
    ["blanks, which belong to a password", [" a b \n"], [" a b "]],
    ["an empty first line", ["\n123456\n"], ["", "123456"]],
    ["nothing", [], []],
  ])("%s", async (_, chunks, expected) => {
    expect(await all(chunks.map(chunk => Buffer.from(chunk)))).toEqual(expected)
  })

  it("joins a letter that two chunks share", async () => {
    const bytes = Buffer.from("pässword\n")
    expect(await all([bytes.subarray(0, 2), bytes.subarray(2)])).toEqual(["pässword"])
  })

  it("gives a line as soon as it is there", async () => {
    const stream = new PassThrough()
    const lines = linesOf(stream)
    stream.write("secret\n")
    expect(await lines.next()).toEqual({ value: "secret", done: false })
    stream.end("123456")
    expect(await lines.next()).toEqual({ value: "123456", done: false })
  })
})
