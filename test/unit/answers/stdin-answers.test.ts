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

  it.each([
    ["code page 1252", Buffer.from("p\xe5ss\n123456\n", "latin1")],
    ["UTF-16", Buffer.from("pass\n", "utf16le")],
    ["UTF-16 with its mark", Buffer.from("\ufeffpass\n", "utf16le")],
  ])("refuses a password in %s: sent wrongly, it would count as a wrong one", async (_, bytes) => {
    await expect(all([bytes])).rejects.toMatchObject({
      code: "answerMissing",
      message: "the text on stdin is not UTF-8",
      hint: expect.stringContaining("$OutputEncoding = "),
    })
  })

  it("skips the mark that PowerShell writes before UTF-8", async () => {
    expect(await all([Buffer.from("\ufeffsecret\r\n123456\r\n")])).toEqual(["secret", "123456"])
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
