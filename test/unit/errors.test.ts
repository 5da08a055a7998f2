import { describe, expect, it } from "vitest"
import { Defect, type ErrorCode, explain, PumError, plain, reportHint } from "../../src/errors.ts"

describe("explain", () => {
  const codes: [ErrorCode, number][] = [
    ["usage", 2],
    ["answerMissing", 2],
    ["signInRefused", 3],
    ["codeRefused", 3],
    ["passwordExpired", 3],
    ["idpUnreachable", 4],
    ["idpPage", 4],
    ["idpUnsafe", 4],
    ["noRole", 5],
    ["awsUnreachable", 6],
    ["awsRefused", 6],
    ["file", 7],
    ["partial", 8],
    ["cancelled", 130],
  ]
  it.each(codes)("%s ends with exit code %d", (code, exitCode) => {
    expect(explain(new PumError(code, "what"))).toEqual({ lines: ["pum-aws: what"], exitCode })
  })

  it("adds the hint as a second line", () => {
    expect(explain(new PumError("usage", "what", { hint: "do" })).lines).toEqual([
      "pum-aws: what",
      "hint: do",
    ])
  })

  it("keeps each line one harmless line", () => {
    expect(explain(new PumError("usage", "a\n\x1b[31mb\x07", { hint: "c\r\nd" })).lines).toEqual([
      "pum-aws: a b",
      "hint: c d",
    ])
  })

  it("calls anything else a defect, and quotes nothing of it but kind and place", () => {
    const { lines, exitCode } = explain(new TypeError("hunter2 is not a function"))
    expect(exitCode).toBe(1)
    expect(lines.join("\n")).toMatch(
      /^pum-aws: this is a defect of pum-aws itself \(TypeError at errors\.test\.ts:\d+:\d+\)\nhint: /,
    )
    expect(lines.join("\n")).not.toContain("hunter2")
    expect(explain(new Defect("of a known kind")).lines[0]).toBe(
      "pum-aws: this is a defect of pum-aws itself (of a known kind)",
    )
    expect(explain("hunter2").lines[0]).toBe("pum-aws: this is a defect of pum-aws itself (string)")
  })
})

it.each([
  ["EMFILE", 7, "pum-aws: the system refused: too many open files (ulimit -n)"],
  ["ENOMEM", 7, "pum-aws: the system refused: no memory left"],
  ["ECONNRESET", 1, expect.stringMatching(/a defect/)],
])("what the system refuses for want of something is no defect: %s", (code, exitCode, line) => {
  const error = Object.assign(new Error(`${code}: open '/home/aly/hunter2'`), {
    code,
    syscall: "open",
    errno: -24,
  })
  expect(explain(error)).toMatchObject({
    exitCode,
    lines: [line, ...(exitCode === 1 ? [expect.anything()] : [])],
  })
})

describe("a report", () => {
  it.each([
    [{ bugs: { url: "https://example.com/issues" } }, "please report this, at https://example.com/issues"],
    [{ bugs: "https://example.com/issues" }, "please report this, at https://example.com/issues"],
    [{ bugs: { email: "a@b" } }, undefined],
    [{ bugs: "TO BE NAMED BY THE OWNER" }, undefined],
    [{}, undefined],
  ])("is asked for only with a place for it: %j", (manifest, expected) => {
    expect(reportHint("please report this", manifest)).toBe(expected)
  })
})

describe("plain", () => {
  it.each([
    ["colours", "\x1b[1;31mred\x1b[0m", "red"],
    ["a window title", "\x1b]0;title\x07text", "text"],
    ["a clipboard write", "\x1b]52;c;aGk=\x1b\\text", "text"],
    ["an 8-bit sequence", "\x9b31mred", "31mred"],
    ["a bell, a backspace, a null", "a\x07\b\0b", "a b"],
    ["text that runs right to left", "a\u202Eb\u2066c", "a b c"],
    ["invisible characters", "a\u200bb\ufeffc", "a b c"],
    ["line ends and white space", " a \r\n\t b ", "a b"],
    ["ordinary text", "Ungültig – 密码", "Ungültig – 密码"],
  ])("makes %s harmless", (_, text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  it("cuts what is too long", () => {
    expect(plain("x".repeat(600))).toBe(`${"x".repeat(499)}…`)
    expect(plain("abcdef", 3)).toBe("ab…")
    expect(plain("abc", 3)).toBe("abc")
  })
})
