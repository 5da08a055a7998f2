import { describe, expect, it } from "vitest"
import { principalOf } from "../../../src/domain/principal.ts"

const account = "095344953043"

describe("principalOf", () => {
  it.each([
    [`arn:aws:sts::${account}:assumed-role/Admin/dev_aly`, "Admin"],
    [`arn:aws:sts::${account}:assumed-role/Admin/a/b`, "Admin"],
    [`arn:aws-us-gov:iam::${account}:role/Admin`, "Admin"],
    [`arn:aws:iam::${account}:role/team/sub/Admin`, "Admin"],
  ])("%s", (arn, role) => {
    expect(principalOf(arn)).toEqual({ account, role })
  })

  it.each([
    "",
    "Admin",
    `arn:aws:iam::${account}:user/Admin`,
    `arn:aws:sts::${account}:assumed-role/Admin`,
    "arn:aws:iam::123:role/Admin",
    `arn:aws:iam::${account}:role/`,
  ])("%j is neither a role nor a session of one", arn => {
    expect(principalOf(arn)).toBeUndefined()
  })
})
