import type { Role } from "../domain/roles.ts"
import type { HttpResponse } from "../http/send.ts"

export const rehearsedRole: Role = {
  arn: "arn:aws:iam::000000000000:role/r",
  providerArn: "arn:aws:iam::000000000000:saml-provider/p",
  partition: "aws",
  account: "000000000000",
  path: "/",
  name: "r",
}
/** As long as a real one. */
export const rehearsedAssertion = "A+/=".repeat(3_000)

/** An answer of STS, element by element (AWS STS API reference, AssumeRoleWithSAML, Sample Response). */
export function rehearsedAnswer(): HttpResponse {
  const element = (name: string, content: string) => `<${name}>${content}</${name}>`
  const credentials = [
    element("AccessKeyId", "A"),
    element("SecretAccessKey", "S"),
    element("SessionToken", "T".repeat(1_500)),
    element("Expiration", "2030-01-01T00:00:00Z"),
  ]
  const user = [element("AssumedRoleId", "A:r"), element("Arn", "arn:aws:sts::000000000000:assumed-role/r/s")]
  const result = [
    element("Issuer", "i"),
    element("AssumedRoleUser", user.join("")),
    element("Credentials", credentials.join("\n")),
    element("Audience", "https://signin.aws.amazon.com/saml"),
    element("SubjectType", "persistent"),
    element("Subject", "s"),
  ]
  const metadata = element("ResponseMetadata", element("RequestId", "00000000-0000-0000-0000-000000000000"))
  const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
  const xml = `<AssumeRoleWithSAMLResponse xmlns="${namespace}">${element("AssumeRoleWithSAMLResult", result.join("\n"))}${metadata}</AssumeRoleWithSAMLResponse>`
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    setCookies: [],
    body: new TextEncoder().encode(xml),
  }
}
