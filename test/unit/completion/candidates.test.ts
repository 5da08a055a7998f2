import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { keepSeenRoles } from "../../../src/aws/keep-seen-roles.ts"
import { completionsOf } from "../../../src/completion/candidates.ts"
import { readOptions } from "../../../src/options/options.ts"
import { session, TestClock } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

const clock = new TestClock()
const { role } = session(clock)
const user = "adm\\dev_aly"
const config = `[default]\nusername = ${user}\n[account-mapping]\n585848786654 = Prod-VNIPBC\n111111111111 = $(touch x)\n[profile prod]\n[profile view]\naccount = 039882259752\n[profile team:a b]\n`

async function homeWithRoles(names: readonly string[] = ["Admin", "PowerUser"], text = config) {
  const home = tempHome()
  writeFileSync(join(home, ".pum-aws"), text)
  mkdirSync(join(home, ".aws"))
  writeFileSync(
    join(home, ".aws/config"),
    "[default]\nregion = eu-north-1\n[profile stage]\n[profile `touch x`]\n[sso-session corp]\n",
  )
  writeFileSync(join(home, ".aws/credentials"), "[test]\r\nregion = eu-west-1\r\n")
  const options = readOptions({ wants: "run", given: {}, command: undefined }, {}, home)
  const roles = names.map(name => ({ ...role, name }))
  await keepSeenRoles(roles, user, options, { home, now: clock.time })
  return home
}

const complete = (home: string, words: readonly string[], now = clock.time) =>
  completionsOf(words, { env: {}, home, now })

describe("candidates for completion", () => {
  it.each([
    [["--prof"], ["--profile", "--profiles"]],
    [
      ["-p", ""],
      ["default", "prod", "stage", "team:a b", "test", "view"],
    ],
    // As some versions of PowerShell pass an empty word.
    [
      ["-p", '""'],
      ["default", "prod", "stage", "team:a b", "test", "view"],
    ],
    [["-p", "'PR"], ["prod"]],
    [["-p", '"team:a b'], ["team:a b"]],
    // As bash passes team:a\\ b.
    [["-p", "team", ":", "a\\ "], ["team:a b"]],
    [["--profile", "=", "team", ":"], ["--profile=team:a b"]],
    [["--profiles", "s"], ["stage"]],
    [
      ["--profiles", "stage,"],
      ["stage,default", "stage,prod", "stage,test", "stage,view"],
    ],
    [["--profiles=prod,s"], ["--profiles=prod,stage"]],
    [["--ver"], ["--verbose", "--version"]],
    [["-p", "prod", "--jso"], ["--json"]],
    [["--console", "s3", "-a", "prod"], ["Prod-VNIPBC"]],
    [
      ["--region", ""],
      ["eu-north-1", "eu-west-1"],
    ],
    [["--remember=s"], ["--remember=sign-in"]],
    [["--json", "--profile=p"], ["--profile=prod"]],
    [["--profile", "=", "p"], ["--profile=prod"]],
    [
      ["--account", ""],
      ["111111111111", "585848786654", "Prod-VNIPBC"],
    ],
    [["-a", "prod"], ["Prod-VNIPBC"]],
    [
      ["--role", ""],
      ["Admin", "PowerUser"],
    ],
    [["--export", "z"], ["zsh"]],
    [
      ["-a", "Prod", "--role", ""],
      ["Admin", "PowerUser"],
    ],
    [["-p", "view", "--role", ""], []],
    // Words that cannot be read at once leave the account to be read.
    [["--console", "s3", "-a", "0398", "--role", ""], []],
    [["--nope", "-a", "0398", "--role", ""], []],
    [["-a0398", "--role", ""], []],
    [["-u", '"adm\\dev_aly"', "--role", "a"], ["Admin"]],
    [["-u", "adm\\other", "--role", ""], []],
    [["--", "--role", ""], []],
    [["--json", "--", ""], []],
  ])("after %j are %j", async (words, expected) => {
    expect(complete(await homeWithRoles(), words)).toEqual(expected)
  })

  it("are found in words that bash has divided at @", async () => {
    const home = await homeWithRoles(["Admin"], "[default]\nusername = dev@corp\n[profile dev@corp]\n")
    const options = readOptions({ wants: "run", given: {}, command: undefined }, {}, home)
    await keepSeenRoles([role], "dev@corp", options, { home, now: clock.time })
    expect(complete(home, ["-p", "dev", "@", "c"])).toEqual(["dev@corp"])
    expect(complete(home, ["-u", "dev", "@", "corp", "--role", ""])).toEqual([role.name])
  })

  it("hold nothing that a shell executes", async () => {
    const home = await homeWithRoles(["$(touch x)", "`touch x`", "%n", "a'b", 'a"b', "a\nb", "a\tb", "Fine"])
    expect(complete(home, ["--role", ""])).toEqual(["Fine"])
  })

  it.each(["--", "-", ""])("are all options after '%s'", async word => {
    expect(complete(await homeWithRoles(), [word])).toEqual(
      expect.arrayContaining(["--account", "--help", "--role", "--version"]),
    )
  })

  it("of roles are names, and paths after a /", async () => {
    const home = await homeWithRoles([])
    const options = readOptions({ wants: "run", given: {}, command: undefined }, {}, home)
    await keepSeenRoles([{ ...role, path: "/team/", name: "Ops" }], user, options, { home, now: clock.time })
    expect([complete(home, ["--role", "o"]), complete(home, ["--role", "/"])]).toEqual([
      ["Ops"],
      ["/team/Ops"],
    ])
  })

  it("of roles are of the user, for 30 days; not with account_names = off, which keeps none either", async () => {
    const home = await homeWithRoles()
    expect(statSync(join(home, ".aws/pum-aws/roles.json")).mode & 0o777).toBe(0o600)
    expect(complete(home, ["--role", ""], clock.time + 30 * 86_400_000)).toEqual([])
    writeFileSync(join(home, ".pum-aws"), "[default]\nusername = adm\\other\n")
    expect(complete(home, ["--role", ""])).toEqual([])
    writeFileSync(join(home, ".pum-aws"), `[default]\nusername = ${user}\naccount_names = off\n`)
    expect(complete(home, ["--role", ""])).toEqual([])
    const off = await homeWithRoles(["Admin"], "[default]\naccount_names = off\n")
    expect(existsSync(join(off, ".aws/pum-aws/roles.json"))).toBe(false)
  })
})
