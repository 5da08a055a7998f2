import childProcess from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import {
  browserOnWindows,
  defaultOnWindows,
  openInSystemBrowser,
} from "../../../src/outputs/system-browser.ts"
import { writeScript } from "../../support/write-script.ts"

const link = "https://signin.aws.amazon.com/federation?Action=login&SigninToken=a%2Bb"
const env = { SystemRoot: "C:\\Windows", ComSpec: "cmd.exe" }
const edge = "C:\\Program Files\\Edge\\msedge.exe"
const files = { isFile: (path: string) => [edge, "C:\\x\\open.cmd"].includes(path), isProgram: () => true }
const browser = (line: string) => browserOnWindows(line, link, env, files)

it("a browser is no part of the process group that Ctrl-C ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pum-aws-browser-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [script, answer] = [join(folder, "browser"), join(folder, "answer")]
  // Only the first process of a group has its number.
  const lines = ["#!/bin/sh", "kill -s 0 -- -$$ && group=own", `printf %s "$group" > '${answer}'`]
  writeScript(script, lines.join("\n"))
  expect(await openInSystemBrowser(link, { BROWSER: script })).toBe(true)
  await expect.poll(() => existsSync(answer) && readFileSync(answer, "utf8")).toBe("own")
})

it("a browser is started with its window: Windows would pass a wish to hide it on", async () => {
  const start = vi.spyOn(childProcess, "spawn")
  syncBuiltinESMExports()
  onTestFinished(() => {
    start.mockRestore()
    syncBuiltinESMExports()
  })
  expect(await openInSystemBrowser(link, { BROWSER: "true" })).toBe(true)
  expect(start.mock.calls[0]?.[2]).toMatchObject({ detached: true, stdio: "ignore" })
  expect(start.mock.calls[0]?.[2]?.windowsHide ?? false).toBe(false)
})

describe("the browser on Windows", () => {
  it("is the system's own, without PowerShell", () => {
    expect(defaultOnWindows(link, env)).toEqual({
      file: "C:\\Windows\\System32\\rundll32.exe",
      args: ["url.dll,FileProtocolHandler", link],
      verbatim: false,
    })
  })

  it.each([
    ["the path of a program", edge, [link]],
    ["a quoted path with arguments", `"${edge}" --inprivate`, ["--inprivate", link]],
    ["a place for the link", `"${edge}" "--app=%s" --new`, [`--app=${link}`, "--new"]],
  ])("is what BROWSER names: %s", (_, line, args) => {
    expect(browser(line)).toEqual([{ file: edge, args, verbatim: false }])
  })

  it("may be a batch file, which gets the link whole", () => {
    const quoted = `"${link.replaceAll("%", "%%cd:~,%")}"`
    const args = ["/d", "/e:on", "/v:off", "/s", "/c", `""C:\\x\\open.cmd" ${quoted}"`]
    expect(browser("C:\\x\\open.cmd")).toEqual([{ file: "cmd.exe", args, verbatim: true }])
  })

  it.each(["C:\\no\\such.exe", '""', " "])(
    "is none where BROWSER names nothing that can be started: %j",
    line => {
      expect(browser(line)).toEqual([])
    },
  )
})
