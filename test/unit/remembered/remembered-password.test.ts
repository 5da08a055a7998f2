import { expect, it } from "vitest"
import { RememberedPassword } from "../../../src/remembered/remembered-password.ts"
import { MemoryKeychain } from "../../support/keychain.ts"

it.each([
  { trouble: undefined, isMissing: false, warnings: [] },
  {
    trouble: "it is locked",
    isMissing: false,
    warnings: ["if a password is remembered, it is still in the keychain: it is locked"],
  },
  { trouble: "there is no module", isMissing: true, warnings: [] },
])(
  "forgetting a password tells if it may have stayed: $trouble",
  async ({ trouble, isMissing, warnings }) => {
    const keychain = new MemoryKeychain()
    const seen: string[] = []
    const password = new RememberedPassword(keychain, "adfs", { warn: line => seen.push(line) })
    await password.keep("ADM\\dev_aly", "x")
    Object.assign(keychain, { trouble, isMissing })
    await password.forget("adm\\dev_aly")
    expect(seen).toEqual(warnings)
    expect(keychain.entries.size).toBe(trouble === undefined ? 0 : 1)
  },
)
