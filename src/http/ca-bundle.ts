import { readFileSync } from "node:fs"
import { PumError } from "../errors.ts"

/**
 * Reads certificates to trust instead of Node's own.
 * @param file path of a PEM file
 * @returns its text; `undefined` if there is no file to read
 * @throws PumError `usage` if it cannot be read, or holds no certificate
 */
export function readCaBundle(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} cannot be read`, { cause })
  }
  try {
    // Loaded here: start-up needs no crypto.
    const { X509Certificate } = process.getBuiltinModule("node:crypto")
    return new X509Certificate(text) && text
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} holds no PEM certificate`, { cause })
  }
}
