import { describe, expect, it } from "vitest"
import type { Answers } from "../../../src/answers/answers.ts"
import type { CodeQuestion, Login } from "../../../src/answers/questions.ts"
import { signIn } from "../../../src/sign-in/adfs.ts"
import type { FetchedPage } from "../../../src/sign-in/web-session.ts"
import { marksFor } from "../../../src/terminal/marks.ts"
import type { Terminal } from "../../../src/terminal/terminal.ts"

const idp = "https://adfs.example.com/adfs/ls/"

const pages = {
  login: (text = "") =>
    `<form method="post"><span id="errorText">${text}</span><input name="UserName"><input name="Password" type="password"></form>`,
  code: (text = "", field = "Code", adapter = "Factor") =>
    `<form method="post"><span id="errorText">${text}</span><input type="hidden" name="AuthMethod" value="${adapter}"><label>Enter <input name="${field}"></label></form>`,
  approval: (number = "", text = "") =>
    `<form method="post"><span id="errorText">${text}</span><input type="hidden" name="AuthMethod" value="Phone"></form><p id="validEntropyNumber">${number}</p>${text === "" ? "<script>document.forms[0].submit()</script>" : ""}`,
  adapters: (...ids: string[]) =>
    `<form id="options" method="post"><input type="hidden" name="AuthMethod"></form><div id="authOptionLinks">${ids.map(id => `<a id="${id}">${id} text</a>`).join("")}</div>`,
  parties: (...names: string[]) =>
    `<form id="idpForm" method="post"><select name="RelyingParty">${names.map((name, index) => `<option value="guid-${index}">${name}</option>`).join("")}</select></form>`,
  token: () => `<form method="post"><input type="hidden" name="SAMLResponse" value="PHg+"></form>`,
  expired: () => `<div id="expiredNotification">Your password has expired.</div>`,
  error: (id = "") =>
    `<div id="errorArea"><div id="errorMessage">Broken</div><span id="activityId">${id}</span></div>`,
  relay: () =>
    `<form method="post" action="/adfs/ls/"><input type="hidden" name="wctx" value="w"></form><script>document.forms[0].submit()</script>`,
  refresh: () => `<meta http-equiv="refresh" content="1; url=/adfs/ls/?next">`,
  unknown: () => `<title>What</title>`,
}

interface Script {
  /** What ADFS answers, in this order. A function sees what was posted. */
  readonly answers: readonly (string | { html: string; status: number })[]
  readonly logins?: number
  readonly codes?: readonly string[]
  readonly passwords?: readonly string[]
  readonly interactive?: boolean
  readonly username?: string
  /** Those of each login, instead. */
  readonly usernames?: readonly string[]
  /** Whether questions are answered with yes. */
  readonly agrees?: boolean
  /** The index that is chosen in menus. */
  readonly choice?: number
  /** How the clock goes on with each answer, in milliseconds. */
  readonly pace?: number
  /** How long the user takes to type, in milliseconds. */
  readonly typing?: number
}

async function play({
  answers,
  logins = 1,
  codes = ["111111", "222222", "333333", "444444"],
  passwords = ["one", "two", "three", "four"],
  interactive = true,
  username = "a@b",
  usernames = [],
  agrees = false,
  choice = 0,
  pace = 1,
  typing = 1,
}: Script) {
  const left = [...answers]
  const log: string[] = []
  let clock = 1_000_000
  const answer = (): Promise<FetchedPage> => {
    const next = left.shift()
    if (next === undefined) throw new Error(`ADFS was asked once too often:\n${log.join("\n")}`)
    clock += pace
    const { html, status } = typeof next === "string" ? { html: next, status: 200 } : next
    return Promise.resolve({ url: idp, status, html, arrivedAt: clock })
  }
  const web = {
    get: () => {
      log.push("get")
      return answer()
    },
    post: (form: { fields: readonly (readonly [string, string])[] }) => {
      log.push(`post ${form.fields.map(([name, value]) => `${name}=${value}`).join(" ")}`)
      return answer()
    },
  }
  const terminal: Terminal = {
    interactive,
    hasPatience: false,
    hasAsked: () => false,
    noDeviceHint: undefined,
    marks: marksFor({}, "linux"),
    ask: () => Promise.reject(new Error("asked")),
    askSecret: () => Promise.reject(new Error("asked")),
    confirm: async ({ message }) => {
      log.push(`confirm ${message}`)
      return agrees
    },
    choose: async (question, rows) => {
      log.push(`choose ${question.message} ${rows.map(row => row.join(" ")).join(" | ")}`)
      return choice
    },
    progress: () => () => {},
    lendStreams: () => ({ stdin: "ignore", stderr: "inherit" }),
    tell: line => log.push(`tell ${line}`),
    succeed: line => log.push(line),
    warn: line => log.push(`warn ${line}`),
    trace: () => {},
    keepSecret: () => {},
    prepareRedaction: () => {},
    redacted: text => text,
  }
  const passwordsLeft = [...passwords]
  const codesLeft = [...codes]
  const giver: Answers = {
    canGiveAnotherPassword: interactive,
    canGiveAnotherCode: interactive,
    login: async (): Promise<Login> => {
      // The page arrives while the user types.
      await new Promise(resolve => setImmediate(resolve))
      clock += typing
      const user = usernames[passwords.length - passwordsLeft.length] ?? username
      return { username: user, password: passwordsLeft.shift() ?? "" }
    },
    code: async ({ label }: CodeQuestion) => {
      log.push(`ask ${label}`)
      return codesLeft.shift() ?? ""
    },
    other: async ({ label, hidden }) => {
      log.push(`ask ${label} besides${hidden ? ", hidden" : ""}`)
      return "1234"
    },
  }
  const result = await signIn({
    web,
    idpUrl: new URL(idp),
    firstPage: web.get(),
    answers: giver,
    terminal,
    maxPasswords: logins,
    now: () => clock,
    pause: async milliseconds => {
      clock += milliseconds
      log.push(`pause ${milliseconds}`)
    },
  }).then(
    ({ samlResponse }) => samlResponse,
    (error: Error & { code?: string; hint?: string }) => ({
      code: error.code,
      message: error.message,
      hint: error.hint,
    }),
  )
  return { result, log, left }
}

const sent = (log: readonly string[], what: string) =>
  log.filter(line => line.startsWith("post") && line.includes(what))

describe("signIn", () => {
  it("answers page by page until the assertion is there", async () => {
    const { result, log } = await play({ answers: [pages.login(), pages.code(), pages.token()] })
    expect(result).toBe("PHg+")
    expect(log).toEqual([
      "get",
      "post UserName=a@b Password=one",
      "ask Enter",
      "post AuthMethod=Factor Code=111111",
    ])
  })

  it("calls Visma's second factor what Visma calls it", async () => {
    const { log } = await play({
      answers: [pages.login(), pages.code("", "x", "VismaMFAAdapter"), pages.token()],
    })
    expect(log).toContain("ask Visma Google Auth 2FA Token")
  })

  it("sends a refused password no second time, and passes the server's words on", async () => {
    const { result, log, left } = await play({ answers: [pages.login(), pages.login("Feil passord")] })
    expect(result).toEqual({
      code: "signInRefused",
      message: "ADFS refused the user name or password: Feil passord",
      hint: "ADFS gives the same answer for a locked account; a few wrong passwords lock it",
    })
    expect([sent(log, "Password").length, left]).toEqual([1, []])
  })

  it.each([
    "Your account is locked out",
    "Kontoen er låst",
    "Das Konto ist gesperrt",
    "Account disabled",
    "Kontoen er deaktivert",
    "Kontot är inaktiverat",
    "Tili on poistettu käytöstä",
    "Uw account is vergrendeld",
    "Konto zostało wyłączone",
  ])("does not contradict words that say that the account is locked: %s", async words => {
    const { result } = await play({ answers: [pages.login(), pages.login(words)] })
    expect(result).toMatchObject({
      message: `ADFS refused the user name or password: ${words}`,
      hint: "wait until it is unlocked, or have it unlocked: each further try can lock it again",
    })
  })

  it("takes the login page coming back for a refusal, even without a word", async () => {
    const { result } = await play({ answers: [pages.login(), pages.login()] })
    expect(result).toMatchObject({ code: "signInRefused", message: "ADFS refused the user name or password" })
  })

  it("goes on over pages that a browser leaves by itself, and what comes then means the same", async () => {
    const { result, log } = await play({
      answers: [pages.relay(), pages.refresh(), pages.login(), pages.relay(), pages.login("Feil passord")],
    })
    expect(log.slice(0, 4)).toEqual(["get", "post wctx=w", "pause 1000", "get"])
    expect(result).toMatchObject({ message: "ADFS refused the user name or password: Feil passord" })
    expect(sent(log, "Password")).toHaveLength(1)
  })

  it("gives up pages that lead in a circle", async () => {
    expect((await play({ answers: Array(13).fill(pages.relay()) })).result).toMatchObject({
      message: "ADFS sent 12 pages without an end; the sign-in was given up",
    })
  })

  it("with --retry asks again, and sends three passwords at most", async () => {
    const refused = pages.login("no")
    const { result, log } = await play({ logins: 3, answers: [pages.login(), refused, refused, refused] })
    expect(result).toMatchObject({ code: "signInRefused" })
    expect(sent(log, "Password")).toEqual(
      ["one", "two", "three"].map(password => `post UserName=a@b Password=${password}`),
    )
    expect(log.filter(line => line.startsWith("warn"))).toEqual(
      Array(2).fill(
        "warn ADFS refused the user name or password: no (ADFS gives the same answer for a locked account; a few wrong passwords lock it)",
      ),
    )
  })

  it("with --retry goes on when the second password is right", async () => {
    expect(
      (await play({ logins: 3, answers: [pages.login(), pages.login("no"), pages.token()] })).result,
    ).toBe("PHg+")
  })

  it("retries nothing where nobody can be asked", async () => {
    const { result, log } = await play({
      logins: 3,
      interactive: false,
      answers: [pages.login(), pages.login("no")],
    })
    expect(result).toMatchObject({ code: "signInRefused" })
    expect(sent(log, "Password")).toHaveLength(1)
  })

  it("asks for a wrong code again on the page that came back, three codes in all", async () => {
    const { result, log } = await play({
      answers: [pages.login(), pages.code(), pages.code(), pages.code("Falsk"), pages.code()],
    })
    expect(result).toMatchObject({
      code: "codeRefused",
      message: "ADFS refused the 2FA code, the third of three",
    })
    expect(sent(log, "Code")).toEqual(
      ["111111", "222222", "333333"].map(code => `post AuthMethod=Factor Code=${code}`),
    )
    expect(log.filter(line => line.startsWith("warn"))).toEqual([
      "warn ADFS refused the 2FA code (it was mistyped, or used before: each code works once)",
      "warn ADFS refused the 2FA code, the second of three: Falsk",
    ])
    expect(sent(log, "Password")).toHaveLength(1)
  })

  it("refuses at once where nobody can be asked for another code", async () => {
    const { result } = await play({
      interactive: false,
      answers: [pages.login(), pages.code(), pages.code("No")],
    })
    expect(result).toEqual({
      code: "codeRefused",
      message: "ADFS refused the 2FA code: No",
      hint: undefined,
    })
  })

  it("asks for a new PIN that ADFS does not take again, and says that it was no code", async () => {
    const newPin = (text: string) =>
      pages
        .code(text, "NewPin")
        .replace("Enter", "New PIN")
        .replace("</form>", "<label>Again <input name=ConfirmPin></label></form>")
    const { log } = await play({ answers: [pages.login(), newPin(""), newPin("Too short"), pages.token()] })
    expect(log.filter(line => line.startsWith("ask"))).toEqual(
      [0, 1].flatMap(() => ["ask New PIN besides", "ask Again besides"]),
    )
    expect(log).toContain("warn ADFS refused the answer: Too short")
  })

  const boxes = pages
    .code()
    .replace('<input name="Code">', "1234".replace(/./g, "<input name=d$& maxlength=1>"))

  it("puts a code into boxes for one digit each, and asks again for one of another length", async () => {
    const { result, log } = await play({
      codes: ["123456", "9876"],
      answers: [pages.login(), boxes, pages.token()],
    })
    expect(result).toBe("PHg+")
    expect(log.slice(2)).toEqual([
      "ask Enter",
      'warn the page has 4 boxes for "Enter", and the answer has 6 characters; it was not sent',
      "ask Enter",
      "post AuthMethod=Factor d1=9 d2=8 d3=7 d4=6",
    ])
  })

  it.each([
    [false, 1],
    [true, 3],
  ])("sends no code that fits no boxes (on a terminal: %s)", async (interactive, asked) => {
    const { result, log } = await play({ interactive, answers: [pages.login(), boxes] })
    expect(result).toMatchObject({
      code: "answerMissing",
      message: 'the page has 4 boxes for "Enter", and the answer has 6 characters; it was not sent',
    })
    expect(log.filter(line => line.startsWith("ask"))).toHaveLength(asked)
  })

  it("asks for the way of a code beside it if the page has chosen none", async () => {
    const way = "<input type=radio name=way value=app> App<br><input type=radio name=way value=sms> SMS<br>"
    const page = pages.code().replace("<label>", `${way}<label>`)
    const answers = [pages.login(), page, pages.token()]
    expect((await play({ answers, choice: 1 })).log.slice(2)).toEqual([
      "choose Please choose how to sign in: App | SMS",
      "ask Enter",
      "post AuthMethod=Factor Code=111111 way=sms",
    ])
    expect((await play({ answers, interactive: false })).log.at(-1)).toBe(
      "post AuthMethod=Factor Code=111111",
    )
  })

  it("takes another question of the same factor for the next step, not for a refusal", async () => {
    const { result, log } = await play({
      answers: [
        pages.login(),
        pages.code("", "Passcode"),
        pages.code("", "NextCode"),
        pages.code("Once more", "ChallengeQuestionAnswer"),
        pages.token(),
      ],
    })
    expect(result).toBe("PHg+")
    expect(log.filter(line => line.startsWith("warn"))).toEqual(["warn Once more"])
  })

  it("does not send the password again when ADFS forgets after the second factor", async () => {
    const { result, log } = await play({
      logins: 3,
      answers: [pages.login(), pages.code(), pages.login()],
      passwords: ["one"],
      interactive: false,
    })
    expect(result).toMatchObject({
      code: "signInRefused",
      message: "ADFS asks for the password once more after the second factor; it was not sent again",
    })
    expect(sent(log, "Password")).toHaveLength(1)
  })

  it.each([
    [pages.expired(), "passwordExpired", "Your password has expired."],
    [pages.error("00-11"), "idpPage", "ADFS answered with an error: Broken (activity id 00-11)"],
    [pages.error("Activity ID: 00-11"), "idpPage", "ADFS answered with an error: Broken (activity id 00-11)"],
    [pages.error(), "idpPage", "ADFS answered with an error: Broken"],
    [{ html: '<div id="errorArea"></div>', status: 500 }, "idpPage", "ADFS answered with an error: HTTP 500"],
    [
      { html: "", status: 503 },
      "idpPage",
      "ADFS is out of service, or has this address switched off (HTTP 503)",
    ],
    [{ html: "", status: 401 }, "idpPage", "ADFS wants Windows sign-in instead of its login page (HTTP 401)"],
    [
      pages.unknown(),
      "idpPage",
      'ADFS sent a page that pum-aws does not know (HTTP 200; title "What"; AuthMethod none; fields none)',
    ],
  ])("ends in words at %j, as the first page and later", async (page, code, message) => {
    expect((await play({ answers: [page] })).result).toMatchObject({ code, message })
    expect((await play({ answers: [pages.login(), page] })).result).toMatchObject({ code, message })
  })

  it("cuts the question short when the first page cannot be had", async () => {
    const failure = new Error("unreachable")
    const running = signIn({
      web: { get: () => Promise.reject(failure), post: () => Promise.reject(failure) },
      idpUrl: new URL(idp),
      firstPage: Promise.reject(failure),
      answers: {
        canGiveAnotherPassword: true,
        canGiveAnotherCode: true,
        login: signal =>
          new Promise<Login>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        code: () => Promise.reject(failure),
        other: () => Promise.reject(failure),
      },
      terminal: { trace: () => {} } as unknown as Terminal,
      maxPasswords: 1,
      now: () => 0,
      pause: () => Promise.resolve(),
    })
    await expect(running).rejects.toBe(failure)
  })

  it("fetches a login page anew that is older than four minutes, before the password goes out", async () => {
    const { result, log } = await play({
      typing: 240_002,
      answers: [pages.login(), pages.login(), pages.token()],
    })
    expect(result).toBe("PHg+")
    expect(log).toEqual(["get", "get", "post UserName=a@b Password=one"])
    expect((await play({ typing: 239_000, answers: [pages.login(), pages.token()] })).log).toEqual([
      "get",
      "post UserName=a@b Password=one",
    ])
  })

  it("gives up after twelve pages", async () => {
    const parties = pages.parties("AWS")
    const { result, left } = await play({ answers: Array(20).fill(parties) })
    expect(result).toMatchObject({
      code: "idpPage",
      message: "ADFS sent 12 pages without an end; the sign-in was given up",
    })
    expect(left).toHaveLength(7)
  })
})

it.each([
  ["Closed on Sunday", ""],
  ["Closed on Sunday. Wrong", ": Wrong"],
  ["Wrong. Closed on Sunday", ": Wrong."],
  ["Wrong", ": Wrong"],
])("what the login page said from the start is not why it refused: %s", async (words, reason) => {
  const { result } = await play({ answers: [pages.login("Closed on Sunday"), pages.login(words)] })
  expect(result).toMatchObject({ message: `ADFS refused the user name or password${reason}` })
})

describe("user name and password on two pages", () => {
  const name = (field = "UserName") =>
    `<form method="post"><span id="errorText"></span><input name="${field}"></form>`
  const password = '<form method="post"><input name="Password" type="password"></form>'

  it("sends each where it is asked for, and nothing twice", async () => {
    const { result, log } = await play({ answers: [name(), password, pages.token()] })
    expect(result).toBe("PHg+")
    expect(log).toEqual(["get", "post UserName=a@b", "post Password=one"])
  })

  it("ends if the user name is asked for again", async () => {
    const again = name().replace("></span>", ">Not known</span>")
    const { result, log } = await play({ answers: [name(), again] })
    expect(result).toMatchObject({ code: "signInRefused", message: "ADFS refused the user name: Not known" })
    expect(sent(log, "one")).toEqual([])
  })

  it("sends no password if nothing says whose it is", async () => {
    const { result, log } = await play({ answers: [password] })
    expect(result).toMatchObject({
      code: "idpPage",
      message: "ADFS asks for a password and does not say of which account; nothing was sent",
    })
    expect(log).toEqual(["get"])
  })

  it("begins anew for the password of another user", async () => {
    const answers = [name(), password, password, name(), password, pages.token()]
    const { result, log } = await play({ logins: 2, usernames: ["a@b", "c@d"], answers })
    expect(result).toBe("PHg+")
    expect(log.filter(line => !line.startsWith("warn"))).toEqual([
      "get",
      "post UserName=a@b",
      "post Password=one",
      "get",
      "post UserName=c@d",
      "post Password=two",
    ])
  })

  it("ends if a mail address is asked for and the user name is none", async () => {
    const mail = name("Email").replace("</form>", "<input type=submit name=HomeRealmByEmail></form>")
    expect((await play({ answers: [mail, password, pages.token()] })).result).toBe("PHg+")
    expect((await play({ username: "CORP\\a", answers: [mail] })).result).toEqual({
      code: "signInRefused",
      message: "ADFS asks for a mail address to find out where you sign in",
      hint: "give the user name as name@domain (-u)",
    })
  })

  it("sends the password to no page that asks for it alone after it was sent", async () => {
    const { result, log } = await play({ answers: [pages.login(), pages.code(), password] })
    expect(result).toMatchObject({ code: "signInRefused" })
    expect(sent(log, "one")).toHaveLength(1)
  })
})

describe("pages that are answered by a button", () => {
  const terms = (box = "") =>
    `<div id="authArea"><h2>Terms</h2><form method="post">${box}<button name="ok" value="1">I agree</button></form></div>`
  const box = '<label><input type="checkbox" name="read" required> I have read them</label>'

  it.each([
    ["", `Press the page's button "I agree"?`, "post ok=1"],
    [box, 'Tick "I have read them" and press the page\'s button "I agree"?', "post ok=1 read=on"],
  ])("before the login page, or after it, after a yes", async (inside, question, posted) => {
    const before = await play({ agrees: true, answers: [terms(inside), pages.login(), pages.token()] })
    expect(before.result).toBe("PHg+")
    expect(before.log.slice(1, 4)).toEqual(["tell Terms", `confirm ${question}`, posted])
    const after = await play({ agrees: true, answers: [pages.login(), terms(inside), pages.token()] })
    expect(after.log.slice(-3)).toEqual(["tell Terms", `confirm ${question}`, posted])
  })

  it("end the sign-in without a terminal, or after a no", async () => {
    expect((await play({ interactive: false, answers: [pages.login(), terms()] })).result).toMatchObject({
      code: "codeRefused",
      message: "ADFS does not go on with the sign-in: Terms",
      hint: 'the page has buttons: "I agree"; on a terminal pum-aws asks whether to press one',
    })
    expect((await play({ answers: [pages.login(), terms()] })).result).toMatchObject({ code: "cancelled" })
  })

  it("name the boxes of each, among several", async () => {
    const several = terms(box).replace("</form>", "<button formnovalidate>Leave</button></form>")
    const { log } = await play({ choice: 1, answers: [pages.login(), several, pages.token()] })
    expect(log).toContain(
      'choose Please choose the button to press: I agree (ticks "I have read them") | Leave | none of them',
    )
    expect(log.at(-1)).toBe("post ")
  })

  it("are not pressed on another server's page in the place of the login page", async () => {
    const portal = '<title>Hotel</title><h1>Welcome</h1><form method="post"><button>Accept</button></form>'
    expect((await play({ agrees: true, answers: [portal] })).result).toMatchObject({ code: "idpPage" })
  })
})

describe("choices", () => {
  it("takes the password form and Visma's factor among several ways", async () => {
    const { result, log } = await play({
      answers: [
        pages.adapters("CertificateAuthentication", "FormsAuthentication"),
        pages.login(),
        pages.adapters("Other", "VismaMFAAdapter"),
        pages.code(),
        pages.token(),
      ],
    })
    expect(result).toBe("PHg+")
    expect(sent(log, "AuthMethod").slice(0, 2)).toEqual([
      "post AuthMethod=FormsAuthentication",
      "post AuthMethod=VismaMFAAdapter",
    ])
  })

  it("asks among other factors, and takes a single one", async () => {
    const { log } = await play({
      choice: 1,
      answers: [pages.login(), pages.adapters("A", "B"), pages.token()],
    })
    expect(log).toContain("choose Please choose how to sign in: A text | B text")
    expect(log).toContain("post AuthMethod=B")
    expect(
      (await play({ interactive: false, answers: [pages.login(), pages.adapters("A"), pages.token()] }))
        .result,
    ).toBe("PHg+")
  })

  it("says what there is to choose where nobody can be asked", async () => {
    expect(
      (await play({ interactive: false, answers: [pages.login(), pages.adapters("A", "B")] })).result,
    ).toMatchObject({
      code: "answerMissing",
      message: "ADFS asks to choose, and there is no terminal to ask on: A text, B text",
    })
  })

  it.each([
    [["Salesforce", "Amazon Web Services", "Draws"], undefined, "guid-1"],
    [
      ["Salesforce", "AWS Prod", "AWS Test"],
      "choose Please choose what to sign in to: AWS Prod | AWS Test",
      "guid-1",
    ],
    [["Salesforce", "Zoom"], "choose Please choose what to sign in to: Salesforce | Zoom", "guid-0"],
  ])("finds AWS among %j", async (names, question, guid) => {
    const { log } = await play({ answers: [pages.parties(...names), pages.token()] })
    expect(log.find(line => line.startsWith("choose"))).toBe(question)
    expect(log.at(-1)).toContain(`RelyingParty=${guid}`)
  })
})

describe("approval on a phone", () => {
  it("shows the number once, and asks ADFS every three seconds until another page comes", async () => {
    const { result, log } = await play({
      answers: [
        pages.login(),
        pages.approval("42"),
        pages.approval("42"),
        pages.approval("42"),
        pages.token(),
      ],
    })
    expect(result).toBe("PHg+")
    expect(log.slice(2)).toEqual([
      "tell Enter the number 42 on your phone to approve the sign-in",
      "post AuthMethod=Phone",
      "pause 3000",
      "post AuthMethod=Phone",
      "pause 3000",
      "post AuthMethod=Phone",
    ])
  })

  it("shows a new number", async () => {
    const { log } = await play({
      answers: [pages.login(), pages.approval("42"), pages.approval("17"), pages.token()],
    })
    expect(log.filter(line => line.startsWith("tell"))).toEqual(
      [42, 17].map(number => `tell Enter the number ${number} on your phone to approve the sign-in`),
    )
  })

  it("says nothing of a phone where one empty post brings the question", async () => {
    const { result, log } = await play({
      answers: [pages.login(), pages.approval(), pages.code("", "Passcode", "Phone"), pages.token()],
    })
    expect(result).toBe("PHg+")
    expect(log.filter(line => line.startsWith("tell"))).toEqual([])
  })

  it("tells to approve where there is no number", async () => {
    const { log } = await play({
      answers: [pages.login(), pages.approval(), pages.approval(), pages.token()],
    })
    expect(log.filter(line => line.startsWith("tell"))).toEqual(["tell Approve the sign-in on your phone"])
  })

  it("ends with the page's words when it is denied", async () => {
    const { result } = await play({
      answers: [pages.login(), pages.approval(), pages.approval("", "Denied on the phone")],
    })
    expect(result).toMatchObject({
      code: "codeRefused",
      message: "the sign-in was not approved: Denied on the phone",
    })
  })

  it("waits two minutes at most", async () => {
    const { result, log } = await play({ answers: [pages.login(), ...Array(100).fill(pages.approval("42"))] })
    expect(result).toMatchObject({
      code: "codeRefused",
      message: "the sign-in was not approved within 2 minutes",
    })
    expect(log.filter(line => line.startsWith("pause"))).toHaveLength(40)
  })
})
