import { realpathSync, statSync, symlinkSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { checkReplaceable, isMountPoint, refuseSticky } from "../../../src/files/check-replaceable.ts"
import { newHome, readIn } from "../../support/aws-home.ts"
import { patchFs, systemError } from "../../support/patched-fs.ts"

function errorOf(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe("whether a file may be replaced is known beforehand", () => {
  it.each(["d/e/f", "g"])("nothing is made for %s", name => {
    const home = newHome()
    expect(() => checkReplaceable(readIn(home, name))).not.toThrow()
    expect(statSync(home.path("d"), { throwIfNoEntry: false })).toBeUndefined()
  })

  it("a drive that does not tell its free space may have some", () => {
    const home = newHome({ f: "1" })
    patchFs("statfsSync", () => () => {
      throw systemError("EINVAL", "statfs")
    })
    expect(() => checkReplaceable(readIn(home, "f"))).not.toThrow()
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
    expect(() => checkReplaceable(readIn(home, "one"))).toThrow(
      /^cannot write .*: it, or its folder, is marked immutable or append-only$/,
    )
  })

  it("nor may one in an append-only folder, where the file itself can be changed", () => {
    const home = newHome({ one: "1" })
    expect(() => checkReplaceable(readIn(home, "one"))).not.toThrow()
    expect(home.read("one")).toBe("1")
    patchFs("rmdirSync", () => () => {
      throw systemError("EPERM", "rmdir")
    })
    expect(() => checkReplaceable(readIn(home, "one"))).toThrow(
      "cannot write ~/one: its folder is append-only, so it cannot be replaced",
    )
  })

  const room = { bsize: 4096, blocks: 100, bavail: 50, bfree: 50, files: 100, ffree: 50 }
  it.each([
    ["room for the file", room, "1", false],
    ["a full disk", { ...room, bavail: 0, bfree: 0 }, "1", true],
    ["a full disk, and no file yet", { ...room, bavail: 0, bfree: 0 }, undefined, true],
    ["no room for a second file of this size", { ...room, bavail: 20, bfree: 20 }, "1".repeat(80_000), true],
    ["no file number left", { ...room, ffree: 0 }, "1", true],
    ["a file system that does not count", { ...room, blocks: 0, bavail: 0, bfree: 0, files: 0 }, "1", false],
  ])("%s", (_, state, text, isRefused) => {
    const home = newHome(text === undefined ? {} : { one: text })
    patchFs("statfsSync", () => () => state)
    const check = () => checkReplaceable(readIn(home, "one"))
    if (isRefused) expect(check).toThrow("cannot write ~/one: no space left on device")
    else expect(check).not.toThrow()
  })

  it("a link is said to be one, with the file that cannot be written", () => {
    const home = newHome({ "store/one": "1" })
    symlinkSync(home.path("store/one"), home.path("link"))
    patchFs("openSync", real => (...args) => {
      if (args[1] === "r+") throw systemError("EROFS", "open")
      return real(...args)
    })
    expect(errorOf(() => checkReplaceable(readIn(home, "link")))).toMatchObject({
      message: "cannot write ~/link: the file system is read-only",
      hint: `it is a link to ${realpathSync(home.path("store/one"))}`,
    })
  })

  it.each([
    ["file", "one", "~/one belongs to another user"],
    ["folder", "d", "/d belongs to another user"],
  ])("the owner is named if the %s is another user's", (_, name, hint) => {
    const home = newHome({ "d/one": "1" })
    const file = { path: home.path("d/one"), shown: "~/one" }
    patchFs("accessSync", () => () => {
      throw systemError("EACCES", "access")
    })
    patchFs("statSync", real => (...args) => {
      const stats = real(...args)
      return String(args[0]).endsWith(name) ? Object.assign(stats as object, { uid: 4_000_000 }) : stats
    })
    const snapshot = { ...readIn(home, "d/one"), file, target: file.path }
    expect(errorOf(() => checkReplaceable(snapshot))).toMatchObject({
      message: "cannot write ~/one: permission denied",
      hint: expect.stringMatching(new RegExp(`${hint}$`)),
    })
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
