import { execFileSync, spawn } from "node:child_process"
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { readNamedFile } from "../../../src/files/read-named-file.ts"
import { Home } from "../../support/program.ts"

const shortLimits = { total: 200, opening: 50, pause: 10 }

function named(prepare: (path: string) => void) {
  const path = join(new Home().path, "named")
  prepare(path)
  return { path, shown: "FILE" }
}

function makeLarge(path: string): void {
  writeFileSync(path, "")
  truncateSync(path, 5_000_001)
}
const makeFifo = (path: string) => execFileSync("mkfifo", [path])

/** A process that holds the FIFO open, and writes what the shell's command prints. */
function writer(path: string, command: string): void {
  const child = spawn("sh", ["-c", `exec > "$0"; ${command}`, path])
  onTestFinished(() => void child.kill("SIGKILL"))
  // Returns when the writer has opened it, too.
  closeSync(openSync(path, "r"))
}

describe("a file that the user named", () => {
  it.each([
    ["is read", (path: string) => writeFileSync(path, "text"), "text"],
    [
      "of 5 MB is read",
      (path: string) => writeFileSync(path, Buffer.alloc(5_000_000)),
      "\0".repeat(5_000_000),
    ],
    ["may be a FIFO; without a writer it is empty", makeFifo, ""],
  ])("%s", (_, prepare, text) => {
    expect(readNamedFile(named(prepare), shortLimits).toString() === text).toBe(true)
  })

  it("may be a FIFO whose writer comes later", () => {
    const file = named(makeFifo)
    const child = spawn("sh", ["-c", 'sleep 0.1; echo text > "$0"', file.path])
    onTestFinished(() => void child.kill("SIGKILL"))
    expect(readNamedFile(file, { total: 20_000, opening: 20_000, pause: 10 }).toString()).toBe("text\n")
  })

  it("may be a device that ends; one that does not is too large", () => {
    expect(readNamedFile({ path: "/dev/null", shown: "" }).toString()).toBe("")
    expect(() => readNamedFile({ path: "/dev/zero", shown: "FILE" })).toThrow(
      "cannot use FILE: the file is too large",
    )
  })

  it.each([
    ["that is too large", makeLarge, "cannot use FILE: the file is too large"],
    ["that is a folder", (path: string) => mkdirSync(path), "cannot read FILE: is a folder"],
    ["that is missing", () => {}, "cannot read FILE: there is no such file"],
    [
      "whose writer is silent",
      (path: string) => {
        makeFifo(path)
        writer(path, "exec sleep 20")
      },
      "cannot use FILE: is a pipe that did not end within 0.2 s",
    ],
  ])("%s is refused", (_, prepare, message) => {
    expect(() => readNamedFile(named(prepare), shortLimits)).toThrow(
      expect.objectContaining({ code: "usage", message }),
    )
  })
})
