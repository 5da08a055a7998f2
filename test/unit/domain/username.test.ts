import { describe, expect, it } from "vitest"
import { usernameProblem } from "../../../src/domain/username.ts"

describe("usernameProblem", () => {
  it.each(["adm\\dev_aly", "dev_aly@visma.com", "adm\\jörg ünal", "adm\\O'Brien", "o'brien@visma.com"])(
    "takes %j",
    name => {
      expect(usernameProblem(name)).toBeUndefined()
    },
  )

  it.each([
    "",
    "dev_aly",
    "adm\\",
    "\\dev_aly",
    "dev_aly@",
    "@visma.com",
    "adm/dev/aly",
    "adm/dev\x7f",
    "adm\\dev\naly",
    "adm\\dev\x7f",
    "\tadm\\dev",
    "Aly Dev <dev_aly@visma.com>",
    "mailto:dev_aly@visma.com",
    "dev_aly@visma.com;",
    "dev_aly@visma,com",
    "dev_aly@@visma.com",
  ])("refuses %j", name => {
    expect(usernameProblem(name)).toBe("write it as DOMAIN\\user or user@domain")
  })

  it.each([`'adm\\dev_aly'`, `"adm\\dev_aly"`, `adm\\dev"aly`, `'dev@visma.com'`])(
    "refuses the quotes of %s, which cmd passes on or a tool has added",
    name => {
      expect(usernameProblem(name)).toBe("write it without quotes: DOMAIN\\user")
    },
  )

  it.each(["adm\\j\ufffdrg", "j\ufffdrg@visma.com"])("says that a letter of %j is not UTF-8", name => {
    expect(usernameProblem(name)).toBe(
      "it holds a letter that is not UTF-8: set the terminal, or the program that gives it, to UTF-8",
    )
  })

  it.each(["adm/dev_aly", "adm\\\\dev_aly", "adm\\\\\\dev_aly"])("says how %s is written", name => {
    expect(usernameProblem(name)).toMatch(/^write it with (a|one) backslash: adm\\dev_aly$/)
  })
})
