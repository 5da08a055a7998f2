import { describe, expect, it } from "vitest"
import { beginsWithWord, roleFor } from "../../../src/several/match-roles.ts"
import { role } from "../../support/role.ts"

describe("the leading word of a role's name", () => {
  it.each([
    ["prod", "Prod-Admin", true],
    ["prod", "prod", true],
    ["Prod-Admin", "Prod-Admin-EU", true],
    ["prod", "prod_admin", true],
    ["power", "PowerUserAccess", true],
    ["poweruser", "PowerUserAccess", true],
    ["rds", "RDSAlice", true],
    ["v2", "V2Admin", true],
    ["pro", "Prod-Admin", false],
    ["rd", "RDSAlice", false],
    ["rdsa", "RDSAlice", false],
    ["admin", "AdministratorAccess", false],
    ["admin", "Prod-Admin", false],
    ["", "Prod", false],
  ])("'%s' of %s: %s", (word, name, expected) => {
    expect(beginsWithWord(name, word)).toBe(expected)
  })
})

const roles = [
  "095344953043 Admin",
  "585848786654 Admin",
  "585848786654 Admin-Read",
  "585848786654 Stage-Deploy",
  "585848786654 Stage-Read",
  "039882259752 Dev-Deploy",
].map(text => role(text))
const aliases = new Map([["585848786654", "Prod-VNIPBC"]])

function find(
  profile: string,
  of: { account?: string; role?: string; byName?: boolean } = {},
  offered = roles,
): string {
  return roleFor({ profile, account: undefined, role: undefined, byName: true, ...of }, offered, aliases).arn
}

describe("the role of a profile", () => {
  it.each([
    ["dev", {}, "arn:aws:iam::039882259752:role/Dev-Deploy"],
    ["dev-deploy", {}, "arn:aws:iam::039882259752:role/Dev-Deploy"],
    // The whole name goes before a longer one that begins with it.
    ["admin", { account: "Prod-VNIPBC" }, "arn:aws:iam::585848786654:role/Admin"],
    ["stage", { role: "Stage-R" }, "arn:aws:iam::585848786654:role/Stage-Read"],
    ["any", { account: "0398", byName: false }, "arn:aws:iam::039882259752:role/Dev-Deploy"],
    ["any", { account: "prod", role: "Admin", byName: false }, "arn:aws:iam::585848786654:role/Admin"],
  ])("%s %j", (profile, of, expected) => {
    expect(find(profile, of)).toBe(expected)
  })

  it("is found though another provider offers it too", () => {
    expect(find("dev", {}, [...roles, role("039882259752 Dev-Deploy", "OtherADFS")])).toBe(
      "arn:aws:iam::039882259752:role/Dev-Deploy",
    )
  })

  it.each([
    [
      "admin",
      {},
      "profile admin fits several accounts: 095344953043 (Admin), Prod-VNIPBC (Admin)",
      "name account and role in [profile admin] of ~/.pum-aws",
    ],
    [
      "stage",
      {},
      "profile stage fits several roles of Prod-VNIPBC: Stage-Deploy, Stage-Read",
      "name account and role in [profile stage] of ~/.pum-aws",
    ],
    [
      "x",
      { account: "Prod-VNIPBC", byName: false },
      "profile x fits several roles of Prod-VNIPBC: Admin, Admin-Read, Stage-Deploy, Stage-Read",
      "name account and role in [profile x] of ~/.pum-aws",
    ],
    [
      "test",
      {},
      "none of your roles begins with the word 'test'",
      "name account and role in [profile test] of ~/.pum-aws; you have: Admin, Admin-Read, Dev-Deploy, Stage-Deploy, Stage-Read",
    ],
    [
      "x",
      { account: "999999999999", byName: false },
      "profile x: none of your roles fits --account 999999999999",
      "you have: 039882259752, 095344953043, Prod-VNIPBC",
    ],
  ])("says what there is where %s %j leaves none or several", (profile, of, message, hint) => {
    expect(() => find(profile, of)).toThrow(expect.objectContaining({ code: "noRole", message, hint }))
  })

  it("is none where ADFS offers none", () => {
    expect(() => find("dev", {}, [])).toThrow("you are signed in, but ADFS offers you no AWS role")
  })
})
