import { createHash, createHmac } from "node:crypto"
import type { Credentials } from "./sessions.ts"

export interface ToSign {
  readonly host: string
  readonly body: string
  readonly region: string
  readonly credentials: Credentials
  readonly at: Date
}

/**
 * Signs a POST to `/` of STS and returns its headers. It shares no code with the check of the server, so that a mistake
 * in one of them is seen. The SDK for JavaScript and the AWS CLI check both.
 */
export function signedHeaders({ host, body, region, credentials, at }: ToSign): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "")
  const day = time.slice(0, 8)
  const hash = (text: string) => createHash("sha256").update(text).digest("hex")
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
  const names = "content-type;host;x-amz-date;x-amz-security-token"
  const canonical = `POST
/

content-type:application/x-www-form-urlencoded
host:${host}
x-amz-date:${time}
x-amz-security-token:${credentials.sessionToken}

${names}
${hash(body)}`
  const scope = `${day}/${region}/sts/aws4_request`
  const key = mac(mac(mac(mac(`AWS4${credentials.secretAccessKey}`, day), region), "sts"), "aws4_request")
  const signature = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).toString("hex")
  return {
    "x-amz-date": time,
    "x-amz-security-token": credentials.sessionToken,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}
