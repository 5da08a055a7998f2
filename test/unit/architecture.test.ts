import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { describe, expect, it } from "vitest"

const src = join(import.meta.dirname, "../../src")

/** Pure: no file, network, clock or process, and of this project only each other. */
const pure = new Set([
  "addresses.ts",
  "aws-files/file-trouble.ts",
  "aws-files/ini-edit.ts",
  "aws-files/ini-text.ts",
  "duration.ts",
  "errors.ts",
  "options/config-file.ts",
  "options/env-file.ts",
  "options/first-of.ts",
  "options/modes.ts",
  "options/settings.ts",
  "options/values.ts",
  "options/which-profiles.ts",
  "principal.ts",
  "regions.ts",
  "roles.ts",
  "saml.ts",
  "shell-words.ts",
  "several/match-roles.ts",
  "several/profile-names.ts",
  "sign-in/form.ts",
  "sign-in/page.ts",
  "sign-in/refusals.ts",
  "sign-in/role-page.ts",
  "sts-rehearsal.ts",
  "terminal/rows.ts",
  "terminal/style.ts",
  "username.ts",
])

/** The stages in the order data flows through them. A stage knows the types of earlier ones, nothing of later ones. */
const stages = [
  "options",
  "terminal",
  "secrets",
  "network.ts",
  "sign-in",
  "choose-role.ts",
  "sts.ts",
  "aws-files",
  "account-names.ts",
  "several",
  "sessions",
  "outputs",
  "cached.ts",
  "federate.ts",
  "main.ts",
  "start.ts",
]

/** They alone join stages: the process, its story, the part from the question to the session, the short cut past all that. */
const joining = ["start.ts", "main.ts", "federate.ts", "cached.ts"]

/** What a stage may use of another by value: the pure modules, and the network that ADFS and STS share. */
const sharedByValue = new Set([...pure, "network.ts"])

interface Import {
  readonly from: string
  readonly to: string
  readonly how: "type" | "value" | "later"
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts"))
  .map(file => file.replaceAll("\\", "/"))
const textOf = (file: string) => readFileSync(join(src, file), "utf8")

function importsOf(file: string): Import[] {
  const imports: Import[] = []
  for (const [, type, names = "", to = ""] of textOf(file).matchAll(
    /^(?:import|export)( type)? ([^"]*?)(?:from )?"([^"]+)"$/gm,
  )) {
    const allTypes = type !== undefined || /^\{(?:\s*type [^,}]+,?)+\s*\} $/.test(names)
    imports.push({ from: file, to: resolved(file, to), how: allTypes ? "type" : "value" })
  }
  for (const [, to = ""] of textOf(file).matchAll(/\bimport\("([^"]+)"\)/g))
    imports.push({ from: file, to: resolved(file, to), how: "later" })
  return imports
}

function resolved(file: string, to: string): string {
  return to.startsWith(".") ? normalize(join(dirname(file), to)).replaceAll("\\", "/") : to
}

function stageOf(file: string): number {
  return stages.findIndex(stage => file === stage || file.startsWith(`${stage}/`))
}

const imports = files.flatMap(importsOf)
const inside = imports.filter(({ to }) => files.includes(to))
const shown = ({ from, to, how }: Import) => `${from} -> ${to} (${how})`

describe("the house", () => {
  it("sees its imports", () => {
    expect(imports.length).toBeGreaterThan(50)
    expect(inside.map(shown)).toContain("sign-in/adfs.ts -> secrets/answers.ts (type)")
    expect(inside.map(shown)).toContain("sign-in/adfs.ts -> sign-in/page.ts (value)")
    expect(inside.map(shown)).toContain("federate.ts -> sts.ts (later)")
    expect(files).toEqual(expect.arrayContaining([...pure]))
  })

  it("has a place for every file", () => {
    expect(files.filter(file => !pure.has(file) && stageOf(file) < 0)).toEqual([])
  })

  it("keeps pure modules free of files, network, clock and process", () => {
    const impure = imports.filter(
      ({ from, to }) => pure.has(from) && (to.startsWith("node:") || (files.includes(to) && !pure.has(to))),
    )
    expect(impure.map(shown)).toEqual([])
    const global = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bfetch\(|\bMath\.random\(/
    expect([...pure].filter(file => global.test(textOf(file)))).toEqual([])
  })

  it("lets data flow one way", () => {
    const backwards = inside.filter(
      ({ from, to }) => !pure.has(from) && !pure.has(to) && stageOf(from) < stageOf(to),
    )
    expect(backwards.map(shown)).toEqual([])
  })

  it("lets a stage use types only of another, main and what surrounds it alone join them", () => {
    const crossing = inside.filter(
      ({ from, to, how }) =>
        how !== "type" && stageOf(from) !== stageOf(to) && !joining.includes(from) && !sharedByValue.has(to),
    )
    expect(crossing.map(shown)).toEqual([])
  })

  it("has no cycles", () => {
    const reached = (file: string, seen: Set<string>): Set<string> => {
      for (const { to } of inside.filter(({ from }) => from === file))
        if (!seen.has(to)) reached(to, seen.add(to))
      return seen
    }
    expect(files.filter(file => reached(file, new Set()).has(file))).toEqual([])
  })

  it("shows argv, environment and exit code to start only", () => {
    const sees = files.filter(file => /\bprocess\.(argv|env|exit|exitCode)\b/.test(textOf(file)))
    expect(sees).toEqual(["start.ts"])
  })

  it("keeps files readable in one go", () => {
    expect(files.filter(file => textOf(file).split("\n").length > 260)).toEqual([])
  })
})
