import { chmodSync, mkdirSync } from "node:fs"
import { delimiter } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { isAppendOnly } from "../../../src/files/append-only.ts"
import { checkReplaceable } from "../../../src/files/check-replaceable.ts"
import { newHome, readIn } from "../../support/aws-home.ts"
import { patchFs, systemError } from "../../support/patched-fs.ts"
import { writeScript } from "../../support/write-script.ts"

/** A folder `d`, and an `lsattr` that prints this. */
function folderWith(flags: string) {
  const home = newHome()
  writeScript(home.path("bin/lsattr"), `#!/bin/sh\n[ "$1 $2" = "-d --" ] && ${flags} "$3"\n`)
  vi.stubEnv("PATH", `${home.path("bin")}${delimiter}${process.env.PATH}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  mkdirSync(home.path("d"))
  return home
}

/** Mode 750 is refused, as in an append-only folder, and on some file systems in every one. */
function refuseItsOwnMode(): void {
  patchFs("chmodSync", () => () => {
    throw systemError("EPERM", "chmod")
  })
}

describe("whether a folder is append-only, where it holds no file of ours", () => {
  it.each([
    ["-----a--------", true],
    ["--------------e-------", false],
    ["--------------", false],
  ])("lsattr tells, if the folder cannot be given the mode that it has: %s", (flags, expected) => {
    const home = folderWith(`echo "${flags}"`)
    expect(isAppendOnly(home.path("d"), undefined)).toBe(false)
    refuseItsOwnMode()
    expect(isAppendOnly(home.path("d"), undefined)).toBe(expected)
  })

  it("no lsattr that works: it counts as an ordinary folder", () => {
    const home = folderWith("false")
    refuseItsOwnMode()
    expect(isAppendOnly(home.path("d"), undefined)).toBe(false)
  })

  it("its mode stays", () => {
    const home = folderWith('echo "-----a--------"')
    chmodSync(home.path("d"), 0o750)
    expect([isAppendOnly(home.path("d"), undefined), home.mode("d")]).toEqual([false, "750"])
  })

  it("a new file is refused there, but not in a folder to come", () => {
    const home = folderWith('echo "-----a--------"')
    refuseItsOwnMode()
    expect(() => checkReplaceable(readIn(home, "d/f"))).toThrow(
      "cannot write ~/d/f: its folder is append-only, so it cannot be replaced",
    )
    expect(() => checkReplaceable(readIn(home, "d/e/f"))).not.toThrow()
  })
})
