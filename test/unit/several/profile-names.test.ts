import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { checkProfileName } from "../../../src/profiles/paths.ts"
import { profileNames } from "../../../src/several/profile-names.ts"
import { checkProperty } from "../../support/property.ts"
import { role } from "../../support/role.ts"

const one = "095344953043"
const two = "585848786654"

function namesOf(roles: readonly string[], aliases: Readonly<Record<string, string>> = {}): string[] {
  const names = profileNames(
    roles.map(text => role(text)),
    new Map(Object.entries(aliases)),
  )
  return [...names].map(([{ account, path, name }, profile]) => `${account} ${path}${name} -> ${profile}`)
}

describe("profile names for every role", () => {
  it.each([
    ["an account without alias", [`${one} Admin`], {}, [`${one} /Admin -> ${one}-Admin`]],
    ["an alias", [`${one} Admin`], { [one]: "Prod-VNIPBC" }, [`${one} /Admin -> Prod-VNIPBC-Admin`]],
    ["a path", [`${one} team/Admin`], {}, [`${one} /team/Admin -> ${one}-Admin`]],
    ["signs", [`${one} a+b=c@d.e_f`], {}, [`${one} /a+b=c@d.e_f -> ${one}-a+b-c@d.e_f`]],
    ["an alias in words", [`${one} A`], { [one]: "Prod: Größe (EU)" }, [`${one} /A -> Prod-Gr-e-EU-A`]],
    ["an alias that would be an option", [`${one} A`], { [one]: "--all" }, [`${one} /A -> all-A`]],
    ["an alias of nothing usable", [`${one} A`], { [one]: "](" }, [`${one} /A -> ${one}-A`]],
    [
      "one alias for two accounts",
      [`${two} A`, `${one} A`, `${one} B`],
      { [one]: "Prod", [two]: "prod" },
      [`${one} /A -> Prod-${one}-A`, `${one} /B -> Prod-B`, `${two} /A -> prod-${two}-A`],
    ],
    [
      "names that become the same",
      [`${one} a=b`, `${one} A-b`],
      {},
      [`${one} /A-b -> ${one}-A-b`, `${one} /a=b -> ${one}-a-b-2`],
    ],
  ])("%s", (_, roles, aliases, expected) => {
    expect(namesOf(roles, aliases)).toEqual(expected)
  })

  it("are different, usable, and the same in whatever order the roles come", async () => {
    const text = fc.tuple(fc.constantFrom(one, two), fc.stringMatching(/^[aAb+=@._-]{1,4}$/))
    const aliases = fc.dictionary(fc.constantFrom(one, two), fc.string({ minLength: 1, maxLength: 5 }))
    await checkProperty(
      fc.property(
        fc.uniqueArray(
          text.map(parts => parts.join(" ")),
          { maxLength: 8 },
        ),
        aliases,
        (roles, its) => {
          const names = namesOf(roles, its)
          const profiles = names.map(line => line.replace(/^.* -> /, ""))
          for (const profile of profiles) {
            checkProfileName(profile)
            expect(profile).not.toMatch(/^-/)
          }
          expect(new Set(profiles.map(profile => profile.toLowerCase())).size).toBe(roles.length)
          expect(namesOf([...roles].reverse(), its)).toEqual(names)
        },
      ),
    )
  })
})
