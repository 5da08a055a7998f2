import { describe, expect, it } from "vitest"
import { findSystemProxy, proxyInRegistry } from "../../../src/platform/system-proxy.ts"

const key = "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings"
const enabled = "    ProxyEnable    REG_DWORD    0x1\r\n"
const server = (text: string) => `    ProxyServer    REG_SZ    ${text}\r\n`
const script = "    AutoConfigURL    REG_SZ    http://wpad/proxy.pac\r\n"

describe("the proxy in the settings of Windows", () => {
  it.each([
    ["one for everything", enabled + server("proxy.corp:8080"), "proxy.corp:8080"],
    ["one for each protocol", enabled + server("http=a:80;https=b:443;ftp=c:21"), "b:443"],
    ["one for http only", enabled + server("http=a:80"), undefined],
    ["switched off", `    ProxyEnable    REG_DWORD    0x0\r\n${server("proxy.corp:8080")}`, undefined],
    ["a script", script, "http://wpad/proxy.pac"],
    ["none", "    ProxyOverride    REG_SZ    <local>\r\n", undefined],
  ])("is read from the registry: %s", (_, values, expected) => {
    expect(proxyInRegistry(`\r\n${key}\r\n${values}\r\n`)).toBe(expected)
  })

  it("is not looked for on other systems, and its absence is no error", () => {
    expect(findSystemProxy("linux")).toBeUndefined()
    expect(findSystemProxy("win32")).toBeUndefined()
  })
})
