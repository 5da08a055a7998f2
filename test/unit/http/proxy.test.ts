import { describe, expect, it } from "vitest"
import { isLoopback, proxyFor } from "../../../src/http/proxy.ts"

const proxy = "http://proxy.example.com:8080"

describe("proxyFor", () => {
  it.each([
    ["no variable", {}, undefined],
    ["HTTPS_PROXY", { HTTPS_PROXY: proxy }, `${proxy}/`],
    ["lower case", { https_proxy: proxy }, `${proxy}/`],
    ["HTTP_PROXY alone, as curl", { HTTP_PROXY: proxy }, undefined],
    ["lower-case http_proxy alone", { http_proxy: proxy }, undefined],
    ["an @ in the password", { HTTPS_PROXY: "http://me:p@ss@proxy:1" }, "http://me:p%40ss@proxy:1/"],
    ["a \\ that is encoded", { HTTPS_PROXY: "http://CORP%5Cme:pw@proxy:1" }, "http://CORP%5Cme:pw@proxy:1/"],
    ["both", { HTTPS_PROXY: proxy, HTTP_PROXY: "http://other:1" }, `${proxy}/`],
    ["no scheme", { HTTPS_PROXY: "proxy.example.com:8080" }, `${proxy}/`],
    [
      "user and password",
      { HTTPS_PROXY: "http://me:p%40ss@proxy.example.com:8080" },
      "http://me:p%40ss@proxy.example.com:8080/",
    ],
    ["an empty variable", { HTTPS_PROXY: "" }, undefined],
    ["NO_PROXY of another host", { HTTPS_PROXY: proxy, NO_PROXY: "example.org" }, `${proxy}/`],
    [
      "NO_PROXY of the host",
      { HTTPS_PROXY: proxy, NO_PROXY: "example.org, federation.visma.com" },
      undefined,
    ],
    ["NO_PROXY of its domain", { HTTPS_PROXY: proxy, NO_PROXY: "visma.com" }, undefined],
    ["NO_PROXY with a leading dot", { HTTPS_PROXY: proxy, NO_PROXY: ".visma.com" }, undefined],
    ["NO_PROXY with a star", { HTTPS_PROXY: proxy, NO_PROXY: "*.visma.com" }, undefined],
    ["NO_PROXY of everything", { HTTPS_PROXY: proxy, no_proxy: "*" }, undefined],
    ["NO_PROXY in capitals", { HTTPS_PROXY: proxy, NO_PROXY: "VISMA.COM" }, undefined],
    ["NO_PROXY with the port", { HTTPS_PROXY: proxy, NO_PROXY: "federation.visma.com:443" }, undefined],
    [
      "NO_PROXY with another port",
      { HTTPS_PROXY: proxy, NO_PROXY: "federation.visma.com:8443" },
      `${proxy}/`,
    ],
    ["NO_PROXY of a name that only ends alike", { HTTPS_PROXY: proxy, NO_PROXY: "isma.com" }, `${proxy}/`],
  ])("%s", (_, env, expected) => {
    expect(proxyFor(new URL("https://federation.visma.com/adfs"), env)?.href).toBe(expected)
  })

  it.each([
    ["https://[fd00::1]/", "fd00::1", "direct"],
    ["https://[fd00::1]/", "FD00:0:0::1", "direct"],
    ["https://[fd00::1]:8443/", "[fd00::1]:8443", "direct"],
    ["https://[fd00::1]/", "[fd00::1]:8443", "proxy"],
    ["https://[fd00::9]/", "fd00::/8", "direct"],
    ["https://10.1.2.3/", "10.0.0.0/8", "direct"],
    ["https://11.1.2.3/", "10.0.0.0/8", "proxy"],
    ["https://10.1.2.3/", "10.0.0.0/99", "proxy"],
    ["https://10.1.2.3/", "10.0.0.0/", "proxy"],
    ["https://10.1.2.3/", "10.0.0.0/8.5", "proxy"],
    ["https://10.1.2.3/", "10.0.0.0/-1", "proxy"],
    ["https://10.example.com/", "10.0.0.0/8", "proxy"],
    ["https://adfs.example.com/", "fd00::/8,10.0.0.0/8", "proxy"],
    ["https://adfs.example.com./", "example.com", "direct"],
    ["https://adfs.example.com/", "example.com.", "direct"],
  ])("asks for %s, with NO_PROXY=%s: %s", (target, noProxy, way) => {
    const found = proxyFor(new URL(target), { HTTPS_PROXY: proxy, NO_PROXY: noProxy })
    expect(found === undefined ? "direct" : "proxy").toBe(way)
  })

  it.each([
    "http://wpad.example.com/wpad.dat",
    "http://proxy.example.com/a/proxy.pac",
    "pac+https://example.com/p",
  ])("knows the address of a script that chooses a proxy: %s", address => {
    expect(() => proxyFor(new URL("https://example.com/"), { HTTPS_PROXY: address })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "HTTPS_PROXY holds the address of a script that chooses a proxy (PAC)",
      }),
    )
  })

  it.each([
    ["HTTPS_PROXY", "http://["],
    ["HTTPS_PROXY", "http:/proxy.example.com:8080"],
    ["HTTPS_PROXY", "https//proxy.example.com:8080"],
    ["https_proxy", "socks5://127.0.0.1:1080"],
    ["HTTPS_PROXY", "http://user:100%@proxy.example.com:8080"],
    ["HTTPS_PROXY", "http://CORP\\user:pw@proxy.example.com:8080"],
    ["HTTPS_PROXY", "CORP\\user:pw@proxy.example.com:8080"],
    ["https_proxy", "http://user:p#w@proxy.example.com:8080"],
    ["HTTPS_PROXY", "http://user:1#w@proxy.example.com:8080"],
    ["HTTPS_PROXY", "http://user:1/w@proxy.example.com:8080"],
    ["HTTPS_PROXY", "http://us/er:pw@proxy.example.com:8080"],
    ["HTTPS_PROXY", "http://user:1?w@proxy.example.com:8080"],
  ])("says that %s=%s is no address", (variable, address) => {
    expect(() => proxyFor(new URL("https://federation.visma.com/"), { [variable]: address })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `${variable} holds no usable address`,
        hint: expect.stringContaining("\\ as %5C"),
      }),
    )
  })

  it("leaves this machine's own http servers alone", () => {
    expect(
      proxyFor(new URL("http://127.0.0.1:8080/"), { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }),
    ).toBeUndefined()
  })
})

describe("isLoopback", () => {
  it.each([
    ["http://localhost:1/", true],
    ["http://127.0.0.1/", true],
    ["http://127.8.9.1/", true],
    ["http://[::1]/", true],
    ["http://127.0.0.1.example.com/", false],
    ["http://localhost.example.com/", false],
    ["http://10.0.0.1/", false],
  ])("%s: %s", (address, expected) => {
    expect(isLoopback(new URL(address))).toBe(expected)
  })
})

it.each(["socks://127.0.0.1:1080", "socks5h://me:pw@127.0.0.1:1080"])(
  "says what a SOCKS proxy is: %s",
  address => {
    const hint = expect.stringMatching(/^pum-aws knows no SOCKS, only proxies for http; /)
    expect(() => proxyFor(new URL("https://adfs.example.com"), { HTTPS_PROXY: address })).toThrow(
      expect.objectContaining({ code: "usage", hint }),
    )
  },
)
