import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from "node:zlib"

type Decoder = (body: Uint8Array, options: ZlibOptions) => Uint8Array

/** "deflate" is zlib's format; some servers send the bare stream. */
const inflate: Decoder = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options)

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflate,
  br: brotliDecompressSync,
}

/** What a request asks for in `Accept-Encoding`. */
export const acceptedEncodings = "gzip, deflate, br"

/**
 * Decompresses a whole answer. One that was cut off is an error: a part of a page would be answered in part.
 * @param encoding `Content-Encoding` (RFC 9110, 8.4)
 * @returns undefined if the encoding is none of those that were asked for
 * @throws Error of zlib, `ERR_BUFFER_TOO_LARGE` if there are more than `maxBytes`
 */
export function decompressed(encoding: string, body: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const name = encoding.trim().toLowerCase()
  if (body.length === 0 || name === "" || name === "identity") return body
  return decoders[name]?.(body, { maxOutputLength: maxBytes })
}
