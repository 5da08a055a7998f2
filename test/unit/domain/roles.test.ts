import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { aliasSuffix, isRoleOf, type Role, readRoles, sortRoles } from "../../../src/domain/roles.ts"
import { checkProperty } from "../../support/property.ts"

const provider = (account: string, partition = "aws") => `arn:${partition}:iam::${account}:saml-provider/ADFS`
const pair = (account: string, name: string, partition = "aws") =>
  `arn:${partition}:iam::${account}:role/${name},${provider(account, partition)}`

function role(account: string, name: string): Role {
  const [found] = readRoles([pair(account, name)]).roles
  if (found === undefined) throw new Error(`no role ${name}`)
  return found
}

const one = "095344953043"
const two = "585848786654"
const none = new Map<string, string>()

describe("readRoles", () => {
  it("reads a role whatever the order and the white space are", async () => {
    const expected = {
      arn: `arn:aws:iam::${one}:role/RDSAlice`,
      providerArn: provider(one),
      partition: "aws",
      account: one,
      path: "/",
      name: "RDSAlice",
    }
    const orders = [pair(one, "RDSAlice"), `${provider(one)},arn:aws:iam::${one}:role/RDSAlice`]
    await checkProperty(
      fc.property(
        fc.constantFrom(...orders),
        fc.stringMatching(/^[ \t\r\n]{0,5}$/),
        fc.stringMatching(/^[ \t\r\n]{0,5}$/),
        (value, before, after) => {
          const padded = before + value.replace(",", `${after},${before}`) + after
          expect(readRoles([padded])).toEqual({ roles: [expected], warnings: [] })
        },
      ),
    )
  })

  it.each([
    ["a path", pair(one, "team/sub/Deploy"), { path: "/team/sub/", name: "Deploy" }],
    ["GovCloud", pair(one, "Admin", "aws-us-gov"), { partition: "aws-us-gov" }],
    ["China", pair(one, "Admin", "aws-cn"), { partition: "aws-cn" }],
    ["all signs IAM allows", pair(one, "a+b=c,d.e@f-g_h"), { name: "a+b=c,d.e@f-g_h" }],
    [
      "a comma in the last name",
      `${provider(one)} , arn:aws:iam::${one}:role/a,b`,
      { name: "a,b", providerArn: provider(one) },
    ],
  ])("reads %s", (_, value, expected) => {
    expect(readRoles([value]).roles[0]).toMatchObject(expected)
  })

  it.each([
    ["", "not a role and a provider"],
    ["hello", "not a role and a provider"],
    [`arn:aws:iam::${one}:role/A`, "not a role and a provider"],
    [`${pair(one, "A")},x`, "not a role and a provider"],
    [pair("12345", "A"), "not a role and a provider"],
    [`arn:aws:iam::${one}:role/A,arn:aws:iam::${one}:role/B`, "not a role and a provider"],
    [`arn:aws:iam::${one}:role/A,${provider(two)}`, "role and provider are of different accounts"],
    [
      `arn:aws:iam::${one}:role/A,${provider(one, "aws-cn")}`,
      "role and provider are of different partitions",
    ],
  ])("leaves out %j and keeps the rest", (value, why) => {
    const { roles, warnings } = readRoles([pair(one, "Good"), value])
    expect(roles.map(({ name }) => name)).toEqual(["Good"])
    expect(warnings).toEqual([`ignored a role that ADFS sent: ${why}: ${value}`])
  })

  it("names a few of many that are left out, and says how many more there are", () => {
    const named = (count: number) =>
      readRoles(Array.from({ length: count }, (_, number) => `no role ${number}`))
    expect(named(6).warnings).toHaveLength(6)
    const { warnings } = named(500)
    expect(warnings).toHaveLength(6)
    expect(warnings.slice(4)).toEqual([
      "ignored a role that ADFS sent: not a role and a provider: no role 4",
      "495 more like these are not shown",
    ])
  })

  it("makes escape codes in a role harmless", () => {
    expect(readRoles(["\x1b]0;x\x07\x1b[2J evil\r\n"]).warnings).toEqual([
      "ignored a role that ADFS sent: not a role and a provider: evil",
    ])
  })

  it("takes no role whose path could act on a terminal", () => {
    const { roles, warnings } = readRoles([pair(one, "\x1b[2J/\u202eevil/Admin")])
    expect(roles).toEqual([])
    expect(warnings.join()).not.toMatch(/[\x00-\x1f\u202e]/)
  })

  it("takes a role that is sent twice once", () => {
    expect(readRoles([pair(one, "A"), ` ${pair(one, "A")}`]).roles).toHaveLength(1)
  })
})

describe("sortRoles", () => {
  const roles = [role(two, "B"), role(two, "A"), role(one, "Z"), role(one, "AdminPlus"), role(one, "Admin")]

  it("sorts by alias or account, then role", () => {
    expect(sortRoles(roles, none, undefined).map(({ name }) => name)).toEqual([
      "Admin",
      "AdminPlus",
      "Z",
      "A",
      "B",
    ])
    const aliases = new Map([[two, "0-first"]])
    expect(sortRoles(roles, aliases, undefined).map(({ name }) => name)).toEqual([
      "A",
      "B",
      "Admin",
      "AdminPlus",
      "Z",
    ])
  })

  it("puts the role that was used last first, and only that one", () => {
    const sorted = sortRoles(roles, none, `arn:aws:sts::${one}:assumed-role/Admin/dev_aly`)
    expect(sorted.map(({ name }) => name)).toEqual(["Admin", "AdminPlus", "Z", "A", "B"])
    const other = sortRoles(roles, none, `arn:aws:sts::${two}:assumed-role/B/dev_aly`)
    expect(other.map(({ name }) => name)).toEqual(["B", "Admin", "AdminPlus", "Z", "A"])
  })

  it("does not take a role for another whose name begins alike", () => {
    expect(isRoleOf(`arn:aws:sts::${one}:assumed-role/AdminPlus/x`, role(one, "Admin"))).toBe(false)
    expect(isRoleOf(`arn:aws:iam::${one}:role/Admin`, role(one, "Admin"))).toBe(true)
  })
})

describe("aliasSuffix", () => {
  it.each([
    [new Map([[one, "Prod"]]), " (Prod)"],
    [new Map([[two, "Prod"]]), ""],
  ])("with the aliases %o is %j", (aliases, expected) => {
    expect(aliasSuffix(role(one, "Admin"), aliases)).toBe(expected)
  })
})
