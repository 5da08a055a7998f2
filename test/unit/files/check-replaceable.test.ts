import { statSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { checkReplaceable, isMountPoint, refuseSticky } from "../../../src/files/check-replaceable.ts"
import { newHome, readIn } from "../../support/aws-home.ts"
import { patchFs, systemError } from "../../support/patched-fs.ts"

describe("whether a file may be replaced is known beforehand", () => {
  it.each(["d/e/f", "g"])("nothing is made for %s", name => {
    const home = newHome()
    expect(() => checkReplaceable(readIn(home, name))).not.toThrow()
    expect(statSync(home.path("d"), { throwIfNoEntry: false })).toBeUndefined()
  })

  it("a name that leaves no room for the names beside it is too long", () => {
    const home = newHome()
    expect(() => checkReplaceable(readIn(home, "n".repeat(250)))).toThrow(
      /^cannot write .*: the name is too long$/,
    )
  })

  it("a file that may only be appended to may not", () => {
    const home = newHome({ one: "1" })
    patchFs("openSync", real => (...args) => {
      if (args[1] === "r+") throw systemError("EPERM", "open")
      return real(...args)
    })
    expect(() => checkReplaceable(readIn(home, "one"))).toThrow(/^cannot write .*: permission denied$/)
  })

  it.each([
    ["/home/u/.aws/credentials", true],
    ["/home/a b\\c/config", true],
    ["/home/u/.aws", false],
    ["/home/u/.aws/credentials.x", false],
  ])("%s is a mount point: %s", (target, expected) => {
    const mounts = [
      "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
      "60 22 254:0 /x /home/u/.aws/credentials rw,relatime - ext4 /dev/vda rw",
      "61 22 254:0 /y /home/a\\040b\\134c/config ro,relatime - ext4 /dev/vda rw",
    ].join("\n")
    expect(isMountPoint(target, mounts)).toBe(expected)
  })

  it.each([
    ["another user's file in a sticky folder", 0o41777, 1, 2, 3, true],
    ["one's own file there", 0o41777, 3, 2, 3, false],
    ["a file in one's own sticky folder", 0o41777, 1, 3, 3, false],
    ["root", 0o41777, 1, 2, 0, false],
    ["a folder that is not sticky", 0o40777, 1, 2, 3, false],
  ])("%s", (_, mode, owner, folderOwner, uid, isRefused) => {
    const file = { path: "/tmp/x", shown: "/tmp/x" }
    const check = () => refuseSticky(file, { uid: owner }, { uid: folderOwner, mode }, uid)
    if (isRefused)
      expect(check).toThrow("cannot write /tmp/x: another user owns it, in a folder where only owners may")
    else expect(check).not.toThrow()
  })
})
