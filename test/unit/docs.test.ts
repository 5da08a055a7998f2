import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../src/options/command-line.ts"
import { definitions } from "../../src/options/given.ts"
import { exitCodes, otherVariables } from "../../src/options/help-topics.ts"

const root = join(import.meta.dirname, "../..")
const textOf = (file: string) => readFileSync(join(root, file), "utf8")
const pages = ["README.md", ...readdirSync(join(root, "docs")).map(name => `docs/${name}`)].filter(file =>
  file.endsWith(".md"),
)
const texts = pages.map(file => ({ file, text: textOf(file) }))
const all = texts.map(({ text }) => text).join("\n")
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts"))
  .map(file => textOf(join("src", file)))
  .join("\n")

/** Fenced blocks, indented lines and code spans, each line by itself. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```[^\n]*\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.split("\n"))
  const rest = text.replace(/^```[^\n]*\n.*?^```/gms, "")
  const indented = [...rest.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = ""]) => line)
  const spans = [...rest.replace(/^ {4,}\S.*$/gm, "").matchAll(/(`+)(.+?)\1/gs)].map(([, , span = ""]) =>
    span.replace(/\s+/g, " ").replaceAll("\\|", "|"),
  )
  return [...blocks, ...indented, ...spans]
}

const code = texts.flatMap(({ file, text }) => codeOf(text).map(line => ({ file, line })))

/** The command lines of pum-aws in a line of code: what comes behind its name, up to the end of the shell's command. */
function callsIn(line: string): string[] {
  return [
    ...line.matchAll(/(?:^|(?<!-s)[\s("'/])(?:npx )?pum-aws(?= -)( [^|)&;>]*?)(?=$|[|)&;>]|' *\))/g),
  ].map(([, call = ""]) => call.replace(/["']$/, text => (count(call, text) % 2 === 1 ? "" : text)))
}

const count = (text: string, part: string) => text.split(part).length - 1

/** Splits at blanks outside of quotes, as shells do. */
function wordsOf(call: string): string[] {
  return [...call.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ""))
}

describe("README and docs", () => {
  it("have a first page of at most 150 lines", () => {
    expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150)
  })

  it("show command lines that pum-aws reads", () => {
    const calls = code.flatMap(({ file, line }) => callsIn(line).map(call => ({ file, call })))
    const wrong = calls.filter(({ call }) => {
      if (/…|\.\.\./.test(call)) return false
      try {
        readCommandLine(wordsOf(call))
        return false
      } catch {
        return true
      }
    })
    expect(calls.length).toBeGreaterThan(40)
    expect(wrong).toEqual([])
  })

  it("name options that there are, and every one of them", () => {
    const own = definitions.flatMap(([, { long }]) => (long === undefined ? [] : [long]))
    const known = new Set<string>([...own, "--help", "--version"])
    const calls = code.flatMap(({ line }) => [...callsIn(line), ...(/^--?\w/.test(line) ? [line] : [])])
    const used = calls.flatMap(call => call.split(/ -- /)[0]?.match(/(?<=^|[\s,])--[a-z][\w-]*/g) ?? [])
    expect([...new Set(used)].filter(option => !known.has(option))).toEqual([])
    const settings = textOf("docs/settings.md")
    expect([...known].filter(option => !new RegExp(`\`[^\`]*${option}\\b[^\`]*\``).test(settings))).toEqual(
      [],
    )
  })

  it("name variables that there are, and every one of them", () => {
    const own = definitions.flatMap(([, { env = [] }]) => env)
    const others = otherVariables.flatMap(([names]) => names.split(", "))
    const known = new Set<string>([...own, ...others, "PUM_AWS_SESSION"])
    const named = all.match(/\bPUM_[A-Z_]*[A-Z]\b/g) ?? []
    expect(named.filter(name => !known.has(name) && !sources.includes(name))).toEqual([])
    expect([...known].filter(name => !all.includes(name))).toEqual([])
  })

  it("name keys of ~/.pum-aws that there are, and every one of them", () => {
    const keys = definitions.flatMap(([, { key }]) => (key === undefined ? [] : [key]))
    const settings = textOf("docs/settings.md")
    expect(keys.filter(key => !settings.includes(`\`${key}\``))).toEqual([])
    const blocks = texts.flatMap(({ text }) =>
      [...text.matchAll(/^```ini\n((?:# ~\/\.pum-aws\n)?\[(?:default|profile \w+)\].*?)^```/gms)].flatMap(
        ([, block = ""]) =>
          /credential_process|sso_|aws_access_key_id/.test(block) ? [] : block.split("\n"),
      ),
    )
    const used = blocks.flatMap(line => /^([a-z_]+) =/.exec(line)?.[1] ?? [])
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter(key => !keys.includes(key))).toEqual([])
  })

  it("list the exit codes that there are", () => {
    const table = textOf("docs/when-it-fails.md").split("## Exit codes")[1] ?? ""
    const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, exit]) => exit)
    expect(listed).toEqual(exitCodes.map(([exit]) => exit).filter(exit => exit !== "others"))
    const named = [...all.matchAll(/exit code[s]? (\d+)/g)].map(([, exit = ""]) => exit)
    expect(named.filter(exit => !listed.includes(exit))).toEqual([])
  })

  it("name files of the user that the source knows", () => {
    const named = new Set(all.match(/~\/\.(?:aws|pum-aws)[\w./-]*\w/g) ?? [])
    const unknown = [...named].filter(path => !sources.includes(path.split("/").at(-1) ?? ""))
    expect(named.size).toBeGreaterThan(3)
    expect(unknown).toEqual([])
  })

  it("name npm scripts that there are", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> }
    const named = [...all.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, script = ""]) => script)
    expect(named).toContain("demo")
    expect(named.filter(script => scripts[script] === undefined)).toEqual([])
    expect(textOf("README.md")).toContain("    npm ci && npm run demo\n")
    expect(textOf("README.md")).toContain("    npm ci && npm test\n")
  })

  it("have links that lead to pages and headings that there are", () => {
    const broken = texts.flatMap(({ file, text }) =>
      [...text.replace(/^```.*?^```/gms, "").matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
        .map(([, link = ""]) => link)
        .filter(link => !leadsSomewhere(file, link))
        .map(link => `${file}: ${link}`),
    )
    expect(broken).toEqual([])
  })
})

function leadsSomewhere(file: string, link: string): boolean {
  const [path = "", anchor] = link.split("#")
  const target = path === "" ? file : join(dirname(file), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || headingsOf(textOf(target)).includes(anchor)
}

/** The anchors that GitHub makes of headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  )
}
