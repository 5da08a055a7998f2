import { PumError } from "../errors.ts"
import type { OptionDefinition } from "./option-definition.ts"
import { optionTable } from "./option-table.ts"

type OptionTable = typeof optionTable
export type OptionName = keyof OptionTable

/** Names of the options that have a `parse`. */
export type ParsedName = {
  [Name in OptionName]: OptionTable[Name] extends { readonly parse: unknown } ? Name : never
}[OptionName]

/** What `parse` returns. */
export type OptionValue<Name extends ParsedName> = ReturnType<OptionTable[Name]["parse"]>

type GivenValue<Definition> = Definition extends { readonly repeats: true }
  ? readonly string[]
  : Definition extends { readonly value: `<${string}>` }
    ? string
    : Definition extends { readonly value: `[${string}]` }
      ? string | true
      : true

/** The options of a command line: the text of the value, or `true` if there is none. */
export type Given = {
  readonly [Name in OptionName as OptionTable[Name] extends { readonly long: string }
    ? Name
    : never]?: GivenValue<OptionTable[Name]>
}

/** For code that treats all options alike. */
export const definitions: readonly (readonly [OptionName, OptionDefinition])[] = Object.entries(
  optionTable,
) as [OptionName, OptionDefinition][]

/** Whether it says which session is meant; the others say what happens to it. */
export const isSetting = ({ env, key, choosesSession }: OptionDefinition) =>
  env !== undefined || key !== undefined || choosesSession === true

/** The error about options that exclude each other. */
export const notTogether = (options: readonly string[], hint: string) =>
  new PumError("usage", `${options.join(" and ")} cannot be used together`, { hint })
