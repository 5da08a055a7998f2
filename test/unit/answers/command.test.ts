import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { type CommandSettings, readFirstLine } from "../../../src/answers/command.ts"
import { notingTerminal } from "../../support/terminal.ts"

const never = new AbortController().signal

describe("readFirstLine", () => {
  const given = (command: string, more: Partial<CommandSettings> = {}) => {
    const { terminal, seen } = notingTerminal()
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
    return { line: readFirstLine(settings), seen }
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
    const folder = mkdtempSync(join(tmpdir(), "pum-aws-shell-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const shell = join(folder, "sh")
    symlinkSync("/bin/sh", shell)
    expect(await given("echo $0", { shell }).line).toBe(shell)
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

  it.each([
    ["code page 1252", "printf 'p\\345ss\\n'"],
    ["UTF-16", "printf 'p\\0a\\0\\n\\0'"],
  ])("refuses a password in %s: sent wrongly, it would count as a wrong one", async (_, command) => {
    await expect(given(command).line).rejects.toMatchObject({
      code: "answerMissing",
      message: "the password command printed text that is not UTF-8",
      hint: expect.stringContaining("[Console]::OutputEncoding"),
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
