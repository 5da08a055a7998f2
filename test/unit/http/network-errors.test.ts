import https from "node:https"
import net from "node:net"
import tls from "node:tls"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { openNetwork } from "../../../src/http/network.ts"
import { networkTrouble } from "../../../src/http/network-errors.ts"
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
  const network = openNetwork({ env, ca: { pem: authority.pem, source: "--ca-bundle" } })
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
    [
      "Digest, with a comma in its realm",
      ['Digest realm="Staff, basic users", nonce="1"'],
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

  const forbids = "it may not let you reach that host: ask those who run the proxy"
  const noProxy = "check HTTPS_PROXY: a web server that is no proxy answers so"
  const fails = "it could not reach that host itself: check the address, or ask those who run the proxy"
  it.each([
    [403, forbids],
    [302, forbids],
    [451, forbids],
    [405, noProxy],
    [501, noProxy],
    [502, fails],
    [504, fails],
    [401, noProxy],
    [429, "it is busy: try again in a minute"],
    [511, "sign in to this network first: open any page in a browser"],
  ])("and says %i", async (status, hint) => {
    const port = await listening(plain(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`))
    expect(await outcome({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toEqual({
      what: `cannot be reached: the proxy 127.0.0.1:${port} answered ${status}`,
      hint,
    })
  })

  it("and leads to another server", async () => {
    const port = await listening(plain("HTTP/1.1 302 No\r\nLocation: https://portal.example/x\r\n\r\n"))
    expect(await outcome({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toEqual({
      what: `cannot be reached: the proxy 127.0.0.1:${port} answered 302 and leads to portal.example`,
      hint: "sign in there first: open any page in a browser",
    })
  })

  it("is no proxy at all: it sends something that is not HTTP", async () => {
    const port = await listening(plain("\x00\x01\r\n\r\n"))
    expect(await outcome({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toEqual({
      what: `cannot be reached: the proxy 127.0.0.1:${port} sent something that is not HTTP`,
      hint: "check HTTPS_PROXY: that server is no proxy for http",
    })
  })

  it("closes the connection without an answer", async () => {
    const port = await listening(net.createServer(socket => socket.on("error", () => {}).end()))
    expect(await outcome({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toEqual({
      what: `cannot be reached: the proxy 127.0.0.1:${port} closed the connection before it answered`,
      hint: "check HTTPS_PROXY",
    })
  })

  it("is named by the variable that was read", async () => {
    proxy.settings.credentials = { user: "me", password: "secret" }
    expect(await outcome({ https_proxy: `http://127.0.0.1:${proxy.port}` })).toMatchObject({
      hint: giveCredentials.replace("HTTPS_PROXY", "https_proxy"),
    })
  })
})

const own = authority.serverCertificate(["localhost"])
const tlsServer = (options: https.ServerOptions) =>
  https.createServer({ ...own, ...options }, (_, response) => response.end("hello"))
/** Answers over TLS with these bytes. */
const says = (bytes: string) =>
  tls.createServer(own, socket => socket.on("error", () => {}).once("data", () => socket.end(bytes)))
/** Answers without TLS. */
const plain = (bytes: Buffer | string) =>
  net.createServer(socket => socket.on("error", () => {}).once("data", () => socket.write(bytes)))
/** A TLS 1.2 ServerHello without the extension for safe renegotiation (RFC 5746). */
const unsafeHello = Buffer.from(`160303002a020000260303${"07".repeat(32)}00c02f00`, "hex")
const another = createAuthority("An authority that is not trusted")

const elsewhere =
  "another server answers in its place: a sign-in page of this network (captive portal), or a wrong address"
const clock = /^check this machine's clock, which says \d{4}-\d\d-\d\d \d\d:\d\d UTC; if it is right, tell /
const askOwner = "tell those who run the server"
const notCompressed = "Content-Length: 5\r\n\r\n<html"

const brokenServers: [string, () => net.Server, string, string | RegExp | undefined][] = [
  [
    "has an expired certificate",
    () => tlsServer(authority.serverCertificate(["localhost"], "expired")),
    "has a certificate that has expired",
    clock,
  ],
  [
    "has a certificate that is not valid yet",
    () => tlsServer(authority.serverCertificate(["localhost"], "not yet valid")),
    "has a certificate that is not valid yet",
    clock,
  ],
  [
    "has a certificate for another name",
    () => tlsServer(authority.serverCertificate(["wifi.example"])),
    "answered with a certificate for another host",
    elsewhere,
  ],
  [
    "has a certificate of an unknown authority",
    () => tlsServer(another.serverCertificate(["localhost"])),
    "has a certificate that is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    "its authority is not in the CA file that --ca-bundle names",
  ],
  [
    "wants a client certificate",
    () => tlsServer({ requestCert: true, ca: authority.pem }),
    "wants a client certificate, which pum-aws does not have",
    askOwner,
  ],
  [
    "wants a client certificate by TLS 1.2",
    () => tlsServer({ requestCert: true, ca: authority.pem, maxVersion: "TLSv1.2" }),
    "refused the TLS handshake: it may want a client certificate, or ciphers that Node.js does not offer",
    askOwner,
  ],
  [
    "speaks TLS 1.1 only",
    () => tlsServer({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
    "knows only old versions of TLS, which are not safe",
    askOwner,
  ],
  [
    "knows no safe renegotiation",
    () => plain(unsafeHello),
    "knows only TLS without safe renegotiation, which Node.js refuses",
    askOwner,
  ],
  [
    "speaks no TLS",
    () => plain("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "does not speak TLS at this address",
    `check the port; or ${elsewhere}`,
  ],
  [
    "speaks no HTTP",
    () => says("220 mail.example.com\r\n"),
    "sent something that is not HTTP",
    `check the port; or ${elsewhere}`,
  ],
  [
    "sends large headers",
    () => says(`HTTP/1.1 200 OK\r\nX: ${"a".repeat(40_000)}\r\n\r\n`),
    "sent headers that are too large",
    undefined,
  ],
  [
    "sends what is no gzip",
    () => says(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n${notCompressed}`),
    "sent an answer that cannot be decompressed",
    undefined,
  ],
  [
    "sends what is no brotli",
    () => says(`HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n${notCompressed}`),
    "sent an answer that cannot be decompressed",
    undefined,
  ],
]

describe.each(["directly", "behind a proxy"])("a server that is asked %s", way => {
  it.each(brokenServers)("and %s", async (_, start, what, hint) => {
    const port = await listening(start())
    const tunnel = await startProxy(() => port)
    onTestFinished(() => tunnel.close())
    const env = way === "directly" ? {} : { HTTPS_PROXY: tunnel.url }
    const seen = await outcome(env, `https://localhost:${port}/`)
    expect(seen.what).toBe(what)
    if (hint instanceof RegExp) expect(seen.hint).toMatch(hint)
    else expect(seen.hint).toBe(hint)
  })
})

function listening(started: net.Server): Promise<number> {
  started.on("tlsClientError", () => {})
  onTestFinished(() => void started.close())
  return new Promise(resolve =>
    started.listen(0, "127.0.0.1", () => resolve((started.address() as net.AddressInfo).port)),
  )
}

const coded = (code: string) => Object.assign(new Error("m"), { code })

it.each([
  [
    Object.assign(new Error("write EPROTO 1:error:0A000126"), { code: "EPROTO" }),
    "cannot be reached: the TLS handshake failed",
  ],
  [Object.assign(new Error("p"), { code: "HPE_INVALID_URL" }), "sent something that is not HTTP"],
  [Object.assign(new Error("d"), { code: "Z_BUF_ERROR" }), "sent an answer that cannot be decompressed"],
  [coded("EPERM"), "cannot be reached: this machine forbids the connection"],
  [coded("EADDRNOTAVAIL"), "cannot be reached: no network"],
  [coded("EAI_FAIL"), "cannot be found: the name service failed"],
  [coded("INVALID_CA"), "has a certificate that is not trusted (INVALID_CA)"],
  [coded("ERR_SSL_EE_KEY_TOO_SMALL"), "has keys or signatures that are too weak for Node.js"],
  [coded("ERR_SSL_TLSV1_UNRECOGNIZED_NAME"), "knows no host of that name"],
  [new TypeError("x is not a function"), "cannot be reached (no reason given)"],
  [Number.NaN, "cannot be reached (no reason given)"],
])("no message holds the code of a library: %s", (error, what) => {
  const sources = {
    proxy: undefined,
    isExempt: false,
    unusedProxy: undefined,
    ca: undefined,
    findSystemProxy: () => undefined,
  }
  expect(networkTrouble(error, sources).what).toBe(what)
})

describe("HTTP_PROXY or ALL_PROXY alone", () => {
  const nowhere = "https://localhost:1/"

  it.each(["HTTP_PROXY", "all_proxy"])("is not used for https; the hint names it: %s", async name => {
    expect(await outcome({ [name]: proxy.url }, nowhere)).toEqual({
      what: "cannot be reached: connection refused",
      hint: `check the network and VPN; ${name} is not used for https: behind a proxy, set HTTPS_PROXY`,
    })
    expect(await outcome({ [name.toLowerCase()]: proxy.url })).toEqual({ what: "answered" })
    expect(proxy.log).toEqual([])
  })

  it("is not asked for where NO_PROXY excludes the host from a proxy that is set", async () => {
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" }
    expect((await outcome(env, nowhere)).hint).toBe(
      "check the network and VPN; NO_PROXY keeps this host from the proxy of HTTPS_PROXY",
    )
  })

  it.each(["", "another.example", "localhost"])(
    "does not make NO_PROXY the reason for plain http, which goes through no proxy: NO_PROXY=%s",
    async list => {
      const env = { HTTPS_PROXY: proxy.url, NO_PROXY: list }
      expect(await outcome(env, "http://localhost:1/")).toEqual({
        what: "cannot be reached: connection refused",
        hint: "check the network and VPN",
      })
    },
  )

  it("is not named where it is not set", async () => {
    expect((await outcome({}, nowhere)).hint).toBe(
      "check the network and VPN; behind a proxy, set HTTPS_PROXY",
    )
  })
})

describe("the name service", () => {
  const trouble = (code: string) =>
    networkTrouble(Object.assign(new Error("x"), { code }), {
      proxy: undefined,
      isExempt: false,
      unusedProxy: undefined,
      findSystemProxy: () => undefined,
      ca: undefined,
    }).what
  it.each(["ENOTFOUND", "EAI_NONAME", "EAI_NODATA"])("knows no such host: %s", code => {
    expect(trouble(code)).toBe("cannot be found: no such host name")
  })
  it.each(["EAI_FAIL", "EAI_MEMORY"])("fails: %s", code => {
    expect(trouble(code)).toBe("cannot be found: the name service failed")
  })
})
