import { describe, expect, it } from "vitest"
import { OnePasswordItem } from "../../../src/answers/one-password.ts"
import { Op, type OpSettings } from "../../support/op.ts"
import { notingTerminal } from "../../support/terminal.ts"

const never = new AbortController().signal

describe("OnePasswordItem", () => {
  const itemOf = (settings: OpSettings, interactive = false) => {
    const { terminal, seen } = notingTerminal(interactive)
    const op = new Op(settings)
    const item = new OnePasswordItem({
      op: op.path,
      account: "visma",
      item: "Federation ADM",
      terminal,
      timeout: 20_000,
      ending: never,
    })
    return { op, item, seen }
  }
  const full = { username: "adm\\x ", password: 'p"w\\', totp: "123456" }

  it("reads user name, password and current code with one call, and names what is waited for", async () => {
    const { op, item, seen } = itemOf({ items: [full] })
    expect(await item.read(never)).toEqual({ username: "adm\\x", password: 'p"w\\', code: "123456" })
    expect(op.calls).toEqual(["item get Federation ADM --account visma --format json"])
    expect(seen).toEqual({ secrets: ['p"w\\', "123456"], waits: ["Asking 1Password", "done"] })
  })

  it("knows an item that holds less", async () => {
    expect(await itemOf({ items: [{ password: "pw" }] }).item.read(never)).toEqual({
      username: undefined,
      password: "pw",
      code: undefined,
    })
  })

  const hint = "--no-op, or no_op = true in ~/.pum-aws, leaves 1Password out"
  it.each<[string, OpSettings]>([
    [
      "authorization prompt dismissed, please try again",
      { trouble: "authorization prompt dismissed, please try again" },
    ],
    ['"Federation ADM" isn\'t an item. Specify the item with its UUID, name, or domain.', { item: "Other" }],
    ["found no account for filter", { account: "my" }],
    [
      "You are not currently signed in. Please run `op signin --help` for instructions",
      { accountPassword: "x" },
    ],
    ["op ended with exit code 3", { first: "exit 3" }],
    ["op ended with exit code 4", { first: "echo; exit 4" }],
    ["Segmentation fault", { first: "echo 'Segmentation fault' >&2; echo more >&2; exit 139" }],
    ["a b", { first: `printf '[ERROR] 2026/11/23 12:00:00 a\\033[31m\\tb\\n' >&2; exit 1` }],
    ["op printed no item 'Federation ADM'", { first: "echo '[]'; exit 0" }],
    ["op printed no item 'Federation ADM'", { first: "echo hunter2; exit 0" }],
    ["op was ended by SIGKILL", { first: "kill -9 $$" }],
  ])("says in op's own words: %s", async (words, settings) => {
    const { item, seen } = itemOf(settings)
    await expect(item.read(never)).rejects.toMatchObject({
      code: "answerMissing",
      message: `1Password could not be used: ${words}`,
      hint,
    })
    expect(seen.waits).toEqual(["Asking 1Password", "done"])
  })

  it("does not sign in where nobody can type the account's password", async () => {
    const { op, item } = itemOf({ accountPassword: "x" })
    await expect(item.read(never)).rejects.toThrow("not currently signed in")
    expect(op.calls).toHaveLength(1)
  })

  it("signs in where op asks for it; says so when that fails", async () => {
    const { op, item } = itemOf({ accountPassword: "x" }, true)
    await expect(item.read(never)).rejects.toMatchObject({
      message: "1Password could not be used: op signin ended with exit code 1",
    })
    expect(op.calls).toEqual([
      "item get Federation ADM --account visma --format json",
      "signin --account visma --raw",
    ])
  })

  it("does not sign in because of an item that is not there, or a no of the user", async () => {
    for (const settings of [{ item: "Other" }, { trouble: "sign in was dismissed" }]) {
      const { op, item } = itemOf(settings, true)
      await expect(item.read(never)).rejects.toThrow("1Password could not be used")
      expect(op.calls).toHaveLength(1)
    }
  })
})
