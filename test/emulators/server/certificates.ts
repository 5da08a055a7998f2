import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomInt, sign } from "node:crypto"
import { isIP } from "node:net"
import {
  bits,
  explicit,
  implicit,
  integer,
  objectId,
  octets,
  pem,
  sequence,
  setOf,
  text,
  truth,
  utcTime,
} from "./der.ts"

export interface KeyAndCertificate {
  /** PKCS#8, PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
}

/** A certificate authority that lives as long as its process. The project stores no key and no certificate. */
export interface Authority {
  /** PEM of the authority's own certificate, which clients must trust. */
  readonly pem: string
  /** A server certificate for DNS names and IP addresses. */
  serverCertificate(names: readonly string[], validity?: Validity): KeyAndCertificate
}

/** `expired`: since yesterday. `not yet valid`: from tomorrow on. */
export type Validity = "valid" | "expired" | "not yet valid"

const hour = 3_600_000
const day = 24 * hour

const periods: Readonly<Record<Validity, (now: number) => { notBefore: Date; notAfter: Date }>> = {
  valid: now => ({ notBefore: new Date(now - 2 * day), notAfter: new Date(now + 30 * day) }),
  expired: now => ({ notBefore: new Date(now - 2 * day), notAfter: new Date(now - day) }),
  "not yet valid": now => ({ notBefore: new Date(now + day), notAfter: new Date(now + 30 * day) }),
}

export function createAuthority(commonName: string): Authority {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const certificate = certify({
    subject: commonName,
    issuer: commonName,
    publicKey: authority.publicKey,
    signWith: authority,
    extensions: [
      extension("2.5.29.19", sequence(truth()), "critical"),
      // keyCertSign and cRLSign
      extension("2.5.29.15", Buffer.from([0x03, 0x02, 0x01, 0x06]), "critical"),
    ],
  })
  return {
    pem: pem("CERTIFICATE", certificate),
    serverCertificate(names, validity = "valid") {
      const cert = certify({
        subject: names[0] ?? "localhost",
        issuer: commonName,
        publicKey: server.publicKey,
        signWith: authority,
        ...periods[validity](Date.now()),
        extensions: [
          extension("2.5.29.19", sequence(), "critical"),
          // digitalSignature
          extension("2.5.29.15", Buffer.from([0x03, 0x02, 0x07, 0x80]), "critical"),
          extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"))),
          extension("2.5.29.17", sequence(...names.map(alternativeName))),
        ],
      })
      return { key: pkcs8(server.privateKey), cert: pem("CERTIFICATE", cert) }
    },
  }
}

/** A self-signed certificate for an RSA key, as ADFS puts its token-signing certificate into the assertion. */
export function selfSigned(commonName: string, keys: KeyPair): string {
  const extensions = [extension("2.5.29.19", sequence(), "critical")]
  const content = {
    subject: commonName,
    issuer: commonName,
    publicKey: keys.publicKey,
    signWith: keys,
    extensions,
  }
  return pem("CERTIFICATE", certify(content))
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

interface CertificateContent {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly signWith: KeyPair
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly extensions: readonly Buffer[]
}

/** RFC 5280, section 4.1. */
function certify(content: CertificateContent): Buffer {
  const { signWith } = content
  const algorithm =
    signWith.privateKey.asymmetricKeyType === "rsa"
      ? sequence(objectId("1.2.840.113549.1.1.11"), Buffer.from([0x05, 0x00]))
      : sequence(objectId("1.2.840.10045.4.3.2"))
  const notBefore = content.notBefore ?? new Date(Date.now() - 2 * day)
  const notAfter = content.notAfter ?? new Date(Date.now() + 365 * day)
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    serialNumber(),
    algorithm,
    distinguishedName(content.issuer),
    sequence(utcTime(notBefore), utcTime(notAfter)),
    distinguishedName(content.subject),
    spki(content.publicKey),
    explicit(
      3,
      sequence(
        extension("2.5.29.14", octets(keyId(content.publicKey))),
        extension("2.5.29.35", sequence(implicit(0, keyId(signWith.publicKey)))),
        ...content.extensions,
      ),
    ),
  )
  return sequence(toBeSigned, algorithm, bits(sign("sha256", toBeSigned, signWith.privateKey)))
}

const distinguishedName = (commonName: string) =>
  sequence(setOf(sequence(objectId("2.5.4.3"), text(commonName))))

const extension = (id: string, value: Uint8Array, critical?: "critical") =>
  sequence(objectId(id), ...(critical ? [truth()] : []), octets(value))

/** Positive and without padding: the first byte lies between 0x40 and 0x7f. */
const serialNumber = () => integer(Buffer.concat([Buffer.from([0x40 + randomInt(0x40)]), randomBytes(11)]))
const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" })
const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString()
const keyId = (key: KeyObject) => createHash("sha1").update(spki(key)).digest()

function alternativeName(name: string): Buffer {
  switch (isIP(name)) {
    case 4:
      return implicit(7, Buffer.from(name.split(".").map(Number)))
    case 6:
      if (name !== "::1") throw new Error(`no certificate for IPv6 address ${name}: only ::1 is needed`)
      return implicit(7, Buffer.from([...Array(15).fill(0), 1]))
    default:
      return implicit(2, Buffer.from(name, "ascii"))
  }
}
