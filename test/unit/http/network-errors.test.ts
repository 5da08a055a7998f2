import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { openNetwork } from "../../../src/http/network.ts"
import { HttpFailure, send } from "../../../src/http/send.ts"
import { type ProxyEmulator, startProxy } from "../../emulators/proxy/proxy.ts"
import { type Authority, createAuthority } from "../../emulators/server/certificates.ts"
import { type LoopbackServer, startServer } from "../../emulators/server/loopback-server.ts"

const authority: Authority = createAuthority("An authority of these tests")
let server: LoopbackServer
let proxy: ProxyEmulator

beforeAll(async () => {
  const settings = { delayMs: 0, tls: "trusted" as const }
  server = await startServer({ authority, settings, answer: () => ({ status: 200, body: "hello" }) })
  proxy = await startProxy(() => server.port)
})
beforeEach(() => proxy.reset())
afterAll(() => Promise.all([server.close(), proxy.close()]))

/** What becomes of a request: "answered", or what the user would read behind the server's name. */
async function outcome(env: Record<string, string>, url = `https://localhost:${server.port}/`) {
  const network = openNetwork({ env, ca: authority.pem })
  onTestFinished(() => network.close())
  const request = { method: "GET", url: new URL(url), headers: {} } as const
  const error = await send(network, request, { maxBytes: 1000 }).then(
    () => undefined,
    (failure: unknown) => failure,
  )
  if (error === undefined) return { what: "answered" }
  if (!(error instanceof HttpFailure)) throw error
  return { what: error.what.replace(`127.0.0.1:${proxy.port}`, "PROXY"), hint: error.hint }
}

const giveCredentials = "put user and password into HTTPS_PROXY: http://user:password@proxy:port"
const checkCredentials = "check them; a domain is written DOMAIN%5Cuser"
const useHelper =
  "a program on this machine can sign in for it, such as px or cntlm: set HTTPS_PROXY to that program's address"
const basic = 'Basic realm="a, b"'

describe("a proxy that wants a sign-in", () => {
  it.each([
    ["Basic", [basic], "CORP%5Cme:p%40s%23s%25@", "answered", undefined],
    ["Basic, and gets nothing", [basic], "", "the proxy PROXY answered 407", giveCredentials],
    [
      "Basic, and gets a wrong password",
      [basic],
      "CORP%5Cme:wrong@",
      "the proxy PROXY answered 407: it refused the user and password in HTTPS_PROXY",
      checkCredentials,
    ],
    [
      "NTLM",
      ["NTLM"],
      "me:wrong@",
      "the proxy PROXY answered 407 and offers only sign-in by ntlm, which pum-aws does not know",
      useHelper,
    ],
    [
      "Negotiate or NTLM, and gets nothing",
      ["Negotiate", "NTLM"],
      "",
      "the proxy PROXY answered 407 and offers only sign-in by negotiate, ntlm, which pum-aws does not know",
      useHelper,
    ],
    [
      "Digest",
      ['Digest realm="Basic", nonce="1", qop="auth"'],
      "",
      "the proxy PROXY answered 407 and offers only sign-in by digest, which pum-aws does not know",
      useHelper,
    ],
    ["NTLM or Basic", ["NTLM", basic], "", "the proxy PROXY answered 407", giveCredentials],
    ["NTLM or Basic in one header", [`NTLM, ${basic}`], "", "the proxy PROXY answered 407", giveCredentials],
    ["something, and does not say what", [], "", "the proxy PROXY answered 407", giveCredentials],
  ])("by %s", async (_, challenges, userInfo, what, hint) => {
    proxy.settings.credentials = { user: "CORP\\me", password: "p@s#s%" }
    proxy.settings.challenges = challenges
    const expected = hint === undefined ? { what } : { what: `cannot be reached: ${what}`, hint }
    expect(await outcome({ HTTPS_PROXY: `http://${userInfo}127.0.0.1:${proxy.port}` })).toEqual(expected)
  })

  it("is named by the variable that was read", async () => {
    proxy.settings.credentials = { user: "me", password: "secret" }
    expect(await outcome({ https_proxy: `http://127.0.0.1:${proxy.port}` })).toMatchObject({
      hint: giveCredentials.replace("HTTPS_PROXY", "https_proxy"),
    })
  })
})

describe("HTTP_PROXY alone", () => {
  const nowhere = "https://localhost:1/"

  it("is not used for https; the hint names it", async () => {
    expect(await outcome({ HTTP_PROXY: proxy.url }, nowhere)).toEqual({
      what: "cannot be reached: connection refused",
      hint: "check the network and VPN; HTTP_PROXY is not used for https: behind a proxy, set HTTPS_PROXY",
    })
    expect(await outcome({ http_proxy: proxy.url })).toEqual({ what: "answered" })
    expect(proxy.log).toEqual([])
  })

  it("is not named where it is not set", async () => {
    expect((await outcome({}, nowhere)).hint).toBe(
      "check the network and VPN; behind a proxy, set HTTPS_PROXY",
    )
  })
})
