import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const textOf = (path: string) => readFileSync(join(root, path), "utf8")
const text = textOf("CONTRIBUTING.md")
const oneLine = text.replace(/\s+/g, " ")

/** Every path in backticks, without the parts of a name that stand in `<…>`. */
const paths = [...oneLine.matchAll(/`((?:src|test|scripts|bin|\.ci)\/[^`\s]*|[\w-]+\.(?:md|json|ts))`/g)]
  .map(([, path = ""]) => path)
  .filter(path => !path.includes("<"))

/** "`file` › `name`, `name`", and the same in two columns of a table: names that the file declares. */
const names = [
  ...oneLine.matchAll(/`(src\/[\w./-]+|test\/[\w./-]+)` › ((?:`\w+`(?:, | and )?)+)/g),
  ...text.matchAll(/^\| `(src\/[\w./-]+\.ts)` \| ([^|]*`\w+`[^|]*) \|/gm),
].flatMap(([, file = "", list = ""]) =>
  [...list.matchAll(/`(\w+)`/g)].map(([, name = ""]) => ({ file, name })),
)

/** As a type, function, value, method or field. */
const isDeclared = ({ file, name }: (typeof names)[number]) =>
  new RegExp(
    `(?:class|const|function|get|interface|type) ${name}\\b|^ +(?:\\w+ )*${name}(?:<.*>)?(?:\\(.*[{(]$|\\??:)`,
    "m",
  ).test(textOf(file))

it("names files and folders that exist", () => {
  expect(paths.length).toBeGreaterThan(30)
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

it("names functions that the file declares", () => {
  expect(names.length).toBeGreaterThan(25)
  expect(names.filter(one => !isDeclared(one))).toEqual([])
})

it("names npm scripts that exist", () => {
  const scripts = Object.keys(JSON.parse(textOf("package.json")).scripts)
  const named = [...oneLine.matchAll(/npm run ([\w:]+)/g)].map(([, script = ""]) => script)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(script => !scripts.includes(script))).toEqual([])
})
