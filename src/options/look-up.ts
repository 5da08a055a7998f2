import type { UserFile } from "../files/file-error.ts"
import type { ConfigFile, ConfigSection } from "./config-file.ts"
import type { Given, OptionName, OptionValue, ParsedName } from "./given.ts"
import { type OptionDefinition, parseWritten, type WrittenValue } from "./option-definition.ts"
import { optionTable } from "./option-table.ts"

/** Everything that gives options a value. */
export interface Sources {
  /** The options of the command line. */
  readonly given: Given
  /** A variable of the environment; if it is not set there, of --env-file. */
  readonly variable: (name: string) => WrittenValue | undefined
  readonly config: ConfigFile
  readonly configFile: UserFile
}

type LookedUp<Name extends ParsedName> =
  | OptionValue<Name>
  | ((typeof optionTable)[Name] extends { readonly default: string } ? never : undefined)

/**
 * The value of an option: from the command line, else the environment, else sections of `~/.pum-aws`, else the
 * default. An empty text counts as absent, except on the command line.
 * @param sections the strongest first
 * @returns `undefined` if no source has a value
 * @throws PumError `usage` that names the source of a bad value
 */
export function lookUp<Name extends ParsedName>(
  name: Name,
  { given, variable }: Pick<Sources, "given" | "variable">,
  sections: readonly (ConfigSection | undefined)[],
): LookedUp<Name> {
  const option = (given as Readonly<Partial<Record<OptionName, unknown>>>)[name]
  if (option !== undefined) return parseGiven(name, String(option))
  const definition: OptionDefinition = optionTable[name]
  const { env = [], key = "", default: text } = definition
  const written =
    [...env.map(variable), ...sections.map(section => section?.get(key))].find(value => value?.text) ??
    (text === undefined ? undefined : { text, source: "default" })
  return (written && parseWritten(definition, written)) as LookedUp<Name>
}

/**
 * The value of an option from its text on the command line.
 * @throws PumError `usage` that names the option
 */
export function parseGiven<Name extends ParsedName>(name: Name, text: string): OptionValue<Name> {
  const definition: OptionDefinition = optionTable[name]
  const { long: source = name, shellHint } = definition
  return parseWritten(definition, { text, source, shellHint }) as OptionValue<Name>
}
