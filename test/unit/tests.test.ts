import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const folder = join(import.meta.dirname, "..")
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts"))
  .map(file => file.replaceAll("\\", "/"))
const having = (pattern: RegExp) =>
  files.filter(file => pattern.test(readFileSync(join(folder, file), "utf8")))

it("properties are checked in one way, which npm run fuzz knows", () => {
  expect(having(/\bfc\s*\.(assert|check|sample)\(/)).toEqual(["support/property.ts"])
})

it("the AWS CLI is asked in test/systems only", () => {
  const asking = having(/support\/aws-cli\.ts"/)
  expect(asking.length).toBeGreaterThan(2)
  expect(asking.filter(file => !file.startsWith("systems/"))).toEqual([])
})

it("no test is skipped, or depends on what is installed", () => {
  expect(having(/\.(skip|skipIf|runIf|only|todo|fails)\b\(/)).toEqual([])
})
