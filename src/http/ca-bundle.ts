import { PumError } from "../errors.ts"
import { readNamedFile } from "../files/read-named-file.ts"
import type { Environment } from "../platform/platform.ts"

/** Certificates to trust instead of Node's own. */
export interface CaBundle {
  readonly pem: string
  /** What named the file: `AWS_CA_BUNDLE`, or the option. */
  readonly source: string
}

/** @throws PumError `usage` if the file cannot be read or holds no certificate */
export function readCaBundle(file: string | undefined, env: Environment): CaBundle | undefined {
  if (file === undefined) return undefined
  const variable = ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"].find(name => env[name] === file)
  const shown = variable === undefined ? file : `${file} (${variable})`
  const pem = readNamedFile({ path: file, shown: `the CA bundle ${shown}` }).toString("utf8")
  try {
    // Loaded here: start-up needs no crypto.
    const { X509Certificate } = process.getBuiltinModule("node:crypto")
    new X509Certificate(pem)
    return { pem, source: variable ?? "--ca-bundle" }
  } catch (cause) {
    if (!/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(pem))
      throw new PumError("usage", `the CA bundle ${shown} holds no PEM certificate`, { cause })
    throw new PumError("usage", `the first certificate of the CA bundle ${shown} cannot be read`, {
      hint: "it is damaged; each -----BEGIN and -----END line stands by itself, with nothing before or behind it",
      cause,
    })
  }
}
