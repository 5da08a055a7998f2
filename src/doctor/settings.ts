import { PumError } from "../errors.ts"
import { definitions, type OptionName } from "../options/given.ts"
import type { Sources } from "../options/look-up.ts"
import { parseWritten, type WrittenValue } from "../options/option-definition.ts"
import { type Check, failed, fine, named } from "./check.ts"

/** The only settings whose values are printed: none of them can hold a secret or a name of a person. */
export const printedSettings: ReadonlySet<OptionName> = new Set([
  "region",
  "duration",
  "account",
  "role",
  "retry",
  "noOp",
  "remember",
])

/** A setting that has a value, as it was written where it counts. */
export interface UsedSetting {
  readonly name: OptionName
  readonly written: WrittenValue
}

/** Every setting that has a value, from the source that wins (as `lookUp` finds it). */
export function findUsedSettings({ given, variable, config }: Sources, profile: string): UsedSetting[] {
  const sections = [config.profiles.get(profile), config.defaults]
  return definitions.flatMap(([name, { long, env = [], key = "" }]): UsedSetting[] => {
    const option = (given as Readonly<Partial<Record<OptionName, true | string | readonly string[]>>>)[name]
    if (option !== undefined) {
      const texts = name === "doctor" || name === "json" ? [] : [option].flat().map(String)
      return texts.map(text => ({ name, written: { text, source: long ?? name } }))
    }
    const written = [...env.map(variable), ...sections.map(section => section?.get(key))].find(
      value => value?.text,
    )
    return written === undefined ? [] : [{ name, written }]
  })
}

/** One line for each setting that has a value. */
export function checkSettings(values: readonly UsedSetting[]): Check[] {
  if (values.length === 0) return named("settings", [fine("none is set: every one has its default")])
  return named(
    "settings",
    values.map(({ name, written }) => {
      const { text, source } = written
      try {
        const [, definition] = definitions.find(([each]) => each === name) ?? []
        if (definition !== undefined) parseWritten(definition, written)
      } catch (error) {
        if (!(error instanceof PumError)) throw error
        return failed(`${source}: it has a value that cannot be used`, error.hint)
      }
      return fine(printedSettings.has(name) ? `${source}: ${text}` : `${source}: it is set`)
    }),
  )
}
