import type { X509Certificate } from "node:crypto"
import { PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { readNamedFile } from "../files/read-named-file.ts"
import type { Environment } from "../platform/platform.ts"

/** Certificates to trust instead of Node's own. */
export interface CaBundle {
  readonly pem: string
  /** What named the file: `AWS_CA_BUNDLE`, or the option. */
  readonly source: string
}

/** @throws PumError `usage` as `readCertificates` does */
export function readCaBundle(file: string | undefined, env: Environment): CaBundle | undefined {
  if (file === undefined) return undefined
  const variable = ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"].find(name => env[name] === file)
  const shown = variable === undefined ? file : `${file} (${variable})`
  const pem = readCertificates({ path: file, shown: `the CA bundle ${shown}` })
  return { pem, source: variable ?? "--ca-bundle" }
}

/**
 * @returns the text of a file of PEM certificates
 * @throws PumError `usage` if the file cannot be read, holds no certificate, or a first one that cannot be read
 */
export function readCertificates(file: UserFile): string {
  const pem = readNamedFile(file).toString("utf8")
  const [first] = pemBlocksIn(pem)
  if (first !== undefined && parseCertificate(first) !== undefined) return pem
  if (!/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(pem))
    throw new PumError("usage", `${file.shown} holds no PEM certificate`)
  throw new PumError("usage", `the first certificate of ${file.shown} cannot be read`, { hint: pemHint })
}

export const pemHint =
  "each -----BEGIN and -----END stands on a line of its own, without blanks before it; if they do, the file is damaged"

/** The PEM certificates of a text, as OpenSSL finds them: also behind a byte order mark, and by their other two labels. */
export function pemBlocksIn(pem: string): readonly string[] {
  return (
    pem.match(
      /^\ufeff?-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END [A-Z0-9 ]*CERTIFICATE-----.*$/gm,
    ) ?? []
  )
}

/** @returns `undefined` if it cannot be read */
export function parseCertificate(pem: string): X509Certificate | undefined {
  // Loaded here: start-up needs no crypto.
  const { X509Certificate } = process.getBuiltinModule("node:crypto")
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}
