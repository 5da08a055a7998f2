import { describe, expect, it } from "vitest"
import { usernameProblem } from "../../../src/domain/username.ts"

describe("usernameProblem", () => {
  it.each(["adm\\dev_aly", "dev_aly@visma.com", "adm\\jörg ünal"])("takes %j", name => {
    expect(usernameProblem(name)).toBeUndefined()
  })

  it.each(["", "dev_aly", "adm\\dev\naly", "adm\\dev\x7f", "\tadm\\dev"])("refuses %j", name => {
    expect(usernameProblem(name)).toBe("write it as DOMAIN\\user or user@domain")
  })
})
