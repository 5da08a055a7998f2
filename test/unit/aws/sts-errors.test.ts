import { expect, it } from "vitest"
import { stsFailure } from "../../../src/aws/sts-errors.ts"
import { networkTrouble } from "../../../src/http/network-errors.ts"
import { HttpFailure } from "../../../src/http/send.ts"

const sources = { proxy: undefined, unusedProxy: undefined, findSystemProxy: () => undefined, ca: undefined }
const failureOf = (code: string) =>
  new HttpFailure(networkTrouble(Object.assign(new Error("x"), { code }), sources))
const network = "check the network and VPN; behind a proxy, set HTTPS_PROXY"

it.each([
  ["ENOTFOUND", "eu-nort-1", `check the region eu-nort-1; if it is right, ${network}`],
  ["ENOTFOUND", undefined, network],
  ["ECONNREFUSED", "eu-north-1", network],
])("a host name that is not known may be a misspelt region: %s, %s", (code, region, hint) => {
  expect(stsFailure(failureOf(code), "a role", region)).toMatchObject({ code: "awsUnreachable", hint })
})
