import { STSServiceException } from "@aws-sdk/client-sts"
import { expect, it } from "vitest"
import { stsFailure } from "../../../src/aws/sts-errors.ts"
import { networkTrouble } from "../../../src/http/network-errors.ts"
import { HttpFailure } from "../../../src/http/send.ts"

const sources = {
  proxy: undefined,
  isExempt: false,
  unusedProxy: undefined,
  findSystemProxy: () => undefined,
  ca: undefined,
}
const failureOf = (code: string) =>
  new HttpFailure(networkTrouble(Object.assign(new Error("x"), { code }), sources))
const network = "check the network and VPN; behind a proxy, set HTTPS_PROXY"

const refusal = (name: string, message: string) =>
  new STSServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode: 403 } })
const denied = "User: x is not authorized to perform: sts:AssumeRoleWithSAML on resource: y"

it.each([
  ["AccessDenied", denied, "the role's trust policy does not let you in: tell the account's owner"],
  [
    "AccessDenied",
    `${denied} with an explicit deny in a service control policy`,
    "a service control policy of your organization forbids it: tell those who run the organization",
  ],
  [
    "AccessDenied",
    `${denied} with an explicit deny in a resource control policy`,
    "a resource control policy of your organization forbids it: tell those who run the organization",
  ],
  [
    "ValidationError",
    "1 validation error detected: Value '43200' at 'durationSeconds' failed to satisfy constraint",
    "ask for less with --duration",
  ],
  [
    "InvalidClientTokenId",
    "The security token included in the request is invalid",
    "STS is switched off in that region: choose another with --region",
  ],
])("a refusal says whom it is due to: %s, %s", (name, message, hint) => {
  expect(stsFailure(refusal(name, message), "a role", "eu-north-1")).toMatchObject({
    code: "awsRefused",
    hint,
  })
})

it.each([
  ["ENOTFOUND", "eu-nort-1", `check the region eu-nort-1; if it is right, ${network}`],
  ["ENOTFOUND", undefined, network],
  ["ECONNREFUSED", "eu-north-1", network],
])("a host name that is not known may be a misspelt region: %s, %s", (code, region, hint) => {
  expect(stsFailure(failureOf(code), "a role", region)).toMatchObject({ code: "awsUnreachable", hint })
})
