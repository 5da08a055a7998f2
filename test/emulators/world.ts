import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AdfsEmulator, startAdfs } from "./adfs/adfs.ts"
import { issue, tokenSigningKey, verify } from "./adfs/assertion.ts"
import type { AdfsSettings } from "./adfs/settings.ts"
import { type AwsSignInEmulator, type AwsSignInSettings, startAwsSignIn } from "./aws/sign-in.ts"
import { type ProxyEmulator, type ProxySettings, type Route, startProxy } from "./proxy/proxy.ts"
import { createAuthority } from "./server/certificates.ts"
import { type Distance, startDistance } from "./server/distance.ts"
import { type StrangerEmulator, startStranger } from "./server/stranger.ts"
import { type StsEmulator, type StsSettings, startSts } from "./sts/sts.ts"

export { errorPage, unknownPage } from "./adfs/pages.ts"
export { secondFactorNames } from "./adfs/second-factors.ts"
export { defaultUser } from "./adfs/settings.ts"
export type { Fault } from "./server/faults.ts"

export interface WorldOptions {
  readonly adfs?: Partial<AdfsSettings>
  readonly sts?: Partial<StsSettings>
  readonly signIn?: Partial<AwsSignInSettings>
  readonly proxy?: Partial<ProxySettings>
  /** Milliseconds that all servers wait before they answer; `delayMs` of one server overrides it. */
  readonly delayMs?: number
  /** Distance to ADFS and STS: a round trip in milliseconds. Connecting and TLS take as long as they do there. */
  readonly roundTripMs?: number
}

/** ADFS, STS, AWS sign-in and the proxy that leads to them by their real names. */
export interface World {
  readonly adfs: AdfsEmulator
  readonly sts: StsEmulator
  readonly signIn: AwsSignInEmulator
  /** A server of another origin, with a trusted certificate. What reaches it has leaked. */
  readonly stranger: StrangerEmulator
  readonly proxy: ProxyEmulator
  /** PEM file with the authority that signed all certificates. */
  readonly caFile: string
  /** ADFS and STS as they are reached: behind the proxy by their real names, and by these ports without it. */
  readonly distance: { readonly adfs: Distance; readonly sts: Distance }
  /** Environment of the program: its default addresses then lead to the emulators. */
  readonly env: Readonly<Record<string, string>>
  /** The same without the proxy: ADFS and STS by their own ports. */
  readonly directEnv: Readonly<Record<string, string>>
  /** Environment of the AWS CLI. */
  readonly awsEnv: Readonly<Record<string, string>>
  /** Makes the signing key and signs once, so that the first sign-in of a measurement is as fast as the others. */
  readonly warmUp: () => Promise<void>
  /** Puts everything back to its state at the start, for tests that share a world. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/** Further names of the ADFS server: another origin of the same company, for `idp_origins`. */
const adfsHosts = ["federation.visma.com", "login.visma.com"]
const signInHosts =
  /^([a-z0-9-]+\.)?signin\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)$/
const stsHosts = /^sts(\.[a-z]{2,4}(-[a-z]+)+-\d)?\.amazonaws\.(com(\.cn)?|eu)$/

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  // Started here; the first token page waits for it.
  void tokenSigningKey()
  const authority = createAuthority("Throw-away authority of the pum-aws emulators")
  const delayMs = options.delayMs ?? 0
  const adfs = await startAdfs(authority, { delayMs, ...options.adfs })
  const sts = await startSts(authority, { delayMs, ...options.sts })
  const signIn = await startAwsSignIn(authority, sts.sessionOf, { delayMs, ...options.signIn })
  const stranger = await startStranger(authority)
  const roundTripMs = options.roundTripMs ?? 0
  const distance = {
    adfs: await startDistance(adfs.port, () => roundTripMs),
    sts: await startDistance(sts.port, () => roundTripMs),
  }
  const portOf = (server: "adfs" | "sts") => (roundTripMs > 0 ? distance[server] : { adfs, sts }[server]).port
  const route: Route = (host, port) => {
    if (adfsHosts.includes(host)) {
      if (port === 443) return portOf("adfs")
      return port === 80 ? stranger.plainPort : stranger.port
    }
    if (host === stranger.host) return port === 80 ? stranger.plainPort : stranger.port
    if (port !== 443) return undefined
    if (stsHosts.test(host)) return portOf("sts")
    return signInHosts.test(host) ? signIn.port : undefined
  }
  const proxy = await startProxy(route, { connectDelayMs: roundTripMs, ...options.proxy })
  const servers = [proxy, adfs, sts, signIn, stranger]

  const folder = mkdtempSync(join(tmpdir(), "pum-aws-world-"))
  const caFile = join(folder, "ca.pem")
  writeFileSync(caFile, authority.pem)
  return {
    adfs,
    sts,
    signIn,
    stranger,
    proxy,
    caFile,
    distance,
    get directEnv() {
      return {
        PUM_IDP_URL: `https://localhost:${portOf("adfs")}/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices`,
        AWS_ENDPOINT_URL_STS: `https://localhost:${portOf("sts")}`,
        AWS_CA_BUNDLE: caFile,
      }
    },
    get env() {
      return { ...proxyEnvironment(proxy.url), AWS_CA_BUNDLE: caFile }
    },
    get awsEnv() {
      return { ...proxyEnvironment(proxy.url), AWS_CA_BUNDLE: caFile, AWS_EC2_METADATA_DISABLED: "true" }
    },
    async warmUp() {
      await verify(await issue("nobody@visma.com", ["arn:aws:iam::000000000000:role/WarmUp"], {}))
    },
    reset() {
      for (const server of servers) server.reset()
    },
    async close() {
      await Promise.all([...servers, ...Object.values(distance)].map(server => server.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Upper and lower case: a program may read either first, and must not find another proxy or an exception. */
function proxyEnvironment(url: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]) {
    variables[name] = url
    variables[name.toLowerCase()] = url
  }
  return { ...variables, NO_PROXY: "", no_proxy: "" }
}
