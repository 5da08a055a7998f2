import { describe, expect, it } from "vitest"
import type { Given } from "../../../src/options/given.ts"
import { selectProfiles } from "../../../src/options/profile-selection.ts"

function select(given: Given, env: Readonly<Record<string, string>> = {}) {
  return selectProfiles({
    given,
    variable: name => {
      const text = env[name]
      return text === undefined ? undefined : { text, source: name }
    },
    config: { defaults: new Map(), profiles: new Map(), aliases: new Map(), warnings: [] },
    configFile: { path: "/nowhere", shown: "/nowhere" },
  })
}

const hint =
  "leave one of them out: --profile stores one profile, --profiles several, --all one for each role"

describe("selectProfiles", () => {
  it.each([
    [{}, {}, { kind: "one", profile: undefined }],
    [{ profile: "a" }, {}, { kind: "one", profile: "a" }],
    [{ profiles: "a, b" }, {}, { kind: "named", names: ["a", "b"] }],
    [{ all: true }, {}, { kind: "all" }],
    [{}, { PUM_PROFILE: "a" }, { kind: "one", profile: "a" }],
    [{}, { PUM_PROFILES: "a,b" }, { kind: "named", names: ["a", "b"] }],
    [{}, { PUM_PROFILE: "", PUM_PROFILES: "a,b" }, { kind: "named", names: ["a", "b"] }],
    [{}, { PUM_PROFILE: "a", PUM_PROFILES: "" }, { kind: "one", profile: "a" }],
    [{ profile: "a" }, { PUM_PROFILE: "x", PUM_PROFILES: "y" }, { kind: "one", profile: "a" }],
    [{ profiles: "a" }, { PUM_PROFILE: "x" }, { kind: "named", names: ["a"] }],
    [{ all: true }, { PUM_PROFILE: "x", PUM_PROFILES: "y" }, { kind: "all" }],
  ] as const)("%j with %j", (given, env, expected) => {
    expect(select(given, env)).toEqual(expected)
  })

  it.each([
    [{ profile: "a", profiles: "b" }, {}, "--profile and --profiles"],
    [{ profile: "a", all: true }, {}, "--profile and --all"],
    [{ profiles: "a", all: true }, {}, "--profiles and --all"],
    [{}, { PUM_PROFILE: "a", PUM_PROFILES: "b" }, "PUM_PROFILE and PUM_PROFILES"],
  ] as const)("refuses %j with %j", (given, env, both) => {
    expect(() => select(given, env)).toThrow(
      expect.objectContaining({ code: "usage", message: `${both} cannot be used together`, hint }),
    )
  })
})
