import { randomUUID } from "node:crypto"
import { escapeXml as esc } from "../server/escape.ts"
import type { PlainAnswer } from "../server/loopback-server.ts"

/** Status and message of STS for each error code. */
const errors = {
  ExpiredTokenException: [400, "Token must be redeemed within 5 minutes of issuance"],
  InvalidIdentityToken: [400, "Response signature invalid (Service: AWSSecurityTokenService)"],
  IDPRejectedClaim: [403, "The identity provider rejected the claim"],
  AccessDenied: [403, "Not authorized to perform sts:AssumeRoleWithSAML"],
  ValidationError: [400, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."],
  MalformedPolicyDocument: [400, "Syntax errors in policy."],
  PackedPolicyTooLarge: [400, "Packed policy consumes 112% of allotted space, please use smaller policy."],
  RegionDisabledException: [
    403,
    "STS is not activated in this region for account. Your account administrator can activate STS in this region using the IAM Console.",
  ],
  Throttling: [400, "Rate exceeded"],
  InvalidClientTokenId: [403, "The security token included in the request is invalid."],
  ExpiredToken: [403, "The security token included in the request is expired"],
  SignatureDoesNotMatch: [
    403,
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
  MissingAuthenticationToken: [403, "Request is missing Authentication Token"],
  InvalidAction: [400, "Could not find operation for version 2011-06-15"],
  InternalFailure: [500, "The request processing has failed because of an unknown error."],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type StsErrorCode = keyof typeof errors

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

export function stsError(code: StsErrorCode, message: string = errors[code][1]): PlainAnswer {
  const [status] = errors[code]
  const type = status < 500 ? "Sender" : "Receiver"
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}">
  <Error>
    <Type>${type}</Type>
    <Code>${code}</Code>
    <Message>${esc(message)}</Message>
  </Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>
`,
  )
}

/** A result as nested names and texts, in the envelope of every answer of STS. */
export function stsResult(action: string, result: Readonly<Record<string, XmlContent>>): PlainAnswer {
  return xml(
    200,
    `<${action}Response xmlns="${namespace}">
  <${action}Result>${elements(result)}</${action}Result>
  <ResponseMetadata>
    <RequestId>${randomUUID()}</RequestId>
  </ResponseMetadata>
</${action}Response>
`,
  )
}

type XmlContent = string | { readonly [name: string]: XmlContent }

function elements(content: XmlContent): string {
  if (typeof content === "string") return esc(content)
  return Object.entries(content)
    .map(([name, value]) => `<${name}>${elements(value)}</${name}>`)
    .join("\n    ")
}

const xml = (status: number, body: string): PlainAnswer => ({
  status,
  body,
  headers: { "content-type": "text/xml", "x-amzn-requestid": randomUUID() },
})
