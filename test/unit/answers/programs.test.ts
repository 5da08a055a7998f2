import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { type CommandSettings, firstLineOf } from "../../../src/answers/command.ts"
import { findProgram } from "../../../src/answers/find-program.ts"
import { OnePasswordItem } from "../../../src/answers/one-password.ts"
import type { Terminal } from "../../../src/terminal/terminal.ts"
import { Op, type OpSettings } from "../../support/op.ts"

const never = new AbortController().signal

function terminalOf(interactive = false) {
  const seen = { secrets: [] as string[], waits: [] as string[] }
  const terminal = {
    interactive,
    lend: () => ({ stdin: "ignore", stderr: "inherit" }),
    keepSecret: (secret: string) => seen.secrets.push(secret),
    trace: () => {},
    progress: (label: string) => {
      seen.waits.push(label)
      return () => seen.waits.push("done")
    },
  } as unknown as Terminal
  return { terminal, seen }
}

describe("firstLineOf", () => {
  const given = (command: string, more: Partial<CommandSettings> = {}) => {
    const { terminal, seen } = terminalOf()
    const settings = {
      what: "password",
      option: "--password-command",
      command,
      shell: "/bin/sh",
      terminal,
      timeout: 20_000,
      signals: [never],
      ...more,
    }
    return { line: firstLineOf(settings), seen }
  }

  it.each([
    ["one line", "echo secret", "secret"],
    ["the first of many", "printf 'secret\\nuser: x\\n'", "secret"],
    ["no line end", "printf secret", "secret"],
    ["a Windows line end", "printf 'secret\\r\\nmore\\r\\n'", "secret"],
    ["blanks, which belong to a password", "echo '  a b '", "  a b "],
    ["letters beyond ASCII", "printf 'p\\303\\244ss'", "päss"],
    ["what a pipe gives", "echo a secret | cut -d' ' -f2", "secret"],
  ])("gives %s", async (_, command, expected) => {
    const { line, seen } = given(command)
    expect(await line).toBe(expected)
    expect(seen.secrets).toEqual([expected])
  })

  it("runs in the user's own shell", async () => {
    expect(await given("echo $0", { shell: "/bin/bash" }).line).toBe("/bin/bash")
    expect(await given("echo $0", { shell: undefined }).line).toBe("/bin/sh")
    expect(await given("echo $0", { shell: "" }).line).toBe("/bin/sh")
  })

  it.each([
    ["echo hunter2; echo oops >&2; exit 44", "the password command ended with exit code 44"],
    ["echo hunter2; kill -9 $$", "the password command was ended by SIGKILL"],
    ["/nowhere/pass 2>/dev/null", "the password command ended with exit code 127"],
  ])("names the exit code of a failing command, never its output: %s", async (command, message) => {
    await expect(given(command).line).rejects.toMatchObject({
      code: "answerMissing",
      message,
      hint: "run the command of --password-command by itself to see why",
    })
  })

  it("says so when the shell itself is not there", async () => {
    await expect(given("echo x", { shell: "/nowhere/zsh" }).line).rejects.toMatchObject({
      message: "the password command could not be started",
    })
  })

  it.each(["true", "echo", "echo; echo secret"])("wants a first line: %s", async command => {
    await expect(given(command).line).rejects.toMatchObject({
      code: "answerMissing",
      message: "the password command printed nothing",
      hint: "the password is the first line that the command of --password-command prints on stdout",
    })
  })

  it("gives up on a command that does not end, and on what that started", async () => {
    await expect(given("exec 2>&-; sleep 5 | sleep 5", { timeout: 200 }).line).rejects.toMatchObject({
      message: "the password command did not end within 0.2 s",
    })
  })

  it("ends with the reason of the signal that ends it", async () => {
    const [early, late] = [new AbortController(), new AbortController()]
    early.abort("too early")
    await expect(given("sleep 30", { signals: [never, early.signal] }).line).rejects.toBe("too early")
    const { line } = given("sleep 30", { signals: [late.signal] })
    late.abort("too late")
    await expect(line).rejects.toBe("too late")
  })
})

describe("OnePasswordItem", () => {
  const itemOf = (settings: OpSettings, interactive = false) => {
    const { terminal, seen } = terminalOf(interactive)
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
  const full = { username: "adm\\x", password: 'p"w\\', totp: "123456" }

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

describe("findProgram", () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), "pum-aws-path-"))
    onTestFinished(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  it("finds the first executable file of that name", () => {
    const [empty, notExecutable, aFolder, right, later] = [folder(), folder(), folder(), folder(), folder()]
    writeFileSync(join(notExecutable, "op"), "", { mode: 0o600 })
    chmodSync(join(notExecutable, "op"), 0o600)
    mkdirSync(join(aFolder, "op"))
    for (const one of [right, later]) writeFileSync(join(one, "op"), "", { mode: 0o755 })
    const path = ["", empty, notExecutable, aFolder, right, later].join(":")
    expect(findProgram("op", path)).toBe(join(right, "op"))
    expect(findProgram("op", empty)).toBeUndefined()
    expect(findProgram("op", undefined)).toBeUndefined()
  })

  it("passes over relative folders: no folder that was entered may give the program that is asked for passwords", () => {
    const here = folder()
    writeFileSync(join(here, "op"), "", { mode: 0o755 })
    expect(findProgram("op", relative(process.cwd(), here))).toBeUndefined()
  })
})
