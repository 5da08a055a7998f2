import { definitions, type Given, isSetting } from "./given.ts"

/** Modes that a kept session answers at once. */
const quickModes = ["credentialProcess", "export", "json"] as const

/** These modes, and the settings that always or never have a value: by long and short form. */
const quickOptions = new Map<
  string,
  { readonly name: string; readonly takesValue: boolean; readonly repeats: boolean }
>()
for (const [name, definition] of definitions) {
  const { short, long, value, repeats = false } = definition
  const isQuick = quickModes.some(mode => mode === name) || (isSetting(definition) && !value?.startsWith("["))
  for (const form of isQuick ? [short, long] : [])
    if (form !== undefined) quickOptions.set(form, { name, takesValue: value !== undefined, repeats })
}

/**
 * Reads the options of an ordinary call in one of these modes without loading commander.
 * @returns what `readCommandLine` returns as `given`; `undefined` if it has to read the line, because something else
 * stands there or something is wrong
 */
export function readQuickly(argv: readonly string[]): Given | undefined {
  const given: Record<string, string | true | readonly string[]> = {}
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    const option = quickOptions.get(long ?? word)
    if (option === undefined) return undefined
    if (option.takesValue) {
      const value = joined ?? rest.shift()
      if (value === undefined || value === "--") return undefined
      const before = given[option.name]
      given[option.name] = option.repeats ? [...(Array.isArray(before) ? before : []), value] : value
    } else {
      if (joined !== undefined) return undefined
      given[option.name] = true
    }
  }
  return quickModes.some(mode => given[mode] !== undefined) ? (given as Given) : undefined
}
