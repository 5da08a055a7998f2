import { createHash, createHmac } from "node:crypto"
import type { Request } from "../server/request.ts"

/** The Authorization header of AWS Signature Version 4, parsed and not yet verified. */
export interface Sigv4 {
  readonly accessKeyId: string
  /** `YYYYMMDD/region/service/aws4_request` */
  readonly scope: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

export function readAuthorization(header: string | undefined): Sigv4 | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
  const [, accessKeyId, scope, region, service, signedHeaders, signature] = form.exec(header ?? "") ?? []
  if (!accessKeyId || !scope || !region || !service || !signedHeaders || !signature) return undefined
  return { accessKeyId, scope, region, service, signedHeaders: signedHeaders.split(";"), signature }
}

/**
 * The signature that a request must have. The request is put into canonical form as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html says.
 */
export function signatureOf(
  request: Request,
  { scope, signedHeaders }: Sigv4,
  secretAccessKey: string,
): string {
  const headers = signedHeaders.map(name => `${name}:${canonicalValue(request.headers[name])}\n`).join("")
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n")
  const time = canonicalValue(request.headers["x-amz-date"])
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")
  const key = scope
    .split("/")
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secretAccessKey}`)
  return hmac(key, toSign).toString("hex")
}

/** Minutes between the time of the signature and now, in either direction. */
export function clockSkewMinutes(request: Request): number {
  const [, ...parts] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(request.headers["x-amz-date"])) ?? []
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number)
  return Math.abs(Date.now() - Date.UTC(year, month - 1, day, hours, minutes, seconds)) / 60_000
}

function canonicalQuery(query: string): string {
  return query.replace(/^\?/, "").split("&").sort().join("&")
}

const canonicalValue = (value: string | string[] | undefined) =>
  String(value ?? "")
    .trim()
    .replace(/ +/g, " ")
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
