import { describe, expect, it } from "vitest"
import { optionsInHome } from "../../support/read-options.ts"

const { read } = optionsInHome()

describe("--profiles", () => {
  const nothing = {
    account: undefined,
    role: undefined,
    region: undefined,
    duration: 3600,
    readOnly: false,
    byName: true,
  }
  const config = [
    "[default]",
    "role = Default",
    "region = eu-west-1",
    "[profile a]",
    "account = Prod",
    "duration = 2h",
    "[profile b]",
    "region = eu-north-1",
    "username = adm\\b",
    "[profile c]",
    "role = Admin",
    "",
  ].join("\n")

  it("gives each profile what its entry says, then [default]; a role's name only where the entry is about roles", () => {
    const { several, username } = read({ argv: ["-m", "a, b,c,d"], config })
    expect(several).toEqual([
      {
        profile: "a",
        account: "Prod",
        role: "Default",
        region: "eu-west-1",
        duration: 7200,
        readOnly: false,
        byName: false,
      },
      { ...nothing, profile: "b", region: "eu-north-1" },
      { ...nothing, profile: "c", role: "Admin", region: "eu-west-1", byName: false },
      { ...nothing, profile: "d", region: "eu-west-1" },
    ])
    expect(username).toBe("adm\\b")
  })

  it("lets options decide for all of them", () => {
    const argv = ["-m", "a,d", "--account", "X", "--role", "Y", "-r", "us-east-1", "-d", "3"]
    const all = { account: "X", role: "Y", region: "us-east-1", duration: 10_800, readOnly: false }
    expect(read({ argv, config }).several).toEqual([
      { profile: "a", ...all, byName: false },
      { profile: "d", ...all, byName: true },
    ])
  })

  it("keeps every entry for --all, which no entry decides about", () => {
    const { several, entries, username } = read({ argv: ["--all"], config })
    expect([several, [...entries.keys()], username]).toEqual(["all", ["a", "b", "c"], undefined])
  })

  it.each([
    [
      "[profile a]\nidp_url = https://a/\n[profile b]\nidp_url = https://b/\n",
      "the profiles a and b differ in idp_url",
    ],
    ["[profile b]\nidp_url = https://b/\n", "the profiles a and b differ in idp_url"],
    ["[default]\nretry = no\n[profile b]\nretry = yes\n", "the profiles a and b differ in retry"],
    ["[profile a]\nusername = a@b\n[profile b]\nusername = c@d\n", "the profiles a and b differ in username"],
  ])("refuses entries of two sign-ins: %j", (text, message) => {
    expect(() => read({ argv: ["-m", "a,b"], config: text })).toThrow(
      expect.objectContaining({ code: "usage", message: `${message}, but share one sign-in` }),
    )
  })

  it.each([
    "[profile a]\nidp_url = https://a/\n[profile b]\nidp_url = https://a/\n",
    "[default]\nidp_url = https://a/\n[profile b]\nidp_url = https://a/\n",
  ])("takes the one sign-in that all entries mean: %j", text => {
    expect(read({ argv: ["-m", "a,b"], config: text }).idpUrl.href).toBe("https://a/")
  })
})
