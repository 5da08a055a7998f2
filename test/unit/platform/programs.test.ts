import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { findProgram } from "../../../src/platform/programs.ts"

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
    expect(findProgram("op", { PATH: path })).toBe(join(right, "op"))
    expect(findProgram("op", { PATH: empty })).toBeUndefined()
    expect(findProgram("op", {})).toBeUndefined()
  })

  it("passes over relative folders: no folder that was entered may give the program that is asked for passwords", () => {
    const here = folder()
    writeFileSync(join(here, "op"), "", { mode: 0o755 })
    expect(findProgram("op", { PATH: relative(process.cwd(), here) })).toBeUndefined()
  })
})
