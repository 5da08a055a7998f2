import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { PumError } from "../../src/errors.ts"
import { editIni } from "../../src/ini/edit-ini.ts"
import { effectiveValue, type IniDocument, readIni } from "../../src/ini/read-ini.ts"
import { configSectionOf } from "../../src/profiles/profile-sections.ts"
import { anyText } from "../support/ini-arbitrary.ts"
import { sample } from "../support/property.ts"

/** Debian's awscli brings its own botocore. */
const python = "/usr/bin/python3"
const script = join(import.meta.dirname, "botocore/read.py")
const folder = mkdtempSync(join(tmpdir(), "pum-aws-botocore-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Values = Record<string, Record<string, string>>
interface Answer {
  readonly raw: Values
  readonly profiles: readonly (readonly [string, Record<string, unknown>])[]
}

/** What botocore reads from these texts; null if it refuses the file. */
function askBotocore(name: string, texts: readonly (string | Buffer)[]): (Answer | null)[] {
  const place = join(folder, name)
  mkdirSync(place)
  for (const [index, text] of texts.entries()) writeFileSync(join(place, String(index)), text)
  const output = execFileSync(python, [script, place], {
    encoding: "utf8",
    maxBuffer: 1e9,
    env: { LC_ALL: "C.UTF-8" },
  })
  const answers = JSON.parse(output) as Record<string, Answer | null>
  return texts.map((_, index) => answers[index] ?? null)
}

function tryRead(text: string): IniDocument | undefined {
  try {
    return readIni(text, "file")
  } catch (error) {
    if (error instanceof PumError) return undefined
    throw error
  }
}

function valuesOf(document: IniDocument): Values {
  const values: Values = {}
  for (const [name, section] of document.sections) {
    const keys = new Set([...section.options.keys(), ...document.defaults.keys()])
    values[name] = Object.fromEntries(
      [...keys].map(key => [key, effectiveValue(document, name, key) ?? "missing"]),
    )
  }
  return values
}

describe("botocore and our reader", () => {
  it("accept the same files, and read the same values and profiles from them", () => {
    const texts = sample(anyText, 2000)
    const answers = askBotocore("read", texts)
    const accepted = answers.filter(answer => answer !== null).length
    expect(accepted).toBeGreaterThan(500)
    expect(answers.length - accepted).toBeGreaterThan(300)
    for (const [index, text] of texts.entries()) {
      const answer = answers[index] ?? null
      const document = tryRead(text)
      expect({ text, values: document && valuesOf(document) }).toEqual({ text, values: answer?.raw })
      for (const [profile, values] of answer?.profiles ?? []) {
        const section = document && configSectionOf(document, profile)
        expect({ text, profile, keys: Object.keys(answer?.raw[section ?? ""] ?? {}).sort() }).toEqual({
          text,
          profile,
          keys: Object.keys(values).sort(),
        })
      }
    }
  })

  it("agree after an edit: our keys as written, everything else as before", () => {
    const wanted = { aws_access_key_id: "AKIA", aws_session_token: "a=b==", region: "eu-north-1" }
    const edited: { before: string; after: string; section: string }[] = []
    const refused: string[] = []
    for (const [before, section] of sample(
      fc.tuple(anyText, fc.constantFrom("default", "vadfs", "profile vadfs", "new")),
      1500,
    )) {
      const document = tryRead(before)
      if (document === undefined) continue
      try {
        const after = editIni(document, new Map([[section, { set: wanted, remove: ["aws_security_token"] }]]))
        edited.push({ before, after, section })
      } catch (error) {
        expect(error).toBeInstanceOf(PumError)
        // A bad block in [DEFAULT] has no effect until there is a section that inherits it.
        const reason =
          document.defaults.size > 0
            ? /is indented, so AWS tools|without changing the meaning/
            : /line \d+ is indented, so AWS tools read it as part of (aws_|region)/
        const message = expect.stringMatching(reason)
        expect({ before, message: String(error) }).toEqual({ before, message })
        refused.push(before)
      }
    }
    expect(edited.length).toBeGreaterThan(500)
    expect(refused.length).toBeLessThan(edited.length)
    const before = askBotocore(
      "before",
      edited.map(({ before }) => before),
    )
    const after = askBotocore(
      "after",
      edited.map(({ after }) => after),
    )
    for (const [index, { section, ...texts }] of edited.entries()) {
      const was = before[index]?.raw
      const { aws_security_token: removed, ...kept } = was?.[section] ?? {}
      const document = tryRead(texts.before)
      const inherited = document?.defaults.get("aws_security_token")?.value
      const { aws_security_token: left, ...now } = after[index]?.raw[section] ?? {}
      expect({ texts, left }).toEqual({ texts, left: inherited })
      const defaults = Object.fromEntries(
        [...(document?.defaults.values() ?? [])].map(({ key, value }) => [key, value]),
      )
      const { aws_security_token: _, ...leaked } = defaults
      expect({ texts, now }).toEqual({ texts, now: { ...leaked, ...kept, ...wanted } })
      expect({ texts, others: { ...after[index]?.raw, [section]: 0 } }).toEqual({
        texts,
        others: { ...was, [section]: 0 },
      })
    }
  })

  it("refuse the same bytes that are not UTF-8, and a byte order mark", () => {
    const texts = ["[a]\nk = v\n", "\ufeff[a]\nk = v\n", "\ufeff", "\ufeff# c\n", ""].map(text =>
      Buffer.from(text),
    )
    const bytes = [
      ...texts,
      Buffer.from("[a]\nk = \xe6\n", "latin1"),
      Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0xed, 0xa0, 0x80]),
    ]
    expect(askBotocore("bytes", bytes).map(answer => answer !== null)).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ])
    expect(texts.map(text => tryRead(text.toString()) !== undefined)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ])
  })
})
