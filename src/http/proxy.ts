import { PumError } from "../errors.ts"

/**
 * The proxy a request goes through, as curl and Go read the environment: `HTTPS_PROXY` (or lower case),
 * `NO_PROXY` with host names that cover their sub-domains, `host:port` and `*`. An address without a scheme
 * is an `http://` proxy. Plain `http` is only ever used on loopback, which needs no proxy.
 * @throws PumError `usage` when the variable holds no address of a proxy
 */
export function proxyFor(target: URL, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  if (target.protocol !== "https:") return undefined
  const [variable, address] = proxyVariable(env) ?? []
  if (variable === undefined || !address || isExempt(target, env.NO_PROXY || env.no_proxy || ""))
    return undefined
  return readProxy(variable, address)
}

function proxyVariable(
  env: Readonly<Record<string, string | undefined>>,
): [name: string, address: string] | undefined {
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
    const address = env[name]
    if (address) return [name, address]
  }
  return undefined
}

/** @throws PumError `usage` */
function readProxy(variable: string, address: string): URL {
  const whole = address.includes("://") ? address : `http://${address}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  const isUsable =
    url !== undefined && /^https?:$/.test(url.protocol) && isEncoded(url.username) && isEncoded(url.password)
  if (isUsable) return url
  throw new PumError("usage", `${variable} holds no usable address`, {
    hint: "it looks like http://user:password@proxy.example.com:8080, with %25 for a % in the password",
  })
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function isExempt(target: URL, noProxy: string): boolean {
  const host = target.hostname.toLowerCase()
  const port = target.port || "443"
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== "")
    .some(entry => {
      if (entry === "*") return true
      const [, name, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (entryPort !== undefined && entryPort !== port) return false
      const bare = (name ?? "").replace(/^\*?\./, "")
      return host === bare || host.endsWith(`.${bare}`)
    })
}

/** Whether the address is this machine's own: the one place where plain http is allowed. */
export function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname)
}
