import type { RunLine } from "./command-line.ts"
import { definitions, type Given, isSetting, type OptionName } from "./given.ts"
import type { OptionDefinition } from "./option-definition.ts"
import { optionTable } from "./option-table.ts"

interface PlainOption {
  readonly name: OptionName
  readonly takesValue: boolean
  readonly repeats: boolean
}

/** The options that always or never have a value: by long and short form. */
const plainOptions = new Map<string, PlainOption>()
for (const [name, { short, long, value, repeats = false }] of definitions) {
  for (const form of value?.startsWith("[") ? [] : [short, long])
    if (form !== undefined) plainOptions.set(form, { name, takesValue: value !== undefined, repeats })
}

/**
 * Reads an ordinary command line without loading commander.
 * @param argv the words after the program's name
 * @returns what `readCommandLine` returns; `undefined` if it has to read the line, because something else stands there
 *   or something is wrong
 */
export function readQuickly(argv: readonly string[]): RunLine | undefined {
  const given: Record<string, string | true | readonly string[]> = {}
  const end = argv.indexOf("--")
  const rest = end < 0 ? [...argv] : argv.slice(0, end)
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    const option = plainOptions.get(long ?? word)
    if (option === undefined) return undefined
    if (option.takesValue) {
      const value = joined ?? rest.shift()
      if (value === undefined) return undefined
      const before = given[option.name]
      given[option.name] = option.repeats ? [...(Array.isArray(before) ? before : []), value] : value
    } else {
      if (joined !== undefined) return undefined
      given[option.name] = true
    }
  }
  return { wants: "run", given: given as Given, command: end < 0 ? undefined : argv.slice(end + 1) }
}

const printingModes: readonly string[] = ["credentialProcess", "export", "json"] satisfies OptionName[]

/** Whether a command line asks for a session to be printed, and else says only which session is meant. */
export function onlyPrints({ given, command }: RunLine): boolean {
  const names = Object.keys(given) as OptionName[]
  const isSettingNamed = (name: OptionName) => isSetting(optionTable[name] as OptionDefinition)
  const isPrinting = (name: OptionName) => printingModes.includes(name)
  return (
    command === undefined &&
    names.some(isPrinting) &&
    names.every(name => isPrinting(name) || isSettingNamed(name))
  )
}
