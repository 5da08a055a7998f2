import { describe, expect, it } from "vitest"
import { withSettings } from "../../../src/options/save-settings.ts"

/** `~/.pum-aws` after these settings of the profile prod were saved. */
function save(text: string | undefined, values: Record<string, string>): string {
  const file = { path: "/home/.pum-aws", shown: "~/.pum-aws" }
  return withSettings({ file, text } as never, [{ profile: "prod", values }])
}

const values = { account: "095344953043", role: "/team/Admin" }

describe("settings of a profile in ~/.pum-aws", () => {
  it.each([
    ["no file", undefined, "[profile prod]\naccount = 095344953043\nrole = /team/Admin\n"],
    [
      "other sections and comments",
      "# mine\n[default]\nusername = a\n",
      "# mine\n[default]\nusername = a\n\n[profile prod]\naccount = 095344953043\nrole = /team/Admin\n",
    ],
    [
      "another role there",
      "[profile prod]\nregion = eu-west-1\nrole = Old ; mine\n",
      "[profile prod]\nregion = eu-west-1\nrole = /team/Admin\naccount = 095344953043\n",
    ],
    [
      "the name in quotes",
      '[profile "prod"]\naccount = 095344953043\n',
      '[profile "prod"]\naccount = 095344953043\nrole = /team/Admin\n',
    ],
    [
      "the same settings, written in another way",
      "[profile prod]\r\naccount=095344953043\r\nrole:/team/Admin\r\n",
      "[profile prod]\r\naccount=095344953043\r\nrole:/team/Admin\r\n",
    ],
  ])("%s", (_, before, after) => {
    expect(save(before, values)).toBe(after)
  })

  it("are refused with the line if the file is malformed", () => {
    expect(() => save("account = 1\n", values)).toThrow("~/.pum-aws: line 1")
  })
})
