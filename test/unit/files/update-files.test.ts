import { mkdirSync, readdirSync, rmdirSync, Stats, statSync } from "node:fs"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { checkUpdatable, updateFiles } from "../../../src/files/update-files.ts"
import { fileIn, newHome, readIn } from "../../support/aws-home.ts"
import { patchFs } from "../../support/patched-fs.ts"

describe("whether a file can be updated is known beforehand", () => {
  it("not if another user left a lock in a sticky folder", () => {
    const home = newHome({ f: "1" })
    mkdirSync(home.path("f.lock"))
    expect(() => checkUpdatable(readIn(home, "f"))).not.toThrow()
    patchFs(
      "lstatSync",
      real =>
        (...args) =>
          ofUser(real(...args), String(args[0]).endsWith(".lock") ? 1 : 2),
    )
    patchFs(
      "statSync",
      real =>
        (...args) =>
          ofUser(real(...args), String(args[0]).endsWith("/f") ? 3 : 2),
    )
    const getuid = vi.spyOn(process, "getuid").mockReturnValue(3)
    onTestFinished(() => getuid.mockRestore())
    expect(() => checkUpdatable(readIn(home, "f"))).toThrow(
      "cannot write ~/f.lock: another user owns it, in a folder where only owners may",
    )
  })
})

/** Folders are sticky. */
function ofUser(stats: unknown, uid: number): unknown {
  return stats instanceof Stats ? Object.assign(stats, { uid, mode: stats.mode | 0o1000 }) : stats
}

describe("updating files", () => {
  it("starts anew when a program without our lock writes in between", async () => {
    const home = newHome({ f: "0" })
    const seen: (string | undefined)[] = []
    await updateFiles([fileIn(home, "f")], ([file]) => {
      seen.push(file?.text)
      if (seen.length === 2) home.write("f", "theirs")
      return [`${file?.text} and ours`]
    })
    expect(home.read("f")).toBe("theirs and ours")
    expect(seen).toEqual(["0", "0", "theirs", "theirs"])
  })

  it("gives up when a file changes all the time", async () => {
    const home = newHome({ f: "0" })
    let writes = 0
    const updating = updateFiles([fileIn(home, "f")], ([file]) => {
      home.write("f", `theirs ${++writes}`)
      return [`${file?.text} and ours`]
    })
    await expect(updating).rejects.toMatchObject({
      code: "file",
      message: "cannot write ~/f: another program keeps changing it",
    })
    expect(home.read("f")).toBe(`theirs ${writes}`)
  })

  it("locks a file that turns out to need a change only now", async () => {
    const home = newHome({ "d/one": "1", "d/two": "2" })
    let calls = 0
    await updateFiles([fileIn(home, "d/one"), fileIn(home, "d/two")], () =>
      ++calls === 1 ? ["new", undefined] : ["new", "new"],
    )
    expect([home.read("d/one"), home.read("d/two")]).toEqual(["new", "new"])
  })

  it("does not mind what is in the lock's place of a file that stays as it is", async () => {
    const home = newHome({ "d/one": "1", "d/two": "2", "d/two.lock": "a file" })
    await updateFiles([fileIn(home, "d/one"), fileIn(home, "d/two")], () => ["new", undefined])
    expect([home.read("d/one"), home.read("d/two.lock")]).toEqual(["new", "a file"])
  })

  it("starts anew when its lock was lost before it read: the new holder's temporary file stays", async () => {
    const home = newHome({ f: "0" })
    const theirs = ".f.pum-aws-theirs.tmp"
    let isLost = false
    patchFs("statSync", real => (...args) => {
      const result = real(...args)
      // It has touched the lock for the first time.
      if (!isLost && args[0] === home.path("f.lock")) {
        isLost = true
        rmdirSync(home.path("f.lock"))
        mkdirSync(home.path("f.lock"))
        home.write(theirs, "theirs")
        setTimeout(() => {
          expect([home.read("f"), home.read(theirs)]).toEqual(["0", "theirs"])
          rmdirSync(home.path("f.lock"))
        }, 50)
      }
      return result
    })
    await updateFiles([fileIn(home, "f")], ([file]) => [`${file?.text}1`])
    expect([home.read("f"), readdirSync(home.folder)]).toEqual(["01", ["f"]])
  })

  it("passes errors of the change on, with nothing changed and no lock left", async () => {
    const home = newHome({ f: "0" })
    let calls = 0
    const updating = updateFiles([fileIn(home, "f")], () => {
      if (++calls === 2) throw new Error("refused")
      return ["new"]
    })
    await expect(updating).rejects.toThrow("refused")
    expect([home.read("f"), statSync(home.path("f.lock"), { throwIfNoEntry: false })]).toEqual([
      "0",
      undefined,
    ])
  })
})
