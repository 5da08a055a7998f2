import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { accountNames } from "../../../src/aws/account-names.ts"
import type { Terminal } from "../../../src/terminal/terminal.ts"
import { Home } from "../../support/program.ts"
import { role } from "../../support/role.ts"

const [one, two, three] = ["095344953043", "585848786654", "039882259752"]
const today = Date.parse("2026-11-23T12:00:00Z")
const days = 86_400_000

/** What AWS' page says, and when. */
interface Asked {
  readonly page?: Readonly<Record<string, string>>
  readonly aliases?: Readonly<Record<string, string>>
  readonly accounts?: readonly string[]
  readonly now?: number
}

const quiet = { progress: () => () => {}, trace: () => {} } as unknown as Terminal
const file = (home: Home) => join(home.path, ".aws/pum-aws/accounts.json")

async function names(
  home: Home,
  { page = {}, aliases = {}, accounts = [one, two, three], now = today }: Asked,
) {
  let asked = 0
  const name = accountNames({
    options: { aliases: new Map(Object.entries(aliases)), accountNames: true },
    roles: [one, two, three].map(account => role(`${account} Admin`)),
    ask: async () => {
      asked++
      return new Map(Object.entries(page))
    },
    home: home.path,
    terminal: quiet,
    now: () => now,
  })
  const found = await name(new Set(accounts))
  return { found: Object.fromEntries(found), asked }
}

function keep(home: Home, text: string): void {
  mkdirSync(join(home.path, ".aws/pum-aws"), { recursive: true })
  writeFileSync(file(home), text)
}

const page = { [one]: "prod", [two]: "dev", [three]: "" }

describe("names of accounts", () => {
  it("are kept for 30 days, also that there is none", async () => {
    const home = new Home()
    expect(await names(home, { page })).toEqual({ found: { [one]: "prod", [two]: "dev" }, asked: 1 })
    const later = { page: { ...page, [one]: "renamed" }, now: today + 30 * days - 1 }
    expect(await names(home, later)).toEqual({ found: { [one]: "prod", [two]: "dev" }, asked: 0 })
    const tooLate = { ...later, now: today + 30 * days }
    expect(await names(home, tooLate)).toEqual({ found: { [one]: "renamed", [two]: "dev" }, asked: 1 })
  })

  it("are asked for where one account of the menu is not known, and only then", async () => {
    const home = new Home()
    const aliases = { [one]: "Prod", [two]: "Dev" }
    expect(await names(home, { aliases, accounts: [one, two] })).toEqual({ found: aliases, asked: 0 })
    expect((await names(home, { aliases, page })).asked).toBe(1)
    expect((await names(home, { page })).asked).toBe(0)
  })

  it("give way to the user's own", async () => {
    expect((await names(new Home(), { aliases: { [one]: "Mine" }, page })).found).toEqual({
      [one]: "Mine",
      [two]: "dev",
    })
  })

  it("are believed of no account that the assertion does not offer", async () => {
    const home = new Home()
    expect(await names(home, { page: { "111111111111": "evil" } })).toEqual({ found: {}, asked: 1 })
    await names(home, { page: { ...page, "111111111111": "evil" } })
    expect(readFileSync(file(home), "utf8")).not.toContain("evil")
  })

  it.each([
    ["another account's", { [one]: "Same", [two]: "same", [three]: "other" }, {}, { [three]: "other" }],
    [
      "the user's own of another",
      { [one]: "mine", [two]: "dev" },
      { [three]: "Mine" },
      { [two]: "dev", [three]: "Mine" },
    ],
  ])(
    "are not shown where they are %s: it would be taken for that one",
    async (_, said, aliases, expected) => {
      expect((await names(new Home(), { page: said, aliases })).found).toEqual(expected)
    },
  )

  it.each([
    ["no JSON", "{"],
    ["cut off", `{"${one}": {"name": "prod", "as`],
    ["an array", "[1]"],
    ["null", "null"],
    ["of another shape", `{"${one}": "prod", "${two}": {"name": 3, "asked": "x"}, "${three}": null}`],
    ["from the future", `{"${one}": {"name": "x", "asked": "2031-01-01T00:00:00Z"}}`],
    ["no text", "\0\xff"],
  ])("are asked for again where the file is %s, and kept in its place", async (_, text) => {
    const home = new Home()
    keep(home, text)
    expect(await names(home, { page })).toEqual({ found: { [one]: "prod", [two]: "dev" }, asked: 1 })
    expect((await names(home, {})).asked).toBe(0)
  })

  it("are harmless whatever the file holds", async () => {
    const home = new Home()
    const name = "\x1b]0;evil\x07\x1b[31mprod"
    keep(home, JSON.stringify({ version: 1, [one]: { name, asked: new Date(today).toISOString() } }))
    expect((await names(home, { accounts: [one] })).found).toEqual({ [one]: "prod" })
  })

  it("are cut to 64 characters whatever the file holds", async () => {
    const home = new Home()
    keep(
      home,
      JSON.stringify({ version: 1, [one]: { name: "x".repeat(65), asked: new Date(today).toISOString() } }),
    )
    expect((await names(home, { accounts: [one] })).found).toEqual({ [one]: `${"x".repeat(63)}…` })
  })

  it("are shown though they cannot be kept", async () => {
    const home = new Home()
    writeFileSync(join(home.path, ".aws"), "a file in the folder's place")
    expect((await names(home, { page })).found).toEqual({ [one]: "prod", [two]: "dev" })
  })

  it("keep those of other accounts", async () => {
    const home = new Home()
    const other = { version: 1, "111111111111": { name: "other", asked: new Date(today).toISOString() } }
    keep(home, JSON.stringify(other))
    await names(home, { page })
    expect(JSON.parse(readFileSync(file(home), "utf8"))).toMatchObject({ ...other, [one]: { name: "prod" } })
  })
})
