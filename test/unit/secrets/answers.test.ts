import { describe, expect, it } from "vitest"
import { type AnswerSources, answersFrom } from "../../../src/secrets/answers.ts"
import type { Question, Terminal } from "../../../src/terminal/terminal.ts"

const never = new AbortController().signal
const question = { label: "Visma Google Auth 2FA Token", hidden: false, used: [] }

async function* linesOf(...lines: string[]) {
  yield* lines
}

function answers(sources: Partial<AnswerSources> = {}, typed: readonly string[] = [], interactive = true) {
  const left = [...typed]
  const asked: string[] = []
  const secrets: string[] = []
  const take =
    (how: string) =>
    async ({ message, fallback, check }: Question) => {
      for (;;) {
        const answer = left.shift()
        if (answer === undefined) throw new Error(`asked once too often: ${message}`)
        const complaint = check?.(answer || (fallback ?? ""))
        asked.push(`${how} ${message}${complaint === undefined ? "" : ` (${complaint})`}`)
        if (complaint === undefined) return answer || (fallback ?? "")
      }
    }
  const terminal = {
    interactive,
    ask: take("shown"),
    askSecret: take("hidden"),
    keepSecret: (secret: string) => secrets.push(secret),
  } as unknown as Terminal
  return {
    given: answersFrom({
      username: undefined,
      lastUsername: undefined,
      lines: undefined,
      terminal,
      ...sources,
    }),
    asked,
    secrets,
  }
}

describe("login", () => {
  it("asks for user and password in Visma's words", async () => {
    const { given, asked, secrets } = answers({}, ["adm\\dev_aly", "hunter2"])
    expect(await given.login(never)).toEqual({ username: "adm\\dev_aly", password: "hunter2" })
    expect(asked).toEqual(["shown Privileged user (e.g. adm\\dev_aly):", "hidden Domain password:"])
    expect(secrets).toEqual(["hunter2"])
  })

  it("offers the user name that was used last, and the one just typed after a refusal", async () => {
    const { given, asked } = answers({ lastUsername: "adm\\x" }, ["", "a", "adm\\y", "b", "", "c"])
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "a" })
    expect(await given.login(never)).toEqual({ username: "adm\\y", password: "b" })
    expect(await given.login(never)).toEqual({ username: "adm\\y", password: "c" })
    expect(asked.filter(line => line.startsWith("shown"))).toEqual([
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\x]:",
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\x]:",
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\y]:",
    ])
  })

  it("does not ask for what is given", async () => {
    const { given, asked } = answers({ username: "a@b" }, ["pw"])
    expect(await given.login(never)).toEqual({ username: "a@b", password: "pw" })
    expect(asked).toEqual(["hidden Domain password:"])
  })

  it("says at once what ADFS would not take", async () => {
    const { given, asked } = answers({}, ["dev_aly", "", "a@b", "", "x".repeat(129), "x".repeat(128)])
    await given.login(never)
    expect(asked).toEqual([
      "shown Privileged user (e.g. adm\\dev_aly): (write it as DOMAIN\\user or user@domain)",
      "shown Privileged user (e.g. adm\\dev_aly): (write it as DOMAIN\\user or user@domain)",
      "shown Privileged user (e.g. adm\\dev_aly):",
      "hidden Domain password: (type your password)",
      "hidden Domain password: (ADFS takes 128 characters at most)",
      "hidden Domain password:",
    ])
  })

  it("takes the password from stdin as it stands there", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf(" p w ") }, [], false)
    expect(await given.login(never)).toEqual({ username: "a@b", password: " p w " })
  })

  it("asks for another password after the one from stdin was refused", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("wrong") }, ["right"])
    expect((await given.login(never)).password).toBe("wrong")
    expect((await given.login(never)).password).toBe("right")
  })

  it.each([
    [
      {},
      "the user name is missing, and there is no terminal to ask on",
      "give it with --username or PUM_USERNAME",
    ],
    [
      { username: "a@b" },
      "the password is missing, and there is no terminal to ask on",
      "give it with --password-stdin",
    ],
    [
      { username: "a@b", lines: linesOf() },
      "no password on stdin",
      "--password-stdin reads it from the first line",
    ],
    [
      { username: "a@b", lines: linesOf("") },
      "the password on stdin cannot be used: type your password",
      undefined,
    ],
    [
      { username: "a@b", lines: linesOf("x".repeat(129)) },
      "the password on stdin cannot be used: ADFS takes 128 characters at most",
      undefined,
    ],
  ])("says what is missing where nobody can be asked: %j", async (sources, message, hint) => {
    await expect(answers(sources, [], false).given.login(never)).rejects.toMatchObject({
      code: "answerMissing",
      message,
      hint,
    })
  })
})

describe("code", () => {
  it("asks with the page's label, hidden where the page hides it", async () => {
    const { given, asked, secrets } = answers({}, [" 444692 ", "token"])
    expect(await given.code(question)).toBe("444692")
    expect(await given.code({ ...question, label: "SafeNet", hidden: true })).toBe("token")
    expect(asked).toEqual(["shown Visma Google Auth 2FA Token:", "hidden SafeNet:"])
    expect(secrets).toEqual(["444692", "token"])
  })

  it("takes no empty code, and none that was refused", async () => {
    const { given, asked } = answers({}, ["", "111111 ", "222222"])
    expect(await given.code({ ...question, used: ["111111"] })).toBe("222222")
    expect(asked.slice(0, 2)).toEqual([
      "shown Visma Google Auth 2FA Token: (type the code)",
      "shown Visma Google Auth 2FA Token: (that code was refused; wait for the next one)",
    ])
  })

  it("takes the code from the second line of stdin, then asks", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw", "123456") }, ["654321"])
    await given.login(never)
    expect(await given.code(question)).toBe("123456")
    expect(await given.code(question)).toBe("654321")
  })

  it("says how to give the code where nobody can be asked", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw") }, [], false)
    await given.login(never)
    await expect(given.code(question)).rejects.toMatchObject({
      code: "answerMissing",
      message: "the 2FA code (Visma Google Auth 2FA Token) is missing, and there is no terminal to ask on",
      hint: "give it with --password-stdin, on its second line",
    })
  })
})

it("asks again only where there is a terminal", () => {
  expect(answers({}, [], true).given.canAskAgain).toBe(true)
  expect(answers({}, [], false).given.canAskAgain).toBe(false)
})
