import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { readCommandLine } from "../../src/options/command-line.ts"
import { definitions } from "../../src/options/given.ts"
import { examples, exitCodes, otherVariables } from "../../src/options/help-topics.ts"
import { refuseWithDoctor } from "../../src/options/modes.ts"
import { readOptions } from "../../src/options/options.ts"
import { readConfigFile } from "../../src/options/read-files.ts"

const root = join(import.meta.dirname, "../..")
const textOf = (file: string) => readFileSync(join(root, file), "utf8")
const pages = ["README.md", ...readdirSync(join(root, "docs")).map(name => `docs/${name}`)].filter(file =>
  file.endsWith(".md"),
)
const texts = pages.map(file => ({ file, text: textOf(file) }))
const all = texts.map(({ text }) => text).join("\n")
const templates = readdirSync(join(root, ".github"), { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".md"))
  .map(file => `.github/${file}`)
/** Every text for people; help and man page as Markdown would show their examples. */
const everywhere = [
  ...texts,
  ...["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "requirements.md", ...templates].map(file => ({
    file,
    text: textOf(file),
  })),
  { file: "--help", text: examples.map(([line]) => `    ${line}\n`).join("") },
]
const sourceFiles = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(file =>
  file.endsWith(".ts"),
)
const sources = sourceFiles.map(file => textOf(join("src", file))).join("\n")

const everything = everywhere.map(({ text }) => text).join("\n")

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
    ...line.matchAll(
      /(?:^|(?<!-s)[\s("'/\\])(?:npx )?pum-aws(?:\.cmd)?"?(?= ["']?-)( [^|)&;>]*?)(?=$|[|)&;>]|' *\))/g,
    ),
  ]
    .map(([, call = ""]) => call.replace(/["']$/, text => (count(call, text) % 2 === 1 ? "" : text)))
    .map(call => call.replaceAll("…", "x"))
}

const count = (text: string, part: string) => text.split(part).length - 1

/** Splits at blanks outside of quotes, as shells do. */
function wordsOf(call: string): string[] {
  return [...call.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ""))
}

/** What is wrong with a command line; `undefined` if pum-aws takes it. Files that it names are not there. */
function problemOf(call: string): string | undefined {
  try {
    const line = readCommandLine(wordsOf(call))
    if (line.wants !== "run") return undefined
    if (line.given.doctor) refuseWithDoctor(line)
    else readOptions(line, {}, "/nowhere")
    return undefined
  } catch (error) {
    const { message } = error as Error
    return /cannot read .*: there is no such file$/.test(message) ? undefined : `${call}: ${message}`
  }
}

describe("README and docs", () => {
  it("have a first page of at most 150 lines", () => {
    expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150)
  })

  it("show command lines that pum-aws takes, with values that can be used", () => {
    const calls = everywhere.flatMap(({ text }) => codeOf(text).flatMap(callsIn))
    expect(calls.length).toBeGreaterThan(90)
    expect(calls.flatMap(call => problemOf(call) ?? [])).toEqual([])
  })

  it("show no command line of pum-aws that is not read here", () => {
    const shown = /(?<!-s )\bpum-aws(?:\.cmd|\.ps1)?["']? +["']?-/g
    const unread = everywhere.flatMap(({ file, text }) =>
      codeOf(text)
        .filter(line => (line.match(shown)?.length ?? 0) > callsIn(line).length)
        .map(line => `${file}: ${line}`),
    )
    expect(unread).toEqual([])
  })

  it("are told by hints and messages whose command lines pum-aws takes", () => {
    const calls = sourceFiles
      .filter(file => !file.startsWith("completion"))
      .flatMap(file => [...textOf(join("src", file)).matchAll(/pum-aws (--?[a-z][^"`'(),:;\n]*)/g)])
      .map(
        ([, call = ""]) =>
          ` ${call.replace(/\$\{[^}]*\}?/g, "x").replace(/ (?:again|first|lists|removes|writes)\b.*/, "")}`,
      )
    expect(calls.length).toBeGreaterThan(10)
    expect(calls.flatMap(call => problemOf(call) ?? [])).toEqual([])
  })

  it("have in the table of options each option as it is: its forms, its variables, its key", () => {
    const section = textOf("docs/settings.md").split("## Options")[1]?.split("## Other variables")[0] ?? ""
    const rows = [...section.matchAll(/^\| (.*) \|$/gm)]
      .map(([, row = ""]) => row.split(/(?<!\\) ?\| ?/).map(cell => cell.trim()))
      .slice(1)
    const codes = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text)
    const listed = rows.flatMap(([forms, variables, keys, , usual]) => {
      const [form = ""] = codes(forms)
      const long = codes(forms).map(one => one.replace(/^-\w, /, "").split(" ")[0])
      return [
        {
          form,
          long,
          variables: codes(variables),
          keys: codes(keys).filter(key => key !== "[default]"),
          usual: codes(usual),
        },
      ]
    })
    const expected = definitions
      .filter(([, { long, key }]) => (long ?? key) !== undefined && long !== "--no-read-only")
      .map(([, { short, long, value, env = [], key, default: text }]) => {
        const form = `${short === undefined ? "" : `${short}, `}${long ?? ""}${value === undefined ? "" : ` ${value}`}`
        return { form, variables: [...env], keys: key === undefined ? [] : [key], text }
      })
    const found = (form: string, keys: readonly string[]) =>
      listed.find(row => (form === "" ? row.form === "" && row.keys[0] === keys[0] : row.form === form))
    const wrong = expected.filter(({ form, variables, keys }) => {
      const row = found(form, keys)
      return JSON.stringify([row?.variables, row?.keys]) !== JSON.stringify([variables, keys])
    })
    expect(wrong).toEqual([])
    const known = new Set<string | undefined>([
      ...definitions.map(([, { long }]) => long),
      "--help",
      "--version",
      "--",
    ])
    expect(listed.flatMap(({ long }) => long.filter(one => !known.has(one)))).toEqual([])
    const printed = {
      "--op-account": "visma",
      "--op-item": "Federation ADM",
      "--profile": "default",
      "--duration": "1",
    }
    for (const [long, text] of Object.entries(printed))
      expect(listed.find(row => row.long.includes(long))?.usual).toEqual([text])
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
    // Node.js itself obeys the last one.
    const known = new Set<string>([...own, ...others, "PUM_AWS_SESSION", "NODE_OPTIONS"])
    const named = everything.match(/\b(?:PUM|AWS|NODE|HTTPS?|NO|ALL)_[A-Z_]*[A-Z]\b/g) ?? []
    expect(named.length).toBeGreaterThan(90)
    const unknown = named.filter(name => !known.has(name) && !sources.includes(name))
    expect([...new Set(unknown)]).toEqual([])
    expect([...known].filter(name => !all.includes(name))).toEqual([])
  })

  it("name every variable that pum-aws reads, but for those that say what system it is", () => {
    const read = new Set([
      ...(sources.match(/(?<=\benv\.)[A-Z]\w+/g) ?? []),
      ...(sources.match(/(?<=")(?:AWS|PUM|HTTPS?|NO)_[A-Z_]+(?=")/g) ?? []),
    ])
    const ofSystem =
      /^(PATH|Path|LANG|LC_\w+|TE?MP|TMPDIR|DISPLAY|WAYLAND_DISPLAY|SSH_\w+|WSL_\w+|WT_SESSION|ConEmuTask|TERM_PROGRAM|TERMIN\w+)$/
    expect([...read].filter(name => !ofSystem.test(name) && !all.includes(name))).toEqual([])
  })

  it("name keys of ~/.pum-aws that there are, and every one of them", () => {
    const keys = new Set(definitions.flatMap(([, { key }]) => (key === undefined ? [] : [key])))
    const settings = textOf("docs/settings.md")
    expect([...keys].filter(key => !settings.includes(`\`${key}\``))).toEqual([])
    const spans = everywhere.flatMap(({ text }) => codeOf(text))
    const used = spans.flatMap(span => /^([a-z]+(?:_[a-z]+)*) = /.exec(span)?.[1] ?? [])
    const ofAws =
      /^(aws_\w+|x_\w+|region|output|credential_process|sso_\w+|command|when|format|style|ignore_timeout)$/
    expect(used.length).toBeGreaterThan(30)
    expect(used.filter(key => !keys.has(key) && !ofAws.test(key))).toEqual([])
  })

  it("show files ~/.pum-aws that pum-aws takes, each line of them", () => {
    const blocks = everywhere
      .flatMap(({ text }) => [...text.matchAll(/^ *```ini\n(.*?)^ *```/gms)].map(([, block = ""]) => block))
      .filter(block => !/aws_access_key_id|credential_process/.test(block))
    expect(blocks.length).toBeGreaterThan(4)
    const home = mkdtempSync(join(tmpdir(), "pum-aws-docs-"))
    onTestFinished(() => rmSync(home, { recursive: true }))
    const file = { path: join(home, ".pum-aws"), shown: "~/.pum-aws" }
    for (const block of blocks) {
      let section = ""
      for (const line of block.split("\n")) {
        if (line.startsWith("[")) section = line
        writeFileSync(file.path, line === section ? section : `${section}\n${line}\n`)
        expect(() => readConfigFile(file), line).not.toThrow()
        expect(readConfigFile(file).warnings).toEqual([])
      }
    }
  })

  it("list the exit codes that there are", () => {
    const table = textOf("docs/when-it-fails.md").split("## Exit codes")[1] ?? ""
    const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, exit]) => exit)
    expect(listed).toEqual(exitCodes.map(([exit]) => exit).filter(exit => exit !== "others"))
    const named = [
      ...everything.matchAll(/exit codes? (\d+)|\bends? (?:the run )?with (\d+)\b(?! [a-z])/g),
    ].map(([, one, other]) => one ?? other ?? "")
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(exit => !["126", "127", ...listed].includes(exit))).toEqual([])
  })

  it("name files of the user that the source knows, and every one of them", () => {
    const pattern = /~\/\.(?:aws|pum-aws)[\w./-]*\w/g
    const named = new Set(everything.match(pattern) ?? [])
    const unknown = [...named].filter(path => !sources.includes(path.split("/").at(-1) ?? ""))
    expect(named.size).toBeGreaterThan(3)
    expect(unknown).toEqual([])
    const inSource = sources.match(/(?<=["`])~\/\.(?:aws|pum-aws)[\w./-]*\w/g) ?? []
    expect(inSource.filter(path => !all.includes(path))).toEqual([])
  })

  it("quote messages that the source has", () => {
    const rows = ["README.md", "docs/when-it-fails.md"].flatMap(file => [
      ...(
        textOf(file)
          .split(/## (?:When it fails|Messages)\n/)[1]
          ?.split("\n## ")[0] ?? ""
      ).matchAll(/^\| (`.*?) \| /gm),
    ])
    expect(rows.length).toBeGreaterThan(25)
    const parts = rows.flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, quoted = ""]) =>
        quoted
          .replace(/^(?:~\/\.pum-aws|warning:) ?/, "")
          .replace(/\bline \d+: ?|^… line \d+ …$|\b\d\d s\b/g, "…")
          .split(/…|20\.18\.1|(?<=command) (?=ended)/)
          .map(part => part.trim().replace(/:$/, ""))
          .filter(part => part.length > 4),
      ),
    )
    const words = `${sources}${textOf("bin/pum-aws").replace(/" \+ \w+ \+ "/g, "…")}`
    expect(parts.length).toBeGreaterThan(25)
    expect(parts.filter(part => !words.includes(part))).toEqual([])
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
    const broken = everywhere.flatMap(({ file, text }) =>
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
