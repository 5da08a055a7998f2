import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")

/** The rooms of `src/`, from the top to the bottom. A room imports rooms below it, never one above. */
const rooms = [
  "start.ts",
  "main.ts",
  "hand-over-session.ts",
  "reports.ts",
  "federate.ts",
  "visit-adfs.ts",
  "prepare-sts.ts",
  "run.ts",
  "short-cuts/",
  "code-cache/",
  "doctor/",
  "completion/",
  "outputs/",
  "on-demand/",
  "several/",
  "sessions/",
  "remembered/",
  "aws/",
  "sign-in/",
  "sign-in/pages/",
  "sign-in/pages/form/",
  "sign-in/pages/scripts/",
  "sign-in/pages/outline/",
  "profiles/",
  "answers/",
  "options/",
  "terminal/",
  "http/",
  "files/",
  "ini/",
  "domain/",
  "platform/",
  "errors.ts",
]

/** Rooms that see no file, network, clock or process. */
const pure = ["errors.ts", "domain/", "ini/", "sign-in/pages/"]

interface Import {
  readonly from: string
  readonly to: string
}

const files = filesIn("src")
const textOf = (file: string) => readFileSync(join(root, "src", file), "utf8")
const imports = files.flatMap(importsOf)
const inside = imports.filter(({ to }) => files.includes(to))
const shown = ({ from, to }: Import) => `${from} -> ${to}`

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(file => file.endsWith(".ts"))
    .map(file => file.replaceAll("\\", "/"))
}

/** Every import and re-export, of types and of values, at the start and later. */
function importsOf(file: string): Import[] {
  const specifiers = textOf(file).matchAll(/(?:\bfrom |\bimport\(|^import )"([^"]+)"/gm)
  return [...specifiers].map(([, to = ""]) => ({
    from: file,
    to: to.startsWith(".") ? normalize(join(dirname(file), to)).replaceAll("\\", "/") : to,
  }))
}

/** The innermost room of a file: an inner room stands below the one that it is in. */
function roomOf(file: string): number {
  return rooms.findLastIndex(room => file === room || file.startsWith(room))
}

const isPure = (file: string) => pure.some(room => file === room || file.startsWith(room))

describe("the architecture", () => {
  it("is read correctly by this test", () => {
    expect(files.length).toBeGreaterThan(60)
    expect(inside.map(shown)).toEqual(
      expect.arrayContaining([
        "sign-in/adfs.ts -> answers/answers.ts",
        "sign-in/adfs.ts -> sign-in/pages/page.ts",
        "prepare-sts.ts -> aws/sts.ts",
      ]),
    )
  })

  it("has a room for every file", () => {
    expect(files.filter(file => roomOf(file) < 0)).toEqual([])
  })

  it("names who is meant, in every comment and message", () => {
    expect(files.filter(file => /whoever|somebody|nobody/i.test(textOf(file)))).toEqual([])
  })

  it("imports downwards only", () => {
    expect(inside.filter(({ from, to }) => roomOf(from) > roomOf(to)).map(shown)).toEqual([])
  })

  it("has no import cycles", () => {
    const reached = (file: string, seen: Set<string>): Set<string> => {
      for (const { to } of inside.filter(({ from }) => from === file))
        if (!seen.has(to)) reached(to, seen.add(to))
      return seen
    }
    expect(files.filter(file => reached(file, new Set()).has(file))).toEqual([])
  })

  it("keeps pure rooms free of files, network, clock and process", () => {
    const impure = imports.filter(
      ({ from, to }) => isPure(from) && (to.startsWith("node:") || (files.includes(to) && !isPure(to))),
    )
    expect(impure.map(shown)).toEqual([])
    const global = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bfetch\(|\bMath\.random\(/
    expect(files.filter(file => isPure(file) && global.test(textOf(file)))).toEqual([])
  })

  it("shows argv, environment and exit code to start.ts only", () => {
    const sees = files.filter(file => /\bprocess\.(argv|env|exit|exitCode)\b/.test(textOf(file)))
    expect(sees).toEqual(["start.ts"])
  })

  it("has no file over 250 lines", () => {
    expect(files.filter(file => textOf(file).trimEnd().split("\n").length > 250)).toEqual([])
  })

  it("declares each top-level name in one file", () => {
    const declaration = /^(?:export )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm
    const places = new Map<string, string[]>()
    for (const file of files)
      for (const [, name = ""] of textOf(file).matchAll(declaration))
        places.set(name, [...(places.get(name) ?? []), file])
    expect([...places].filter(([, declaredIn]) => new Set(declaredIn).size > 1)).toEqual([])
  })

  it("has a test for a file at the same place in test/unit", () => {
    const tested = filesIn("test/unit").filter(file => file.includes("/") && file.endsWith(".test.ts"))
    const sources = tested.map(file => file.replace(/\.test\.ts$/, ".ts"))
    expect(sources.filter(source => !files.includes(source))).toEqual([])
  })
})
