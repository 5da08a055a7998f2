/** What went wrong with a request, for a sentence that begins with the server's name. */
export interface NetworkTrouble {
  readonly what: string
  readonly hint?: string
  /** Whether the same request may succeed when it is sent again. */
  readonly isTransient?: boolean
  /** Whether the server did answer, but with something that this program does not read. */
  readonly hasAnswered?: boolean
}

const elsewhere =
  "another server answers in its place: a sign-in page of this network (captive portal), or a wrong address"
const askOwner = "tell those who run the server"

/** By what OpenSSL says, which Node reports as a code, or in the message of an EPROTO. */
const tlsTroubles: readonly (readonly [RegExp, NetworkTrouble])[] = [
  [
    /certificate required|bad certificate/,
    { what: "wants a client certificate, which pum-aws does not have", hint: askOwner },
  ],
  [
    /alert handshake failure/,
    {
      what: "refused the TLS handshake: it may want a client certificate, or ciphers that Node.js does not offer",
      hint: askOwner,
    },
  ],
  [
    /protocol version|unsupported protocol|version too low/,
    { what: "knows only old versions of TLS, which are not safe", hint: askOwner },
  ],
  [
    /legacy renegotiation/,
    { what: "knows only TLS without safe renegotiation, which Node.js refuses", hint: askOwner },
  ],
  [
    /key too small|md too weak/,
    { what: "has keys or signatures that are too weak for Node.js", hint: askOwner },
  ],
  [/unrecognized name/, { what: "knows no host of that name", hint: elsewhere }],
  [
    /wrong version number|packet length too long|http request|unknown protocol/,
    { what: "does not speak TLS at this address", hint: `check the port; or ${elsewhere}` },
  ],
]

/**
 * An error of TLS, HTTP or decompression in words.
 * @param code of Node
 * @returns undefined for any other error
 */
export function protocolTrouble(error: Error, code: string): NetworkTrouble | undefined {
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    const state = code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"
    const clock = new Date().toISOString().slice(0, 16).replace("T", " ")
    return {
      what: `has a certificate that ${state}`,
      hint: `check this machine's clock, which says ${clock} UTC; if it is right, ${askOwner}`,
    }
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return { what: "answered with a certificate for another host", hint: elsewhere }
  // The message of such an error is OpenSSL's; it holds nothing of what was sent.
  const reason = code.startsWith("ERR_SSL_") ? code.toLowerCase().replaceAll("_", " ") : error.message
  const tls = code === "EPROTO" || code.startsWith("ERR_SSL_")
  const known = tls ? tlsTroubles.find(([pattern]) => pattern.test(reason)) : undefined
  if (known !== undefined) return known[1]
  if (tls) return { what: "cannot be reached: the TLS handshake failed", hint: askOwner }
  if (code === "HPE_HEADER_OVERFLOW") return { what: "sent headers that are too large" }
  if (code.startsWith("HPE_"))
    return { what: "sent something that is not HTTP", hint: `check the port; or ${elsewhere}` }
  if (/^(Z_|ERR__ERROR_FORMAT_)/.test(code)) return { what: "sent an answer that cannot be decompressed" }
  return undefined
}
