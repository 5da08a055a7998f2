import https from "node:https"
import type { TLSSocket } from "node:tls"
import { formatDuration } from "../domain/time.ts"
import { PumError } from "../errors.ts"
import { parseCertificate, pemBlocksIn, pemHint, readCaBundle, readCertificates } from "../http/ca-bundle.ts"
import { toleratedDifference } from "../http/clock-check.ts"
import { type Network, networkLimits, openNetwork } from "../http/network.ts"
import { networkTrouble, regionalHint } from "../http/network-errors.ts"
import { isExempt, proxyFor, proxyVariable, unusedProxyVariable } from "../http/proxy.ts"
import type { Environment } from "../platform/platform.ts"
import { type Check, failed, failedBy, fine, named, type Observation, warning } from "./check.ts"

/** Milliseconds for a server, so that all of --doctor ends within ten seconds. */
export const serverLimit = 8_000

export interface NetworkCheckSettings {
  readonly env: Environment
  readonly idpUrl: URL
  readonly stsUrl: URL
  /** The region that decides `stsUrl`, if one does. */
  readonly region: string | undefined
  readonly caBundle: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds; default: `serverLimit`. */
  readonly serverLimit?: number | undefined
}

/** Proxy, certificates, ADFS, STS and the clock. Sends no name and no secret. */
export async function examineNetwork(settings: NetworkCheckSettings): Promise<Check[]> {
  const { env, idpUrl, stsUrl, region, serverLimit: limit = serverLimit } = settings
  const before = [
    ...named("proxy", checkProxy(env, idpUrl)),
    ...named("CA certificates", [...checkCa(settings), ...checkVerification(env)]),
  ]
  let network: Network
  try {
    proxyFor(idpUrl, env)
    network = openNetwork({
      env,
      ca: readCaBundle(settings.caBundle, env),
      limits: { ...networkLimits, connect: limit },
    })
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    return [
      ...before,
      ...named("servers", [warning("ADFS and STS were not asked", "mend the line above first")]),
    ]
  }
  const answers = await Promise.all([
    ask(idpUrl, network, limit, judgePage),
    ask(stsUrl, network, limit, judgeStatus, region),
  ])
  network.close()
  const [adfs, sts] = answers.map(({ finding }) => finding)
  return [
    ...before,
    ...named("ADFS", adfs === undefined ? [] : [adfs]),
    ...named("STS", sts === undefined ? [] : [sts]),
    ...named("clock", checkClock(answers, settings.now())),
  ]
}

function checkProxy(env: Environment, idpUrl: URL): Observation[] {
  const unused = unusedProxyVariable(env)
  if (unused !== undefined)
    return [warning(`${unused} is set, which does not count for https`, "behind a proxy, set HTTPS_PROXY")]
  try {
    const proxy = proxyFor(idpUrl, env)
    const variable = proxyVariable(env)
    if (proxy !== undefined) return [fine(`${variable}: ${proxy.host}`)]
    if (variable === undefined) return [fine("none")]
    const reason = isExempt(idpUrl, env) ? "NO_PROXY exempts ADFS" : "ADFS is on this machine, without TLS"
    return [fine(`${variable} is set, and ${reason}`)]
  } catch (error) {
    return [failedBy(error)]
  }
}

function checkCa({ env, caBundle, now }: NetworkCheckSettings): Observation[] {
  const extra = env.NODE_EXTRA_CA_CERTS
  try {
    const bundle = readCaBundle(caBundle, env)
    if (bundle !== undefined) return [judgeCertificates(bundle.pem, bundle.source, now())]
    if (!extra) return [fine("Node's own")]
    const pem = readCertificates({ path: extra, shown: "the file that NODE_EXTRA_CA_CERTS names" })
    return [judgeCertificates(pem, "NODE_EXTRA_CA_CERTS", now())]
  } catch (error) {
    const { what, hint = "name another file, or leave the setting out" } = failedBy(error)
    return [failed(what, hint)]
  }
}

/** Node.js obeys this variable. */
function checkVerification(env: Environment): Observation[] {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return []
  return [
    failed(
      "NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is checked, and others on the network could read the password",
      "unset it; if your network inspects TLS, give its CA file with --ca-bundle",
    ),
  ]
}

/** @param pem its first certificate can be read */
function judgeCertificates(pem: string, source: string, now: number): Observation {
  const certificates = pemBlocksIn(pem).map(parseCertificate)
  const damaged = certificates.indexOf(undefined)
  if (damaged > 0)
    return warning(
      `${source}: certificate ${damaged + 1} cannot be read; only those before it are trusted`,
      pemHint,
    )
  const expired = certificates.filter(one => Date.parse(one?.validTo ?? "") < now).length
  if (expired < certificates.length) {
    const old = expired === 0 ? "" : `, ${expired} of them ran out`
    return fine(`${source}: ${certificates.length} certificate(s)${old}`)
  }
  return failed(
    `${source}: each of its certificates ran out`,
    "get the current file from those who run your network",
  )
}

interface Answer {
  readonly finding: Observation
  /** The host, and its clock in milliseconds since 1970. */
  readonly clock?: { readonly host: string; readonly time: number }
}

/**
 * Asks a server for its page, and reads nothing of it.
 * @param judge says what is wrong with the status of its answer
 * @param region whose server it is
 */
function ask(
  url: URL,
  network: Network,
  limit: number,
  judge: typeof judgeStatus,
  region?: string,
): Promise<Answer> {
  return new Promise(resolve => {
    const end = (error: unknown) => {
      const trouble = networkTrouble(error, network.sourcesFor(url))
      const { what } = trouble
      const hint = region === undefined ? trouble.hint : regionalHint(trouble, region)
      resolve({
        finding: failed(`${url.host} ${what}`, hint ?? "try again; if it stays so, tell those who run it"),
      })
    }
    if (url.protocol !== "https:")
      return resolve({ finding: fine(`${url.host} is on this machine, without TLS: not asked`) })
    const request = https.get(url, { agent: network.agentFor(url) as https.Agent }, response => {
      clearTimeout(timer)
      const { statusCode = 0, socket, headers } = response
      const time = Date.parse(headers.date ?? "")
      const certificate = certificateOf(socket as TLSSocket)
      response.destroy()
      resolve({
        finding: judge(url, statusCode) ?? fine(`${url.host} answers${certificate}`),
        ...(Number.isNaN(time) ? {} : { clock: { host: url.host, time } }),
      })
    })
    request.on("error", end)
    const timer = setTimeout(() => {
      resolve({
        finding: failed(
          `${url.host} did not answer in time`,
          "check the network and VPN; behind a proxy, set HTTPS_PROXY",
        ),
      })
      request.destroy()
    }, limit)
  })
}

/** What a status tells of any server. */
function judgeStatus({ host }: URL, status: number): Observation | undefined {
  if (status < 500) return undefined
  return failed(
    `${host} answers with status ${status}`,
    "try again later; if it stays so, tell those who run it",
  )
}

/** What a status tells of a server that must have a page at this address. */
function judgePage(url: URL, status: number): Observation | undefined {
  if (status !== 404 && status !== 410) return judgeStatus(url, status)
  return failed(`${url.host} has no page at the address of the sign-in (status ${status})`, "check --idp-url")
}

function certificateOf(socket: TLSSocket): string {
  const { issuer, valid_to: until } = socket.getPeerCertificate?.() ?? {}
  if (issuer === undefined) return ""
  const by = [issuer.O ?? issuer.CN].flat()[0]
  return `; its certificate by ${by} is valid until ${new Date(until ?? "").toISOString().slice(0, 10)}`
}

function checkClock(answers: readonly Answer[], now: number): Observation[] {
  const clocks = answers.flatMap(({ clock }) => (clock === undefined ? [] : [clock]))
  if (clocks.length === 0) return [warning("no server told its time", "mend the lines above first")]
  return clocks.map(({ host, time }) => {
    const ahead = now - time
    if (Math.abs(ahead) < toleratedDifference) return fine(`as that of ${host}`)
    const direction = ahead > 0 ? "ahead of" : "behind"
    return failed(
      `this machine's clock is ${formatDuration(Math.abs(ahead) / 1000)} ${direction} that of ${host}`,
      "set it: codes, sign-ins and times of expiry are wrong until then",
    )
  })
}
