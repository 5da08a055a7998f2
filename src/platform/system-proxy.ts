import { execFileSync } from "node:child_process"
import { isWindows, ownPlatform } from "./platform.ts"

const key = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings"

/**
 * The proxy in the settings of Windows, which programs on Node.js do not know: for the hint of a failed connection.
 * Blocks for some milliseconds.
 * @returns its address, or that of the script that names it; `undefined` if there is none
 */
export function findSystemProxy(platform: NodeJS.Platform = ownPlatform): string | undefined {
  if (!isWindows(platform)) return undefined
  try {
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"]
    return proxyInRegistry(
      execFileSync("reg", ["query", key], { encoding: "utf8", timeout: 900, windowsHide: true, stdio }),
    )
  } catch {
    return undefined
  }
}

/**
 * Reads `    ProxyServer    REG_SZ    proxy:8080`, or `http=one:80;https=two:80` as the last word; the value counts only
 * with `ProxyEnable    REG_DWORD    0x1`.
 */
export function proxyInRegistry(text: string): string | undefined {
  const value = (name: string) => new RegExp(`^\\s*${name}\\s+REG_\\w+\\s+(\\S+)`, "im").exec(text)?.[1]
  const server = value("ProxyServer")
  if (server !== undefined && /^0x0*1$/.test(value("ProxyEnable") ?? "")) {
    if (!server.includes("=")) return server
    const https = /(?:^|;)https=([^;]+)/i.exec(server)?.[1]
    if (https !== undefined) return https
  }
  return value("AutoConfigURL")
}
