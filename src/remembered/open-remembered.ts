import { readFileSync } from "node:fs"
import { readCaBundle } from "../http/ca-bundle.ts"
import { proxyFor } from "../http/proxy.ts"
import type { Options } from "../options/options.ts"
import { pause } from "../platform/event-loop.ts"
import { type Environment, ownPlatform } from "../platform/platform.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type Keychain, openKeychain } from "./keychain.ts"
import { RememberedPassword } from "./remembered-password.ts"
import { RememberedSignIn } from "./remembered-sign-in.ts"
import { boundTo } from "./seal.ts"

/** The run that remembers. */
export interface RememberingRun {
  readonly options: Options
  readonly env: Environment
  readonly home: string
  readonly terminal: Terminal
  readonly program: { readonly script: string }
  readonly ending: AbortSignal
  readonly keychain?: Keychain | undefined
}

/**
 * What this run remembers, as its options say.
 * @param user who is expected to sign in (`ExpectedUser.id`)
 */
export function openRemembered(run: RememberingRun, user: string | undefined) {
  const { options, home, terminal } = run
  const { remember, force, confirm } = options
  const keychain = keychainOf(run)
  const wanted = { ...sealedForRun(run), user }
  const settings = { home, keychain, terminal, wanted, isForced: force, confirm, now: Date.now, pause }
  const isOn = (what: "sign-in" | "password") => remember === what || remember === "all"
  return {
    signIn: isOn("sign-in") ? new RememberedSignIn(settings) : undefined,
    password: isOn("password") ? passwordFor(run, keychain) : undefined,
  }
}

/** The remembered password of the run's identity provider. */
export function passwordFor(
  { options, home, terminal }: RememberingRun,
  keychain: Keychain,
): RememberedPassword {
  return new RememberedPassword({ keychain, host: options.idpUrl.host, home, terminal, pause })
}

export function keychainOf({ env, program, terminal, ending, keychain }: RememberingRun): Keychain {
  return keychain ?? openKeychain({ script: program.script, env, platform: ownPlatform, terminal, ending })
}

/**
 * Everything that decides whom the cookies reach.
 * @throws PumError `usage` if the CA bundle or the proxy cannot be used
 */
export function sealedForRun({ options, env }: Pick<RememberingRun, "options" | "env">) {
  const { caBundle, idpUrl, stsEndpoint } = options
  const pem = readCaBundle(caBundle, env)?.pem
  const proxy = proxyFor(idpUrl, env)?.host
  const more = [certificatesIn(env.NODE_EXTRA_CA_CERTS), env.NODE_TLS_REJECT_UNAUTHORIZED]
  return { origin: idpUrl.origin, bound: boundTo([idpUrl.href, stsEndpoint, pem, proxy, ...more]) }
}

/** Node.js goes on without the certificates of a file that it cannot read. */
function certificatesIn(file: string | undefined): string | undefined {
  try {
    return file && readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}
