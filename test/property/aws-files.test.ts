import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PumError } from "../../src/errors.ts"
import { editIni } from "../../src/ini/edit-ini.ts"
import { effectiveValue, type IniDocument, readIni } from "../../src/ini/read-ini.ts"
import { anyText, ownKeys, tidyText } from "../support/ini-arbitrary.ts"
import { checkProperty } from "../support/property.ts"

const session = {
  aws_access_key_id: "ASIAEXAMPLE",
  aws_secret_access_key: "wJalr/+=#;",
  aws_session_token: "IQoJ=b3Jp==",
  x_principal_arn: "arn:aws:sts::095344953043:assumed-role/Admin/æ@visma.com",
  x_security_token_expires: "2026-01-02T03:04:05Z",
}
const remove = ["aws_security_token"]
const isOurs = (key: string) => key in session || remove.includes(key)

/** A second reader of INI text, written in another way: line by line into a flat list, then values from that list. */
type Row =
  | { is: "note"; bytes: string }
  | { is: "header"; bytes: string; name: string }
  | { is: "key"; bytes: string; section: string; key: string; value: string[] }
function rowsOf(text: string): Row[] {
  const rows: Row[] = []
  let section = ""
  let level = 0
  for (const bytes of text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) {
    // Python's white space, spelled out.
    const [, indent = "", content = ""] = /^([\s\x1c-\x1f\x85]*)(.*?)[\s\x1c-\x1f\x85]*$/su.exec(bytes) ?? []
    const last = rows.findLast(row => row.is !== "note")
    if (/^([#;]|$)/.test(content)) {
      if (content === "" && last?.is === "key") last.value.push("")
      rows.push({ is: "note", bytes })
    } else if (last?.is === "key" && indent.length > level) {
      last.value.push(content)
      last.bytes += `${rows
        .splice(rows.indexOf(last) + 1)
        .map(row => row.bytes)
        .join("")}${bytes}`
    } else {
      level = indent.length
      const name = /^\[(.+)\]/su.exec(content)?.[1]
      if (name !== undefined) section = name
      const [, key = "", value = ""] =
        /^(.*?)[\s\x1c-\x1f\x85]*[=:][\s\x1c-\x1f\x85]*(.*)$/su.exec(content) ?? []
      rows.push(
        name === undefined
          ? { is: "key", bytes, section, key: key.toLowerCase(), value: [value] }
          : { is: "header", bytes, name },
      )
    }
  }
  return rows
}

const valueIn = (row: { value: string[] }) => row.value.join("\n").replace(/[\s\x1c-\x1f\x85]+$/u, "")

/** U+FEFF is white space to JavaScript's expressions, not to Python. */
const plainText = (text: fc.Arbitrary<string>) => text.filter(one => !one.includes("\ufeff"))

function tryRead(text: string): IniDocument | undefined {
  try {
    return readIni(text, "file")
  } catch {
    return undefined
  }
}

function tryEdit(document: IniDocument, section: string): string | undefined {
  try {
    return editIni(document, new Map([[section, { set: session, remove }]]))
  } catch (error) {
    // A bad block in [DEFAULT] has no effect until there is a section that inherits it.
    const reason =
      document.defaults.size > 0 ? /is indented|without changing the meaning/ : /line \d+ is indented/
    if (error instanceof PumError && reason.test(error.message)) return undefined
    throw error
  }
}

const sections = fc.constantFrom("default", "vadfs", "profile vadfs", 'profile "vadfs"', "brand-new")

describe("any AWS-like text", () => {
  it("is, line by line, what it was read from", async () => {
    await checkProperty(
      fc.property(anyText, text => {
        const document = tryRead(text)
        fc.pre(document !== undefined)
        const lines = document?.lineStarts.map((start, at) => text.slice(start, document.lineStarts[at + 1]))
        expect(lines).toEqual(text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [])
      }),
      { runs: 300 },
    )
  })

  it("is read like another reader reads it", async () => {
    await checkProperty(
      fc.property(plainText(tidyText), text => {
        const document = readIni(text, "file", "plain")
        const rows = rowsOf(text)
        const inherited = rows.filter(row => row.is === "key" && row.section === "DEFAULT")
        for (const row of rows) {
          if (row.is === "header" && row.name !== "DEFAULT") {
            for (const one of inherited) {
              const own = rows.find(
                other =>
                  other.is === "key" &&
                  other.section === row.name &&
                  one.is === "key" &&
                  other.key === one.key,
              )
              const found = own ?? one
              if (found.is === "key")
                expect(effectiveValue(document, row.name, found.key)).toBe(valueIn(found))
            }
          } else if (row.is === "key" && row.section !== "DEFAULT") {
            expect(effectiveValue(document, row.section, row.key)).toBe(valueIn(row))
          }
        }
        const names = rows.flatMap(row => (row.is === "header" && row.name !== "DEFAULT" ? [row.name] : []))
        expect([...document.sections.keys()]).toEqual(names)
      }),
      { runs: 500 },
    )
  })

  it("keeps every byte outside the profile's own keys", async () => {
    const counted = { changed: 0, added: 0, refused: 0 }
    await checkProperty(
      fc.property(plainText(tidyText), sections, fc.nat(), (before, another, pick) => {
        const document = tryRead(before)
        fc.pre(document !== undefined)
        if (document === undefined) return
        // Half of the time a section of the text; a random name would hardly ever be one.
        const there = [...document.sections.keys()]
        const section = pick % 2 === 0 ? another : (there[(pick >> 1) % there.length] ?? another)
        const after = tryEdit(document, section)
        if (after === undefined) {
          counted.refused++
          return
        }
        const end =
          before === "" || /[\r\n]$/.test(before) ? "" : /\r\n|\n|\r|$/.exec(after.slice(before.length))?.[0]
        if (!document.sections.has(section)) {
          counted.added++
          expect(after.startsWith(before)).toBe(true)
          const wanted = [
            "",
            `[${section}]`,
            ...Object.entries(session).map(([key, value]) => `${key} = ${value}`),
          ]
          const added = after.slice(before.length + (end?.length ?? 0)).split(/\r\n|\n|\r/)
          expect(added.filter(line => line !== "")).toEqual(wanted.slice(1))
          return
        }
        counted.changed++
        const others = (text: string) =>
          rowsOf(text)
            .filter(row => !(row.is === "key" && row.section === section && isOurs(row.key)))
            .map(row => row.bytes)
            .join("")
        // A last line without an end gets one if something is added after it.
        const bare = /[\r\n]$/.test(before) ? "" : "(\\r\\n|\\n|\\r)?"
        const kept = others(before)
        expect({
          before,
          after,
          same:
            others(after) === kept || (bare !== "" && others(after).replace(/(\r\n|\n|\r)$/, "") === kept),
        }).toEqual({ before, after, same: true })
        expect(/[\r\n]$/.test(after)).toBe(/[\r\n]$/.test(before))
        const ours = rowsOf(after).filter(
          row => row.is === "key" && row.section === section && isOurs(row.key),
        )
        for (const row of ours) expect(row.bytes).toMatch(/^\s*[a-z_]+ = \S+\s*$/)
        expect(ours.map(row => row.is === "key" && row.key).sort()).toEqual(Object.keys(session).sort())
      }),
      { runs: 1500 },
    )
    expect(counted.changed).toBeGreaterThan(100)
    expect(counted.added).toBeGreaterThan(100)
  })

  it("means after an edit what it meant before, with the change: the whole text is read again", async () => {
    const valuesOf = ({ defaults, sections }: IniDocument) => [
      ["DEFAULT", [...defaults].map(([key, { value }]) => [key, value])],
      ...[...sections].map(([name, { options }]) => [
        name,
        [...options].map(([key, { value }]) => [key, value]).sort(),
      ]),
    ]
    await checkProperty(
      fc.property(anyText, sections, fc.constantFrom(...ownKeys), (before, section, gone) => {
        const document = tryRead(before)
        fc.pre(document !== undefined)
        if (document === undefined) return
        let after: string
        const set = { aws_session_token: "new=", region: "eu-north-1" }
        try {
          after = editIni(document, new Map([[section, { set, remove: gone in set ? [] : [gone] }]]))
        } catch (error) {
          expect(error).toBeInstanceOf(PumError)
          return
        }
        const own = new Map(document.sections.get(section)?.options)
        if (!(gone in set)) own.delete(gone)
        for (const [key, value] of Object.entries(set))
          own.set(key, { key, value, line: 0, continuation: undefined })
        const all = new Map(document.sections)
        all.set(section, { name: section, header: 0, last: 0, options: own })
        expect(valuesOf(readIni(after, "f"))).toEqual(valuesOf({ ...document, sections: all }))
      }),
      { runs: 500 },
    )
  })

  it("does not change any more when the same is stored twice", async () => {
    await checkProperty(
      fc.property(anyText, sections, (before, section) => {
        const document = tryRead(before)
        fc.pre(document !== undefined)
        const once = document && tryEdit(document, section)
        fc.pre(once !== undefined)
        expect(editIni(readIni(once ?? "", "file"), new Map([[section, { set: session, remove }]]))).toBe(
          once,
        )
      }),
      { runs: 300 },
    )
  })

  it("gives an error with a line number, or none, but never crashes", async () => {
    await checkProperty(
      fc.property(fc.oneof(anyText, fc.string()), text => {
        try {
          readIni(text, "~/.aws/config")
        } catch (error) {
          expect(error).toBeInstanceOf(PumError)
          const lines = text.split(/\r\n|\n|\r/).length
          const line = Number(
            /^PumError: cannot use ~\/\.aws\/config: line (\d+) [a-z]/.exec(String(error))?.[1],
          )
          expect(line).toBeGreaterThan(0)
          expect(line).toBeLessThanOrEqual(lines)
        }
      }),
      { runs: 500 },
    )
  })

  it("takes values of any characters or refuses them, and never writes something else", async () => {
    await checkProperty(
      fc.property(fc.string({ unit: "binary", maxLength: 6 }), fc.constantFrom(...ownKeys), (value, key) => {
        const document = readIni("[a]\nx = 1\n", "file")
        let text: string
        try {
          text = editIni(document, new Map([["a", { set: { [key]: value } }]]))
        } catch (error) {
          expect(String(error)).toMatch(/does not fit into one line/)
          return
        }
        expect(text).toBe(`[a]\nx = 1\n${key} = ${value}\n`)
      }),
    )
  })
})
