import { readdirSync } from "node:fs"
import { expect, it } from "vitest"
import { writePrivately } from "../../../src/files/write-privately.ts"
import { fileIn, newHome } from "../../support/aws-home.ts"
import { failFirst, patchFs, systemError } from "../../support/patched-fs.ts"

it("a file of our own is replaced whatever it held, for its owner only, in a folder that is, too", async () => {
  const home = newHome({ "d/f": "old", "d/.f.pum-aws.tmp": "of a process that was killed" })
  home.write("d/f", "old", 0o644)
  await writePrivately(fileIn(home, "d/f"), "new", { lasts: true })
  await writePrivately(fileIn(home, "e/f"), "new", { lasts: true })
  for (const name of ["d/f", "e/f"]) expect([home.read(name), home.mode(name)]).toEqual(["new", "600"])
  expect([home.mode("e"), readdirSync(home.path("d"))]).toEqual(["700", ["f"]])
})

it("a umask that takes rights of the owner does not count", async () => {
  const home = newHome()
  patchFs("mkdirSync", real => path => real(path, { mode: 0 }))
  patchFs("openSync", real => (path, flags) => real(path, flags, 0))
  await writePrivately(fileIn(home, "d/e/f"), "new", { lasts: true })
  expect(["d", "d/e", "d/e/f"].map(home.mode)).toEqual(["700", "700", "600"])
})

it("a folder that another process makes at the same time is used", async () => {
  const home = newHome()
  patchFs("mkdirSync", real => (...args) => {
    real(...args)
    return real(...args)
  })
  await writePrivately(fileIn(home, "d/e/f"), "new", { lasts: true })
  expect(home.read("d/e/f")).toBe("new")
})

it("of a folder on a read-only file system that is said", async () => {
  const home = newHome()
  // As Node.js does for folders within folders.
  patchFs("mkdirSync", () => (_, options) => {
    throw systemError((options as { recursive?: boolean }).recursive ? "ENOENT" : "EROFS", "mkdir")
  })
  await expect(writePrivately(fileIn(home, "d/e/f"), "new", { lasts: true })).rejects.toMatchObject({
    message: "cannot write ~/d/e/f: the file system is read-only",
  })
})

it("one that another program has open is waited for on Windows", async () => {
  const home = newHome({ "d/f": "old" })
  failFirst("renameSync", 2, { end: ".f.pum-aws.tmp", code: "EBUSY" })
  await writePrivately(fileIn(home, "d/f"), "new", { lasts: true, platform: "win32" })
  expect(home.read("d/f")).toBe("new")
})

it("what a killed process left there is removed on Windows once the virus scanner has closed it", async () => {
  const home = newHome({ "d/f": "old", "d/.f.pum-aws.tmp": "of a process that was killed" })
  failFirst("unlinkSync", 3, { end: ".f.pum-aws.tmp", code: "EBUSY" })
  await writePrivately(fileIn(home, "d/f"), "new", { lasts: true, platform: "win32" })
  expect([home.read("d/f"), readdirSync(home.path("d"))]).toEqual(["new", ["f"]])
})

it("one that cannot be replaced stays as it is, and nothing is left beside it", async () => {
  const home = newHome({ "d/f": "old" })
  failFirst("renameSync", 1, { end: ".f.pum-aws.tmp", code: "EACCES" })
  await expect(
    writePrivately(fileIn(home, "d/f"), "new", { lasts: true, platform: "linux" }),
  ).rejects.toMatchObject({
    code: "file",
    message: "cannot write ~/d/f: permission denied",
  })
  expect([home.read("d/f"), readdirSync(home.path("d"))]).toEqual(["old", ["f"]])
})

it.each([true, false])(
  "one that is to survive a power cut is synced before it takes the place: %s",
  async lasts => {
    const home = newHome()
    const calls: string[] = []
    for (const name of ["writeFileSync", "fsyncSync", "renameSync"] as const)
      patchFs(name, real => (...args) => {
        calls.push(name)
        return real(...args)
      })
    await writePrivately(fileIn(home, "d/f"), "new", { lasts })
    expect(calls).toEqual(["writeFileSync", ...(lasts ? ["fsyncSync"] : []), "renameSync"])
  },
)
