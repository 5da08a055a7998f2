import { BlockList, isIP } from "node:net"
import { PumError } from "../errors.ts"
import type { Environment } from "../platform/platform.ts"

/**
 * The proxy for a request, as curl reads the environment: `HTTPS_PROXY` or `https_proxy`, and `NO_PROXY` with host names
 * (which include their sub-domains), addresses, networks (`10.0.0.0/8`), `host:port` and `*`. `HTTP_PROXY` does not count
 * for https. An address without a scheme is an `http://` proxy. Plain http is used on loopback only, which needs no proxy.
 * @throws PumError `usage` if the variable holds no address of a proxy
 */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  if (target.protocol !== "https:") return undefined
  const variable = proxyVariable(env)
  const address = variable === undefined ? undefined : env[variable]
  if (variable === undefined || !address || isExempt(target, env)) return undefined
  return readProxy(variable, address)
}

/** The name of the variable that gives the proxy. */
export function proxyVariable(env: Environment): string | undefined {
  return ["HTTPS_PROXY", "https_proxy"].find(name => env[name])
}

/** The name of a proxy variable that is set and does not count: for http only, or one that AWS tools do not read. */
export function unusedProxyVariable(env: Environment): string | undefined {
  const others = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
  return proxyVariable(env) === undefined ? others.find(name => env[name]) : undefined
}

/** @throws PumError `usage` */
function readProxy(variable: string, address: string): URL {
  const whole = address.includes("://") ? address : `http://${address}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (/\.(?:pac|dat)$/i.test(url?.pathname ?? "") || /^pac\+/i.test(whole)) {
    throw new PumError("usage", `${variable} holds the address of a script that chooses a proxy (PAC)`, {
      hint: "open that address, and set the proxy that the script returns: http://proxy.example.com:8080",
    })
  }
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    isEncoded(url.username) &&
    isEncoded(url.password) &&
    !isCutShort(whole, url) &&
    // Else `http:/proxy:8080` would lead to a host `http`.
    (whole === address || url.pathname === "/")
  )
    return url
  throw new PumError("usage", `${variable} holds no usable address`, {
    hint: `${/^socks/i.test(whole) ? "pum-aws knows no SOCKS, only proxies for http; an address of one" : "it"} looks like http://user:password@proxy.example.com:8080; in user and password, write % as %25, \\ as %5C, / as %2F, # as %23, ? as %3F, @ as %40`,
  })
}

/** Whether a character of user or password ended the host name: `http://CORP\\user:pw@proxy` would lead to a host `corp`. */
function isCutShort(whole: string, { pathname, search, hash }: URL): boolean {
  return whole.includes("\\") || `${pathname}${search}${hash}`.includes("@") || `${search}${hash}` !== ""
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whether NO_PROXY keeps a server from the proxy that its requests would go through. */
export function isExempt(target: URL, env: Environment): boolean {
  if (target.protocol !== "https:" || proxyVariable(env) === undefined) return false
  const noProxy = env.NO_PROXY || env.no_proxy || ""
  const host = bareHost(target.hostname)
  const port = target.port || "443"
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== "")
    .some(entry => {
      if (entry === "*") return true
      const [address, length] = entry.split("/")
      if (length !== undefined)
        return /^\d+$/.test(length) && isInNetwork(host, bareHost(address ?? ""), Number(length))
      if (isIP(entry) === 6) return isInNetwork(host, entry, 128)
      const [, name, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (entryPort !== undefined && entryPort !== port) return false
      const bare = bareHost(name ?? "").replace(/^\*?\./, "")
      if (isIP(bare) === 6) return isInNetwork(host, bare, 128)
      return host === bare || host.endsWith(`.${bare}`)
    })
}

/** Without the brackets of IPv6, and without the full stop that ends a whole name. */
function bareHost(name: string): string {
  return name.toLowerCase().replace(/^\[|\]$|\.$/g, "")
}

function isInNetwork(host: string, address: string, length: number): boolean {
  const version = isIP(host)
  const longest = version === 6 ? 128 : 32
  if (version === 0 || isIP(address) !== version || length > longest) return false
  const family = version === 6 ? "ipv6" : "ipv4"
  const network = new BlockList()
  network.addSubnet(address, length, family)
  return network.check(host, family)
}

/** Whether the address is this machine's own: the one place where plain http is allowed. */
export function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname)
}
