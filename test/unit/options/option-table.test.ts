import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { definitions, isSetting } from "../../../src/options/given.ts"
import type { OptionDefinition } from "../../../src/options/option-definition.ts"
import { optionTable } from "../../../src/options/option-table.ts"
import { optionsInHome } from "../../support/read-options.ts"

const { read } = optionsInHome()
const options = definitions.filter(([, { long }]) => long !== undefined)

/** Texts for parsers that do not accept every text. */
const accepted: Readonly<Record<string, string>> = {
  completion: "bash",
  username: "adm\\x",
  region: "eu-north-1",
  duration: "2",
  idpUrl: "https://adfs.example.com/",
  idpOrigins: "https://adfs.example.com",
  ifNeeded: "20",
  export: "fish",
  remember: "all",
}
const textFor = (name: string, { value }: OptionDefinition) =>
  accepted[name] ?? (value === undefined ? "yes" : "some")

describe("the table of options", () => {
  it.each(options)("names %s as commander does", (name, { long = "" }) => {
    expect(long.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())).toBe(name)
  })

  it("has each form, variable and key once", () => {
    const all = definitions.flatMap(([, { short, long, env = [], key }]) => [short, long, ...env, key])
    const present = all.filter(each => each !== undefined)
    expect(present).toEqual([...new Set(present)])
  })

  it.each(definitions.filter(([, definition]) => definition.default !== undefined))(
    "has a default for %s that its parser takes",
    (_, definition) => {
      expect(() => definition.parse?.(definition.default ?? "")).not.toThrow()
    },
  )

  it.each(options)("lets the command line give %s", (name, definition) => {
    const { short, long = "", value, repeats } = definition
    const text = textFor(name, definition)
    const given = value === undefined ? true : repeats ? [text] : text
    for (const form of short === undefined ? [long] : [short, long]) {
      const commandLine = readCommandLine(value === undefined ? [form] : [form, text])
      expect(commandLine).toMatchObject({ given: { [name]: given } })
    }
  })

  it.each(definitions.filter(([, { env }]) => env?.some(name => name.startsWith("PUM_"))))(
    "lets --env-file give %s",
    (name, definition) => {
      const lines = definition.env?.map(variable => `${variable}=${textFor(name, definition)}\n`)
      expect(() => read({ envFile: lines?.join("") ?? "" })).not.toThrow()
    },
  )

  it.each(definitions.filter(([, { key }]) => key !== undefined))(
    "lets [default] and [profile NAME] of ~/.pum-aws give %s",
    (name, definition) => {
      const line = `${definition.key} = ${textFor(name, definition)}\n`
      const everywhere = `[default]\n${line}[profile x]\n${line}`
      const config = name === "remember" ? `[default]\n${line}` : everywhere
      expect(() => read({ config })).not.toThrow()
    },
  )

  it("tells settings from switches of the command line", () => {
    expect([optionTable.account, optionTable.profile, optionTable.idpOrigins].map(isSetting)).toEqual([
      true,
      true,
      true,
    ])
    expect([optionTable.json, optionTable.envFile, optionTable.force].map(isSetting)).toEqual([
      false,
      false,
      false,
    ])
  })
})
