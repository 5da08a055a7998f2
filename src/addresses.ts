/**
 * The proxy a request goes through, as curl and Go read the environment: `HTTPS_PROXY` (or lower case),
 * `NO_PROXY` with host names that cover their sub-domains, `host:port` and `*`. An address without a scheme
 * is an `http://` proxy. Plain `http` is only ever used on loopback, which needs no proxy.
 * @throws TypeError when the variable holds no address
 */
export function proxyFor(target: URL, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  if (target.protocol !== "https:") return undefined
  const address = env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy
  if (!address || isExempt(target, env.NO_PROXY || env.no_proxy || "")) return undefined
  return new URL(address.includes("://") ? address : `http://${address}`)
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
