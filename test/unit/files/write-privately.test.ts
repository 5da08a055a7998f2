import { readdirSync } from "node:fs"
import { expect, it } from "vitest"
import { writePrivately } from "../../../src/files/write-privately.ts"
import { fileIn, newHome } from "../../support/aws-home.ts"
import { failFirst } from "../../support/patched-fs.ts"

it("a file of our own is replaced whatever it held, for its owner only, in a folder that is, too", async () => {
  const home = newHome({ "d/f": "old", "d/.f.pum-aws.tmp": "of a process that was killed" })
  home.write("d/f", "old", 0o644)
  await writePrivately(fileIn(home, "d/f"), "new")
  await writePrivately(fileIn(home, "e/f"), "new")
  for (const name of ["d/f", "e/f"]) expect([home.read(name), home.mode(name)]).toEqual(["new", "600"])
  expect([home.mode("e"), readdirSync(home.path("d"))]).toEqual(["700", ["f"]])
})

it("one that another program has open is waited for on Windows", async () => {
  const home = newHome({ "d/f": "old" })
  failFirst("renameSync", 2, { end: ".f.pum-aws.tmp", code: "EBUSY" })
  await writePrivately(fileIn(home, "d/f"), "new", { platform: "win32" })
  expect(home.read("d/f")).toBe("new")
})

it("one that cannot be replaced stays as it is, and nothing is left beside it", async () => {
  const home = newHome({ "d/f": "old" })
  failFirst("renameSync", 1, { end: ".f.pum-aws.tmp", code: "EACCES" })
  await expect(writePrivately(fileIn(home, "d/f"), "new", { platform: "linux" })).rejects.toMatchObject({
    code: "file",
    message: "cannot write ~/d/f: permission denied",
  })
  expect([home.read("d/f"), readdirSync(home.path("d"))]).toEqual(["old", ["f"]])
})
