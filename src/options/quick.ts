import type { Given } from "./modes.ts"
import { settings } from "./settings.ts"

const byName = new Map<string, { readonly name: string; readonly takesValue: boolean }>()
for (const [name, { flags }] of Object.entries(settings)) {
  const [, short, long, value] = /^(?:(-\w), )?(--[\w-]+)( <.*>)?$/.exec(flags ?? "") ?? []
  if (long === undefined) continue
  const option = { name, takesValue: value !== undefined }
  byName.set(long, option)
  if (short !== undefined) byName.set(short, option)
}
byName.set("--credential-process", { name: "credentialProcess", takesValue: false })

/**
 * The options of an ordinary `--credential-process` call, as `readCommandLine` gives them, without loading what that
 * needs. Nothing where anything else stands there: it is then for `readCommandLine` to judge.
 */
export function readQuickly(argv: readonly string[]): Given | undefined {
  const given: Record<string, string | boolean> = {}
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    const option = byName.get(long ?? word)
    if (option === undefined) return undefined
    if (option.takesValue) {
      const value = joined ?? rest.shift()
      if (value === undefined || value === "--") return undefined
      given[option.name] = value
    } else {
      if (joined !== undefined) return undefined
      given[option.name] = true
    }
  }
  return given.credentialProcess === true ? given : undefined
}
