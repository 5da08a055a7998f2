import { describe, expect, it } from "vitest"
import { type AnswerSources, AnswersFromSources } from "../../../src/answers/answers.ts"
import { PumError } from "../../../src/errors.ts"
import type { Question } from "../../../src/terminal/question.ts"
import type { Terminal } from "../../../src/terminal/terminal.ts"

const never = new AbortController().signal
const question = { label: "Visma Google Auth 2FA Token", hidden: false, used: [], refused: false }

async function* linesOf(...lines: string[]) {
  yield* lines
}

function answers(sources: Partial<AnswerSources> = {}, typed: readonly string[] = [], interactive = true) {
  const left = [...typed]
  const asked: string[] = []
  const secrets: string[] = []
  const warnings: string[] = []
  const pauses: number[] = []
  let clock = 60_000
  const take =
    (how: string) =>
    async ({ message, fallback, validate }: Question) => {
      for (;;) {
        const answer = left.shift()
        if (answer === undefined) throw new Error(`asked once too often: ${message}`)
        const complaint = validate?.(answer || (fallback ?? ""))
        asked.push(`${how} ${message}${complaint === undefined ? "" : ` (${complaint})`}`)
        if (complaint === undefined) return answer || (fallback ?? "")
      }
    }
  const terminal = {
    interactive,
    ask: take("shown"),
    askSecret: take("hidden"),
    keepSecret: (secret: string) => secrets.push(secret),
    tell: (line: string) => asked.push(line),
    warn: (line: string) => warnings.push(line),
    progress: (label: string) => {
      asked.push(label)
      return () => {}
    },
  } as unknown as Terminal
  return {
    given: new AnswersFromSources({
      username: undefined,
      lastUsername: undefined,
      lines: undefined,
      terminal,
      now: () => clock,
      pause: async milliseconds => {
        pauses.push(milliseconds)
        clock += milliseconds
      },
      ...sources,
    }),
    asked,
    secrets,
    warnings,
    pauses,
    pass: (milliseconds: number) => {
      clock += milliseconds
    },
  }
}

describe("login", () => {
  it("asks for user and password in Visma's words", async () => {
    const { given, asked, secrets } = answers({}, ["adm\\dev_aly ", "hunter2"])
    expect(await given.login(never)).toEqual({ username: "adm\\dev_aly", password: "hunter2" })
    expect(asked).toEqual(["shown Privileged user (e.g. adm\\dev_aly):", "hidden Domain password:"])
    expect(secrets).toEqual(["hunter2"])
  })

  it("that was begun asks at once, and is what the first call gets", async () => {
    const { given, asked } = answers({ username: "a@b" }, ["one", "two"])
    void given.beginLogin()
    await new Promise(setImmediate)
    expect(asked).toEqual(["hidden Domain password:"])
    expect(await given.login(never)).toEqual({ username: "a@b", password: "one" })
    expect(await given.login(never)).toEqual({ username: "a@b", password: "two" })
  })

  it.each(["before", "after"])("that was begun ends when its signal is aborted %s the call", async when => {
    const controller = new AbortController()
    const passwordCommand = (signal: AbortSignal) =>
      new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
    const begun = new Promise(setImmediate)
    const { given } = answers({ username: "a@b", passwordCommand })
    given.beginLogin().catch(() => {})
    await begun
    if (when === "before") controller.abort("unreachable")
    const login = given.login(controller.signal)
    controller.abort("unreachable")
    await expect(login).rejects.toBe("unreachable")
  })

  it("offers the user name that was used last, and the one just typed after a refusal", async () => {
    const { given, asked } = answers({ lastUsername: "adm\\x" }, ["", "a", "", "adm\\y", "b", "", "", "c"])
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "a" })
    expect(await given.login(never)).toEqual({ username: "adm\\y", password: "b" })
    expect(await given.login(never)).toEqual({ username: "adm\\y", password: "c" })
    expect(asked.filter(line => line.startsWith("shown"))).toEqual([
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\x]:",
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\x]:",
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\y]:",
    ])
  })

  it("asks for the password only after a refusal, where fingers type it; Enter alone leads to the user name", async () => {
    const { given, asked } = answers({}, ["adm\\x", "a", "b", "", "adm\\y", "", "c"])
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "a" })
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "b" })
    expect(given.typedUsername).toBe("adm\\x")
    expect(await given.login(never)).toEqual({ username: "adm\\y", password: "c" })
    const again = "Type the password of adm\\x again, or press Enter alone to change the user name."
    expect(asked).toEqual([
      "shown Privileged user (e.g. adm\\dev_aly):",
      "hidden Domain password:",
      again,
      "hidden Domain password:",
      again,
      "hidden Domain password:",
      "shown Privileged user (e.g. adm\\dev_aly) [adm\\x]:",
      "hidden Domain password: (type your password)",
      "hidden Domain password:",
    ])
  })

  it("asks for no other user name than the one that was given", async () => {
    const { given, asked } = answers({ username: "a@b" }, ["a", "", "b"])
    await given.login(never)
    expect(await given.login(never)).toEqual({ username: "a@b", password: "b" })
    expect(asked).toEqual([
      "hidden Domain password:",
      "hidden Domain password: (type your password)",
      "hidden Domain password:",
    ])
  })

  it("takes no longer password after a refusal than before", async () => {
    const { given, asked } = answers({}, ["adm\\x", "a", "x".repeat(129), "b"])
    await given.login(never)
    await given.login(never)
    expect(asked.at(-2)).toBe("hidden Domain password: (ADFS takes 128 characters at most)")
  })

  it("sends a user name without the invisible characters of a paste", async () => {
    const { given } = answers({}, ["\u202aa@b\u202c\t", "pw"])
    expect(await given.login(never)).toEqual({ username: "a@b", password: "pw" })
  })

  it("does not ask for what is given", async () => {
    const { given, asked } = answers({ username: "a@b" }, ["pw"])
    expect(await given.login(never)).toEqual({ username: "a@b", password: "pw" })
    expect(asked).toEqual(["hidden Domain password:"])
  })

  it("says at once what ADFS would not take", async () => {
    const { given, asked } = answers({}, [
      "dev_aly",
      "",
      "adm\\j\ufffdrg",
      "a@b",
      "",
      "p\ufffdss",
      "x".repeat(129),
      "x".repeat(128),
    ])
    await given.login(never)
    expect(asked).toEqual([
      "shown Privileged user (e.g. adm\\dev_aly): (write it as DOMAIN\\user or user@domain)",
      "shown Privileged user (e.g. adm\\dev_aly): (write it as DOMAIN\\user or user@domain)",
      "shown Privileged user (e.g. adm\\dev_aly): (it holds a letter that is not UTF-8: set the terminal, or the program that gives it, to UTF-8)",
      "shown Privileged user (e.g. adm\\dev_aly):",
      "hidden Domain password: (type your password)",
      "hidden Domain password: (it holds a letter that is not UTF-8: set the terminal, or the program that gives it, to UTF-8)",
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
      "give it with --password-stdin or --password-command",
    ],
    [
      { username: "a@b", lines: linesOf() },
      "no password on stdin",
      "--password-stdin reads it from the first line",
    ],
    [{ username: "a@b", lines: linesOf("") }, "the password on stdin cannot be used: it is empty", undefined],
    [
      { username: "a@b", lines: linesOf("old line ends\r123456") },
      "the password on stdin cannot be used: it holds a control character, such as a tab, or a line end of an old Mac",
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

describe("what a second factor asks besides", () => {
  const pin = { label: "PIN", hidden: true, refused: false }

  it("is typed, not empty, and kept secret", async () => {
    const { given, asked, secrets } = answers({}, ["", "25 80"])
    expect(await given.other(pin)).toBe("2580")
    expect(asked).toEqual(["hidden PIN: (type an answer)", "hidden PIN:"])
    expect(secrets).toEqual(["2580"])
  })

  it("comes from the line of stdin after the code, once", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw", "123456", "2580", "1111") }, ["9999"])
    await given.login(never)
    expect(await given.code(question)).toBe("123456")
    expect(await given.other(pin)).toBe("2580")
    expect(await given.other({ ...pin, refused: true })).toBe("9999")
  })

  it("is named where it is missing and nobody can be asked", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw", "123456") }, [], false)
    await given.login(never)
    await given.code(question)
    await expect(given.other(pin)).rejects.toMatchObject({
      code: "answerMissing",
      message: 'the answer to "PIN" is missing, and there is no terminal to ask on',
      hint: "give it with --password-stdin, on a line after the code",
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

  it("sends no code of stdin twice, and waits for no further line after a refusal", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw", "123456", "123456", "123456") }, [
      "222222",
      "333333",
    ])
    await given.login(never)
    expect(await given.code(question)).toBe("123456")
    expect(await given.code({ ...question, used: ["123456"] })).toBe("222222")
    expect(await given.code({ ...question, used: ["123456", "222222"], refused: true })).toBe("333333")
  })

  it.each([
    ["444 692", "444692"],
    [" 44\u00a046\u200992 ", "444692"],
    ["\u200e444692\u200b", "444692"],
    ["cat 44", "cat 44"],
  ])("sends %j without blanks if all else is digits", async (typed, sent) => {
    expect(await answers({}, [typed]).given.code(question)).toBe(sent)
    const { given } = answers({ username: "a@b", lines: linesOf("pw", typed) }, [])
    await given.login(never)
    expect(await given.code(question)).toBe(sent)
  })

  it("knows a refused code with other blanks", async () => {
    const { given, asked } = answers({}, ["111 111", "222222"])
    expect(await given.code({ ...question, used: ["111111"] })).toBe("222222")
    expect(asked[0]).toContain("that code was refused")
  })

  it("says how to give the code where nobody can be asked", async () => {
    const { given } = answers({ username: "a@b", lines: linesOf("pw") }, [], false)
    await given.login(never)
    await expect(given.code(question)).rejects.toMatchObject({
      code: "answerMissing",
      message: "the 2FA code (Visma Google Auth 2FA Token) is missing, and there is no terminal to ask on",
      hint: "give it with --otp-command, or with --password-stdin on its second line",
    })
  })
})

describe("stdin", () => {
  it("never takes the code for a second password", async () => {
    const { given, asked } = answers({ username: "a@b", lines: linesOf("wrong", "123456") }, ["right"])
    await given.login(never)
    expect((await given.login(never)).password).toBe("right")
    expect(await given.code(question)).toBe("123456")
    expect(asked).toEqual(["hidden Domain password:"])
  })

  it("uses the user name of last time, which is offered only to somebody who types", async () => {
    const { given, asked } = answers({ lastUsername: "adm\\x", lines: linesOf("pw") })
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "pw" })
    expect([asked, given.typedUsername]).toEqual([[], undefined])
  })
})

describe("commands", () => {
  const codes = (...list: string[]) => {
    const left = [...list]
    return async () => left.shift() ?? "the last"
  }

  it("give password and code without a question", async () => {
    const { given, asked, secrets } = answers(
      {
        username: "a@b",
        passwordCommand: async () => "from the command",
        otpCommand: async () => " 111111 ",
      },
      [],
      false,
    )
    expect(await given.login(never)).toEqual({ username: "a@b", password: "from the command" })
    expect(await given.code(question)).toBe("111111")
    expect([asked, secrets]).toEqual([[], ["from the command", "111111"]])
  })

  it("do not run a second time for a password that was refused", async () => {
    let runs = 0
    const passwordCommand = async () => `run ${++runs}`
    const { given } = answers({ username: "a@b", passwordCommand }, ["typed"])
    await given.login(never)
    expect((await given.login(never)).password).toBe("typed")
    expect(runs).toBe(1)
  })

  it.each([
    ["", "what the password command printed cannot be used: it is empty"],
    ["x".repeat(129), "what the password command printed cannot be used: ADFS takes 128 characters at most"],
  ])("must give a password that ADFS takes: %j", async (password, message) => {
    const { given } = answers({ username: "a@b", passwordCommand: async () => password })
    await expect(given.login(never)).rejects.toMatchObject({ code: "answerMissing", message })
  })

  it("prefer the code of --otp-command to the second line of stdin", async () => {
    const { given } = answers({
      username: "a@b",
      lines: linesOf("pw", "url: https://example.com"),
      otpCommand: async () => "111111",
    })
    await given.login(never)
    expect(await given.code(question)).toBe("111111")
  })

  it("are asked for the next code once its time has come", async () => {
    const { given, asked, pauses, pass } = answers({ otpCommand: codes("1111", "1111", "2222") }, [], false)
    pass(12_345)
    expect(await given.code(question)).toBe("1111")
    expect(given.canGiveAnotherCode).toBe(true)
    expect(await given.code({ ...question, used: ["1111"] })).toBe("2222")
    expect([pauses, asked]).toEqual([[17_655], ["Waiting for the next 2FA code"]])
  })

  it("leave it to the person when they have no other code, for the rest of the sign-in", async () => {
    const { given, asked, pauses } = answers({ otpCommand: async () => "1111" }, ["2222", "3333"])
    expect(await given.code({ ...question, used: ["1111"] })).toBe("2222")
    expect(await given.code({ ...question, used: ["1111", "2222"] })).toBe("3333")
    expect(pauses).toHaveLength(1)
    expect(asked.filter(line => line.startsWith("shown"))).toHaveLength(2)
  })

  it("end the sign-in when they have no other code and nobody can be asked", async () => {
    const { given } = answers({ otpCommand: async () => "1111" }, [], false)
    await expect(given.code({ ...question, used: ["1111"] })).rejects.toMatchObject({
      code: "codeRefused",
      message: "ADFS refused the 2FA code, and its source has no other one",
      hint: "a clock that is off makes every code wrong, and so does the secret of another user",
    })
  })
})

describe("1Password", () => {
  const item = { username: "adm\\x", password: "from the item", code: "111111" }
  const managerOf = (...items: (Partial<typeof item> | PumError)[]) => {
    let reads = 0
    const read = async () => {
      const next = items[Math.min(reads++, items.length - 1)]
      if (next instanceof PumError || next === undefined) throw next
      return { username: undefined, password: undefined, code: undefined, ...next }
    }
    return { manager: { name: "the 1Password item 'F'", read }, reads: () => reads }
  }
  const locked = new PumError("answerMissing", "1Password is locked", { hint: "unlock it" })

  it("answers everything from one look at the item, within the time of its code", async () => {
    const { manager, reads } = managerOf(item)
    const { given, asked, secrets } = answers({ manager }, [], false)
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "from the item" })
    expect(await given.code(question)).toBe("111111")
    expect([asked, secrets, reads()]).toEqual([[], ["from the item", "111111"], 1])
    expect(given.typedUsername).toBeUndefined()
  })

  it("looks anew for a code whose time is over", async () => {
    const { manager } = managerOf(item, { ...item, code: "222222" })
    const { given, pass } = answers({ manager })
    await given.login(never)
    pass(30_000)
    expect(await given.code(question)).toBe("222222")
  })

  it("looks anew after a refusal, and sends no code a second time", async () => {
    const { manager, reads } = managerOf(item, item, { ...item, code: "222222" })
    const { given, pauses } = answers({ manager }, [], false)
    await given.login(never)
    expect(await given.code(question)).toBe("111111")
    expect(given.canGiveAnotherCode).toBe(true)
    expect(await given.code({ ...question, used: ["111111"] })).toBe("222222")
    expect([pauses, reads()]).toEqual([[30_000], 3])
  })

  it("is not asked for the password that was refused; its code still serves its user", async () => {
    const { manager, reads } = managerOf(item)
    const { given, asked } = answers({ manager }, ["typed"])
    await given.login(never)
    expect(await given.login(never)).toEqual({ username: "adm\\x", password: "typed" })
    expect(await given.code(question)).toBe("111111")
    expect(reads()).toBe(1)
    expect(asked).toEqual([
      "Type the password of adm\\x again, or press Enter alone to change the user name.",
      "hidden Domain password:",
    ])
  })

  it("gives no code for another user than its own", async () => {
    const { manager } = managerOf(item)
    const { given } = answers({ manager }, ["", "adm\\y", "typed", "999999"])
    await given.login(never)
    expect((await given.login(never)).username).toBe("adm\\y")
    expect(await given.code(question)).toBe("999999")
  })

  it.each(["adm\\x", "ADM\\X"])("serves a user who is given in any case: %s", async username => {
    const { given } = answers({ username, ...managerOf(item) })
    expect(await given.login(never)).toEqual({ username, password: "from the item" })
  })

  it("serves the given user where the item leaves out the domain, or names nobody", async () => {
    for (const named of ["X", undefined]) {
      const { manager } = managerOf({ password: "pw", ...(named === undefined ? {} : { username: named }) })
      const { given } = answers({ username: "adm\\x", manager }, [], false)
      expect(await given.login(never)).toEqual({ username: "adm\\x", password: "pw" })
    }
  })

  it("asks for the user name only where the item names nobody", async () => {
    const { given, asked } = answers({ ...managerOf({ password: "pw" }), lastUsername: "adm\\z" }, [""])
    expect(await given.login(never)).toEqual({ username: "adm\\z", password: "pw" })
    expect(asked).toEqual(["shown Privileged user (e.g. adm\\dev_aly) [adm\\z]:"])
  })

  it.each([
    ["adm\\y", item, "the 1Password item 'F' is not used: it belongs to adm\\x, not to adm\\y"],
    ["corp\\x", item, "the 1Password item 'F' is not used: it belongs to adm\\x, not to corp\\x"],
    [
      undefined,
      { ...item, username: "x" },
      "the 1Password item 'F' is not used: its user name is 'x'; write it as DOMAIN\\user or user@domain",
    ],
    [undefined, { username: "adm\\x", code: "111111" }, "the 1Password item 'F' holds no password"],
    [undefined, locked, "1Password is locked (unlock it)"],
  ])("warns in one line, then come the ordinary questions: %s, %j", async (username, held, warning) => {
    const typed = username === undefined ? ["a@b", "typed"] : ["typed"]
    const { given, asked, warnings } = answers({ username, ...managerOf(held) }, [...typed, "222222"])
    expect((await given.login(never)).password).toBe("typed")
    expect(await given.code(question)).toBe("222222")
    expect(warnings).toEqual([warning])
    expect(asked.at(-1)).toBe("shown Visma Google Auth 2FA Token:")
  })

  it("says what is missing where nobody can be asked", async () => {
    const { given, warnings } = answers({ username: "a@b", ...managerOf(locked) }, [], false)
    await expect(given.login(never)).rejects.toMatchObject({ code: "answerMissing" })
    expect(warnings).toEqual(["1Password is locked (unlock it)"])
  })

  it("asks for the code when 1Password was locked after the password", async () => {
    const { given, warnings, pass } = answers(managerOf(item, locked), ["333333"])
    await given.login(never)
    pass(30_000)
    expect(await given.code(question)).toBe("333333")
    expect(warnings).toEqual(["1Password is locked (unlock it)"])
  })

  it("asks for the code where the item holds none", async () => {
    const { given } = answers(managerOf({ username: "adm\\x", password: "pw" }), ["333333"])
    await given.login(never)
    expect(await given.code(question)).toBe("333333")
  })

  it("ends with the reason when it is cut short", async () => {
    const cut = new AbortController()
    const unreachable = new PumError("idpUnreachable", "unreachable")
    cut.abort(unreachable)
    const { given, warnings } = answers(managerOf(unreachable))
    await expect(given.login(cut.signal)).rejects.toBe(unreachable)
    expect(warnings).toEqual([])
  })
})

it("has another password only where there is a terminal", () => {
  expect(answers({}, [], true).given.canGiveAnotherPassword).toBe(true)
  expect(answers({ passwordCommand: async () => "x" }, [], false).given.canGiveAnotherPassword).toBe(false)
  expect(answers({}, [], true).given.canGiveAnotherCode).toBe(true)
  expect(answers({}, [], false).given.canGiveAnotherCode).toBe(false)
})
