import { describe, expect, it } from "vitest"
import { isExactMatch, matchRoles, otherPart } from "../../../src/domain/role-filter.ts"
import { type Role, readRoles } from "../../../src/domain/roles.ts"

const one = "095344953043"
const two = "585848786654"
const none = new Map<string, string>()

function role(account: string, name: string): Role {
  const arn = `arn:aws:iam::${account}:role/${name}`
  const [found] = readRoles([`${arn},arn:aws:iam::${account}:saml-provider/ADFS`]).roles
  if (found === undefined) throw new Error(`no role ${name}`)
  return found
}

describe("matchRoles", () => {
  const roles = [
    role(one, "PowerUserAccess"),
    role(one, "RDSAlice"),
    role(two, "AdministratorAccess"),
    role(two, "Admin"),
    role(two, "ops/Deploy"),
  ]
  const aliases = new Map([[two, "Prod-VNIPBC"]])
  const names = (wanted: { account?: string; role?: string }) =>
    matchRoles(roles, wanted, aliases).map(found => found.name)

  it.each([
    [{}, ["PowerUserAccess", "RDSAlice", "AdministratorAccess", "Admin", "Deploy"]],
    [{ account: one }, ["PowerUserAccess", "RDSAlice"]],
    [{ account: "0953" }, ["PowerUserAccess", "RDSAlice"]],
    [{ account: "Prod-VNIPBC" }, ["AdministratorAccess", "Admin", "Deploy"]],
    [{ account: "prod" }, ["AdministratorAccess", "Admin", "Deploy"]],
    [{ role: "Admin" }, ["Admin"]],
    [{ role: "administrator" }, ["AdministratorAccess"]],
    [{ role: "Deploy" }, ["Deploy"]],
    [{ role: "ops/Deploy" }, ["Deploy"]],
    [{ role: "/ops/Deploy" }, ["Deploy"]],
    [{ role: `arn:aws:iam::${one}:role/RDSAlice` }, ["RDSAlice"]],
    [{ account: two, role: "Dep" }, ["Deploy"]],
  ])("%j", (wanted, expected) => {
    expect(names(wanted)).toEqual(expected)
  })

  it.each([
    [
      { account: "999999999999" },
      "none of your roles fits --account 999999999999",
      `you have: ${one}, Prod-VNIPBC`,
    ],
    [
      { role: "Nope" },
      "none of your roles fits --role Nope",
      "you have: Admin, AdministratorAccess, Deploy, PowerUserAccess, RDSAlice",
    ],
    [
      { account: one, role: "Admin" },
      `none of your roles fits --role Admin together with --account ${one}`,
      "in that account you have: PowerUserAccess, RDSAlice; Admin is in: Prod-VNIPBC",
    ],
    [
      { account: one, role: "Nope" },
      "none of your roles fits --role Nope",
      "you have: PowerUserAccess, RDSAlice",
    ],
    [
      { account: "prod-vinpbc" },
      "none of your roles fits --account prod-vinpbc",
      `did you mean Prod-VNIPBC? you have: ${one}, Prod-VNIPBC`,
    ],
    [
      { account: "sandbox" },
      "none of your roles fits --account sandbox",
      `you have: ${one}, Prod-VNIPBC (a name counts if it stands under [account-mapping] of ~/.pum-aws)`,
    ],
    [
      { role: "ops/Deplyo" },
      "none of your roles fits --role ops/Deplyo",
      "did you mean ops/Deploy? you have: Admin, AdministratorAccess, Deploy, PowerUserAccess, RDSAlice",
    ],
    [
      { role: `arn:aws:iam::${one}:role/RDSAlcie` },
      `none of your roles fits --role arn:aws:iam::${one}:role/RDSAlcie`,
      `did you mean arn:aws:iam::${one}:role/RDSAlice? you have: Admin, AdministratorAccess, Deploy, PowerUserAccess, RDSAlice`,
    ],
    [
      { role: "Alice" },
      "none of your roles fits --role Alice",
      "did you mean RDSAlice? you have: Admin, AdministratorAccess, Deploy, PowerUserAccess, RDSAlice",
    ],
    [{ role: "adm" }, "--role adm fits several: Admin, AdministratorAccess", "write it out"],
  ])("says what there is when nothing or too much fits: %j", (wanted, message, hint) => {
    expect(() => names(wanted)).toThrow(expect.objectContaining({ code: "noRole", message, hint }))
  })

  it("keeps a role name that several accounts have: the account is another question", () => {
    const both = [role(one, "Admin"), role(two, "Admin")]
    expect(matchRoles(both, { role: "Admin" }, none)).toEqual(both)
    expect(matchRoles(both, { role: "adm" }, none)).toEqual(both)
  })

  it("tells a sign-in without any role from a wrong option", () => {
    expect(() => matchRoles([], {}, none)).toThrow(
      expect.objectContaining({
        code: "noRole",
        message: "you are signed in, but ADFS offers you no AWS role",
      }),
    )
  })
})

describe("isExactMatch", () => {
  const admin = { account: one, role: "Admin" }
  const aliases = new Map([[one, "Prod"]])

  it.each([
    [{}, true],
    [{ account: one }, true],
    [{ account: "prod" }, true],
    [{ account: "pro" }, false],
    [{ account: "0953" }, false],
    [{ account: two }, false],
    [{ role: "admin" }, true],
    [{ role: "Adm" }, false],
    [{ role: "ops/Admin" }, true],
    [{ role: `arn:aws:iam::${one}:role/ops/Admin` }, true],
    [{ role: `arn:aws:iam::${two}:role/Admin` }, false],
    [{ role: `arn:aws:iam::${one}:role/Other` }, false],
    [{ account: two, role: "Admin" }, false],
  ])("%j: %s", (filter, expected) => {
    expect(isExactMatch(admin, filter, aliases)).toBe(expected)
  })
})

describe("otherPart", () => {
  const full = { account: one, role: "ops/Admin" }
  const aliases = new Map([
    [one, "Prod"],
    [two, "Dev"],
  ])

  it.each([
    [full, undefined],
    [{ account: "prod", role: "admin" }, undefined],
    [{ account: "pr", role: "Adm" }, undefined],
    [{ account: "0953", role: "/ops/Admin" }, undefined],
    [{ account: one, role: `arn:aws:iam::${one}:role/ops/Admin` }, undefined],
    [{ account: two, role: "Admin" }, "account"],
    [{ account: "dev", role: "Admin" }, "account"],
    [{ role: "Admin" }, "account"],
    [{ account: one }, "role"],
    [{ account: one, role: "AdminMore" }, "role"],
    [{ account: one, role: `arn:aws:iam::${two}:role/ops/Admin` }, "role"],
    [{ account: one, role: `arn:aws:iam::${one}:role/Other` }, "role"],
  ])("of %j: %s", (asked, part) => {
    expect(otherPart(asked, full, aliases)).toBe(part)
  })
})
