import { describe, expect, it } from "vitest"
import type { Answers } from "../../../src/answers/answers.ts"
import { PumError } from "../../../src/errors.ts"
import { readPage } from "../../../src/sign-in/pages/page.ts"
import type { FactorPage, UsablePage } from "../../../src/sign-in/pages/page-kinds.ts"
import { SecondFactor } from "../../../src/sign-in/second-factor.ts"
import type { Terminal } from "../../../src/terminal/terminal.ts"

const url = "https://adfs.example.com/adfs/ls/"

const factor = (inside: string, script = "", adapter = "Some") =>
  `<form method="post"><input type="hidden" name="AuthMethod" value="${adapter}">${inside}</form><script>${script}</script>`
const token = '<form method="post"><input type="hidden" name="SAMLResponse" value="PHg+"></form>'

interface Conversation {
  /** The first page, and what each post or request is answered with. */
  readonly pages: readonly string[]
  readonly interactive?: boolean
  readonly yes?: boolean
  /** Indexes that are chosen, in order. */
  readonly choices?: readonly number[]
  readonly anotherCode?: boolean
  /** Each post takes so many milliseconds, and fails. */
  readonly blocks?: { readonly for: number; readonly trouble: Error }
}

/** Answers page by page until there is an assertion or an error. */
async function converse({
  pages,
  interactive = true,
  yes = true,
  choices = [],
  anotherCode = interactive,
  blocks,
}: Conversation) {
  const log: string[] = []
  const left = [...pages]
  const chosen = [...choices]
  let clock = 0
  const next = async () => readPage(left.shift() ?? token, url) as UsablePage
  const terminal = {
    interactive,
    tell: (line: string) => log.push(`tell ${line}`),
    warn: (line: string) => log.push(`warn ${line}`),
    confirm: async ({ message }: { message: string }) => {
      log.push(`confirm ${message}`)
      return yes
    },
    choose: async ({ message }: { message: string }, rows: readonly (readonly string[])[]) => {
      log.push(`choose ${message} ${rows.join(" | ")}`)
      return chosen.shift() ?? 0
    },
  } as unknown as Terminal
  const codes = ["111111", "222222", "333333"]
  const answers = {
    canGiveAnotherCode: anotherCode,
    code: async ({ label, hidden }: { label: string; hidden: boolean }) => {
      log.push(`code ${label}${hidden ? ", hidden" : ""}`)
      return codes.shift() ?? ""
    },
    other: async ({ label, hidden }: { label: string; hidden: boolean }) => {
      log.push(`other ${label}${hidden ? ", hidden" : ""}`)
      return "2580"
    },
  } as unknown as Answers
  const second = new SecondFactor({
    answers,
    terminal,
    now: () => clock,
    pause: async milliseconds => {
      clock += milliseconds
      log.push(`pause ${milliseconds}`)
    },
    post: (progress, { fields }, limit) => {
      const sent = fields.slice(1).map(([name, value]) => `${name}=${value}`)
      log.push(`post ${sent.join(" ")} (${progress}${limit === undefined ? "" : `, ${limit} ms`})`)
      if (blocks === undefined) return next()
      clock += blocks.for
      return Promise.reject(blocks.trouble)
    },
    get: (_progress, address) => {
      log.push(`get ${address.pathname}`)
      return next()
    },
  })
  let page = await next()
  try {
    while (page.kind !== "assertion") page = await second.answer(page as FactorPage)
    return { log, error: undefined }
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string }
    return { log, error: { code, message, hint } }
  }
}

const checking = "(Checking the code)"

describe("questions", () => {
  const two = '<input name="pin" type="password" aria-label="PIN"><input name="otp" aria-label="Number">'

  it("are asked in the page's order on a terminal, the code first where answers come in lines", async () => {
    expect((await converse({ pages: [factor(two)] })).log).toEqual([
      "other PIN, hidden",
      "code Number",
      `post pin=2580 otp=111111 ${checking}`,
    ])
    const { log } = await converse({ pages: [factor(two)], interactive: false })
    expect(log.slice(0, 2)).toEqual(["code Number", "other PIN, hidden"])
  })

  it("are all asked again after a refusal, if the user can be asked", async () => {
    const { log } = await converse({ pages: [factor(two), factor(two)] })
    expect(log.slice(3)).toEqual([
      "warn ADFS refused the 2FA code (it was mistyped, or used before: each code works once)",
      "other PIN, hidden",
      "code Number",
      `post pin=2580 otp=222222 ${checking}`,
    ])
    const { error } = await converse({
      pages: [factor(two), factor(two)],
      interactive: false,
      anotherCode: true,
    })
    expect(error?.code).toBe("codeRefused")
  })

  it("come after the page's words, which are told once", async () => {
    const inside = '<p>A mail went to u…@example.com</p><label>Code <input name="x"></label>'
    const { log } = await converse({ pages: [factor(inside), factor(inside)] })
    expect(log.filter(line => line.startsWith("tell"))).toEqual(["tell A mail went to u…@example.com"])
    expect(log[0]).toBe("tell A mail went to u…@example.com")
  })

  it("are not told in words that are the prompt already", async () => {
    const page = `<h2>One-time password</h2>${factor('<input name="x">')}`
    expect((await converse({ pages: [page] })).log[0]).toBe("code One-time password")
  })

  it("say why a code was refused, wherever the page says it", async () => {
    const page = (words: string) =>
      factor(`<p id="pageIntroductionText">${words}</p><label>Code <input name="x"></label>`)
    const { log } = await converse({ pages: [page("Type it"), page("Used before"), page("Used before")] })
    expect(log.filter(line => /^(warn|tell)/.test(line))).toEqual([
      "tell Type it",
      "warn ADFS refused the 2FA code: Used before",
      "warn ADFS refused the 2FA code, the second of three (it was mistyped, or used before: each code works once)",
    ])
  })

  it("do not take a notice for the reason of a refusal", async () => {
    const page = (words: string) =>
      factor(`<div role="alert">${words}</div><label>Code <input name="x"></label>`)
    const notice = "Maintenance on Sunday"
    const { log } = await converse({
      pages: [page(notice), page(notice), page(`${notice}</div><div role="alert">Wrong code`)],
    })
    expect(log.filter(line => line.startsWith("warn"))).toEqual([
      `warn ${notice}`,
      "warn ADFS refused the 2FA code (it was mistyped, or used before: each code works once)",
      "warn ADFS refused the 2FA code, the second of three: Wrong code",
    ])
  })

  it("of Visma need no introduction, but a new one is a word of refusal", async () => {
    const page = (words: string) =>
      factor(`<p id="pageIntroductionText">${words}</p><input name="x">`, "", "VismaMFAAdapter")
    const { log } = await converse({ pages: [page("Please type it"), page("Wrong token")] })
    expect(log).toEqual([
      "code Visma Google Auth 2FA Token",
      `post x=111111 ${checking}`,
      "warn ADFS refused the 2FA code: Wrong token",
      "code Visma Google Auth 2FA Token",
      `post x=222222 ${checking}`,
    ])
  })

  it("that come again after another page are new questions", async () => {
    const code = factor('<input name="x">')
    const choice = factor(
      '<input type="radio" name="m" value="1" checked>A<input type="radio" name="m" value="2">B',
    )
    const { log } = await converse({ pages: [code, choice, code] })
    expect(log.filter(line => line.startsWith("warn"))).toEqual([])
  })
})

describe("choices", () => {
  const choice = (error = "") =>
    factor(
      `${error}<p>How?</p><input type="radio" name="m" value="1" checked>App<input type="radio" name="m" value="2">Mail<select name="to"><option>one</option></select>`,
    )

  it("are the user's on a terminal; a single entry is taken", async () => {
    const { log } = await converse({ pages: [choice()], choices: [1] })
    expect(log).toEqual([
      "tell How?",
      "choose Please choose how to sign in: App | Mail",
      "post m=2 to=one (Choosing the second factor)",
    ])
  })

  it("are what the page has checked, without a terminal", async () => {
    const { log } = await converse({ pages: [choice()], interactive: false })
    expect(log).toEqual(["tell How?", "post m=1 to=one (Choosing the second factor)"])
  })

  it("that come again are refused: asked again on a terminal, else the end", async () => {
    const again = choice('<p class="error">No mail is known</p>')
    const { log } = await converse({ pages: [choice(), again] })
    expect(log).toContain("warn No mail is known")
    const { error, log: silent } = await converse({ pages: [choice(), again], interactive: false })
    expect(error).toMatchObject({ code: "codeRefused", message: expect.stringContaining("No mail is known") })
    expect(silent.filter(line => line.startsWith("post"))).toHaveLength(1)
  })
})

describe("boxes that have to be ticked", () => {
  const box = '<input type="checkbox" name="t" required> I accept'
  const code = factor(`${box}<br><input name="otp" aria-label="Code">`)
  const way = factor(
    `${box}<br><input type="radio" name="m" value="1">A<input type="radio" name="m" value="2">B`,
  )

  it("are ticked after a yes", async () => {
    const agreed = 'confirm Tick "I accept"?'
    const { log } = await converse({ pages: [code] })
    expect(log).toEqual([agreed, "code Code", `post otp=111111 t=on ${checking}`])
    expect((await converse({ pages: [way] })).log[0]).toBe(agreed)
  })

  it.each([
    ["a no", { yes: false }, { code: "cancelled", message: "cancelled, nothing was ticked" }],
    [
      "nobody to ask",
      { interactive: false },
      {
        code: "answerMissing",
        message: 'the page wants "I accept" ticked, and there is no terminal to ask on; nothing was sent',
      },
    ],
  ])("send nothing after %s", async (_, how, expected) => {
    for (const page of [code, way]) {
      const { error, log } = await converse({ pages: [page], ...how })
      expect(error).toMatchObject(expected)
      expect(log.filter(line => /^(post|code)/.test(line))).toEqual([])
    }
  })
})

describe("buttons", () => {
  const one = factor('<p>Protect your account</p><button name="go" value="1">Activate</button>')
  const several = factor(
    '<button name="go" value="1">Activate</button><button name="go" value="2">Later</button>',
  )

  it("are pressed after a yes", async () => {
    expect((await converse({ pages: [one] })).log).toEqual([
      "tell Protect your account",
      'confirm Press the page\'s button "Activate"?',
      "post go=1 (Pressing Activate)",
    ])
  })

  it("are not pressed after a no, or after none of them", async () => {
    for (const talk of [
      { pages: [one], yes: false },
      { pages: [several], choices: [2] },
    ]) {
      const { error, log } = await converse(talk)
      expect(error).toMatchObject({ code: "cancelled", message: "cancelled, no button was pressed" })
      expect(log.filter(line => line.startsWith("post"))).toEqual([])
    }
  })

  it("are a choice if there are several", async () => {
    expect((await converse({ pages: [several], choices: [1] })).log).toEqual([
      "choose Please choose the button to press: Activate | Later | none of them",
      "post go=2 (Pressing Later)",
    ])
  })

  it("are offered once: the same page again is a message", async () => {
    const { error, log } = await converse({ pages: [one, one] })
    expect(error).toMatchObject({
      code: "codeRefused",
      message: "ADFS does not go on with the sign-in: Protect your account",
    })
    expect(log.filter(line => line.startsWith("confirm"))).toHaveLength(1)
  })

  it("are never pressed without a terminal", async () => {
    expect(await converse({ pages: [one], interactive: false })).toEqual({
      log: [],
      error: {
        code: "codeRefused",
        message: "ADFS does not go on with the sign-in: Protect your account",
        hint: 'the page has buttons: "Activate"; on a terminal pum-aws asks whether to press one',
      },
    })
  })
})

describe("waiting", () => {
  const wait = (script: string, inside = "<p>Look at your watch</p>") => factor(inside, script)
  const post = (limit: number) => `post  (Waiting for the second factor, ${limit} ms)`

  it.each([
    ["at once, then every three seconds", "document.forms[0].submit()", ["pause 3000"], [120_000, 117_000]],
    [
      "as the page does",
      "setTimeout(() => document.forms[0].submit(), 4000)",
      ["pause 4000", "pause 4000"],
      [116_000, 112_000],
    ],
    [
      "no more often than each second",
      "setTimeout(() => document.forms[0].submit(), 100)",
      ["pause 1000", "pause 1000"],
      [119_000, 118_000],
    ],
    [
      "no less often than each ten",
      "setTimeout(() => document.forms[0].submit(), 30000)",
      ["pause 10000", "pause 10000"],
      [110_000, 100_000],
    ],
  ])(
    "posts %s, and waits for answers as long as is left of two minutes",
    async (_, script, pauses, limits) => {
      const { log } = await converse({ pages: [wait(script), wait(script)] })
      expect(log.filter(line => line.startsWith("pause"))).toEqual(pauses)
      expect(log.filter(line => line.startsWith("post"))).toEqual(limits.map(post))
      expect(log.filter(line => line.startsWith("tell"))).toEqual(["tell Look at your watch"])
    },
  )

  it("gets the address that the page would load", async () => {
    const refresh = `<meta http-equiv="refresh" content="2; url=/adfs/ls/more">${wait("")}`
    expect((await converse({ pages: [refresh] })).log).toEqual([
      "tell Look at your watch",
      "pause 2000",
      "get /adfs/ls/more",
    ])
  })

  it("ends after two minutes with the page's words", async () => {
    const script = "setTimeout(() => document.forms[0].submit(), 10000)"
    const { error } = await converse({ pages: Array(50).fill(wait(script)) })
    expect(error).toEqual({
      code: "codeRefused",
      message: "the sign-in was not approved within 2 minutes: Look at your watch",
      hint: "run the command again when you can confirm it",
    })
  })

  it("ends after two minutes if the server answers only when the phone does", async () => {
    const trouble = new PumError("idpUnreachable", "adfs.example.com did not answer in time")
    const page = wait("document.forms[0].submit()")
    expect((await converse({ pages: [page], blocks: { for: 120_000, trouble } })).error).toMatchObject({
      code: "codeRefused",
      message: "the sign-in was not approved within 2 minutes: Look at your watch",
    })
    // Any other trouble is what it is.
    expect((await converse({ pages: [page], blocks: { for: 60_000, trouble } })).error).toMatchObject({
      code: "idpUnreachable",
    })
  })

  it("ends at a page that does not go on by itself", async () => {
    const { error, log } = await converse({
      pages: [wait("document.forms[0].submit()"), wait("", "<p>No answer</p>")],
    })
    expect(error).toMatchObject({ code: "codeRefused", message: "the sign-in was not approved: No answer" })
    expect(log.filter(line => line.startsWith("post"))).toHaveLength(1)
  })
})

it("says that a page needs a browser, with the page's words, and posts nothing", async () => {
  const page = factor('<p>Touch your key</p><input type="hidden" name="assertion" value="">')
  expect(await converse({ pages: [page] })).toEqual({
    log: [],
    error: {
      code: "idpPage",
      message: "the second factor Some needs a browser: Touch your key",
      hint: "a script or a device makes its answer: use another second factor here, such as a code, if you have one",
    },
  })
})
