import { describe, expect, it } from "vitest"
import { notUsable } from "../../../src/sign-in/refusals.ts"

const idpUrl = new URL("https://adfs.example.com/adfs/ls/?a")
const page = { kind: "unknown", description: "no title", sentence: undefined } as const
const answer = { url: idpUrl.href, status: 200, idpUrl, stranger: "" }
const said = (more: Partial<Parameters<typeof notUsable>[1]>, sentence?: string) => {
  const { message, hint } = notUsable({ ...page, sentence }, { ...answer, ...more })
  return [message, hint]
}
const between =
  "something between you and ADFS answered, such as a proxy or a sign-in page of this network (captive portal), or the address is wrong: open it in a browser"

describe("an answer that says by its status what is wrong", () => {
  const windows = [
    "ADFS wants Windows sign-in instead of its login page (HTTP 401)",
    "give an address that leads to a login page with --idp-url, or ask those who run ADFS",
  ]
  it.each<[number, object, readonly string[]]>([
    [401, {}, windows],
    [401, { authenticate: "Negotiate, NTLM" }, windows],
    [401, { authenticate: 'Basic realm="x", Negotiate' }, windows],
    [
      401,
      { authenticate: 'Basic realm="Staging"' },
      ["another sign-in is wanted before ADFS' login page (HTTP 401, basic)", between],
    ],
    [
      429,
      { retryAfter: "120" },
      ["ADFS, or something before it, gets too many requests (HTTP 429)", "try again in 2 min"],
    ],
    [
      429,
      { retryAfter: new Date(Date.now() + 20_000).toUTCString() },
      ["ADFS, or something before it, gets too many requests (HTTP 429)", "try again in 1 min"],
    ],
    [
      503,
      { retryAfter: "3600" },
      [
        "ADFS is out of service, or has this address switched off (HTTP 503)",
        "try again in 1 h, or give another address with --idp-url",
      ],
    ],
    ...["", "soon", "-5", "0", "99999999", "Wed, 21 Oct 2099 07:28:00 GMT"].map(
      (retryAfter): [number, object, readonly string[]] => [
        429,
        { retryAfter },
        ["ADFS, or something before it, gets too many requests (HTTP 429)", "try again later"],
      ],
    ),
  ])("%i %j", (status, more, lines) => {
    expect(said({ status, ...more })).toEqual(lines)
  })

  it("and in its words", () => {
    expect(said({ status: 429 }, "Slow down")[0]).toMatch(/\(HTTP 429\): Slow down$/)
  })
})

it("a page of another server is said to be its", () => {
  expect(said({ url: "https://portal.example/x" })[0]).toBe(
    "adfs.example.com led to portal.example, which sent a page that pum-aws does not know (HTTP 200; no title)",
  )
})

it.each([
  ["MSIS7042: too often", "7", "wait a minute, then run this again"],
  ["MSIS7012", "7", "the activity id is what the help desk asks for"],
  ["MSIS7012", undefined, undefined],
])("an error %s with activity id %s", (message, activityId, hint) => {
  expect(notUsable({ kind: "error", message, activityId }, answer).hint).toBe(hint)
})
