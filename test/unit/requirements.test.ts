import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const text = readFileSync(join(root, "requirements.md"), "utf8")

/** "`file` › `title`", wherever the line is broken. */
const named = [...text.replace(/\s+/g, " ").matchAll(/`(test\/[\w./-]+)` › `([^`]+)`/g)].map(
  ([, file = "", title = ""]) => ({ file, title }),
)

it("names tests that exist", () => {
  const missing = named.filter(({ file, title }) => {
    const path = join(root, file)
    return !existsSync(path) || !readFileSync(path, "utf8").includes(title)
  })
  expect(missing).toEqual([])
})

it("names a test for every requirement but the one on speed", () => {
  const requirements =
    text
      .split("\n# Packages")[0]
      ?.split(/^\d+\. /m)
      .slice(1) ?? []
  const without = requirements.filter(requirement => !requirement.replace(/\s+/g, " ").includes("` › `"))
  expect(requirements.length).toBeGreaterThan(30)
  expect(without.map(requirement => requirement.trim())).toEqual([
    "Speed and size are measured as ratios in one run by `npm run bench`, each beside its goal.",
  ])
})
