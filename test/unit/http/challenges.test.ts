import { expect, it } from "vitest"
import { schemesIn } from "../../../src/http/challenges.ts"

it.each([
  [undefined, []],
  ["NTLM", ["ntlm"]],
  [
    ["Negotiate", "NTLM"],
    ["negotiate", "ntlm"],
  ],
  ['Basic realm="Staff, digest", Digest qop="auth", nonce="b=="', ["basic", "digest"]],
  ["Negotiate, NTLM, Basic realm=x", ["negotiate", "ntlm", "basic"]],
])("%j", (challenges, names) => {
  expect(schemesIn(challenges)).toEqual(names)
})
