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
 * Reads the options that always or never have a value, without loading commander.
 * @param words none of them `--`
 * @returns with the words that are no such option, or one with a mistake
 */
export function readPlainOptions(words: readonly string[]): {
  readonly given: Given
  readonly unread: readonly string[]
} {
  const given: Record<string, string | true | readonly string[]> = {}
  const unread: string[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    const option = plainOptions.get(long ?? word)
    const value = option?.takesValue ? (joined ?? rest.shift()) : joined
    if (option === undefined || option.takesValue !== (value !== undefined)) unread.push(word)
    else if (value === undefined) given[option.name] = true
    else {
      const before = given[option.name]
      given[option.name] = option.repeats ? [...(Array.isArray(before) ? before : []), value] : value
    }
  }
  return { given: given as Given, unread }
}

/**
 * Reads an ordinary command line without loading commander.
 * @param argv the words after the program's name
 * @returns what `readCommandLine` returns; `undefined` if it has to read the line, because something else stands there
 *   or something is wrong
 */
export function readQuickly(argv: readonly string[]): RunLine | undefined {
  const end = argv.indexOf("--")
  const { given, unread } = readPlainOptions(end < 0 ? argv : argv.slice(0, end))
  if (unread.length > 0) return undefined
  return { wants: "run", given, command: end < 0 ? undefined : argv.slice(end + 1) }
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
