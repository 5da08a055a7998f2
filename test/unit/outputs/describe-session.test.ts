import { describe, expect, it } from "vitest"
import { describeSession, promptText } from "../../../src/outputs/describe-session.ts"
import { sessionVariables } from "../../../src/outputs/environment.ts"
import { session, TestClock } from "../../support/sharing.ts"

const clock = new TestClock()
const one = session(clock)
const names = new Map([["585848786654", "Prod-VNIPBC"]])

describe("the line that says who you are", () => {
  it.each([
    [names, true, 0, "Prod-VNIPBC (585848786654) Admin, valid until 15:46 (1 h), new session"],
    [new Map(), false, 17, "585848786654 Admin, valid until 15:46 (43 min), kept session"],
    [new Map(), false, 70, "585848786654 Admin, valid until 15:46 (0 min), kept session"],
  ])("names account, role, until when, and whether it was kept: %j %s %s", (known, isNew, minutes, line) => {
    const now = clock.time + minutes * 60_000
    const shown = describeSession(one, { names: known, isNew, now })
    expect(shown.replace(/until \d\d:\d\d/, "until 15:46")).toBe(line)
  })
})

describe("text for prompts", () => {
  it.each([
    ["$(touch x)", "__touch x_"],
    ["`touch x`", "_touch x_"],
    ["a%n\\u'\"!;|&<>{}[]*?~#^", "a_n_u_________________"],
    ["line\nend\u001b[31m", "line_end__31m"],
    ["Zahlung-ÄÖ 😀", "Zahlung-__ _"],
    ["AZaz09_.@+=,/:- ", "AZaz09_.@+=,/:- "],
  ])("has %j as %j", (text, shown) => {
    expect(promptText(text)).toBe(shown)
  })

  it("is what PUM_AWS_SESSION holds: account and role", () => {
    const variable = (known: ReadonlyMap<string, string>) => sessionVariables(one, known).set.PUM_AWS_SESSION
    expect([variable(names), variable(new Map([["585848786654", "a$(b)"]])), variable(new Map())]).toEqual([
      "Prod-VNIPBC/Admin",
      "a__b_/Admin",
      "585848786654/Admin",
    ])
  })

  it("has the id of an account if nothing of its name would be left", () => {
    const names = new Map([["585848786654", "本番環境"]])
    expect(sessionVariables(one, names).set.PUM_AWS_SESSION).toBe("585848786654/Admin")
  })
})
