import { firstFew } from "../domain/first-few.ts"
import { didYouMean, nearestOf } from "../domain/nearest.ts"
import { PumError, plain } from "../errors.ts"
import { type IniDocument, type IniSection, readIni } from "../ini/read-ini.ts"
import { replacementCharacter, saveHint } from "../platform/strict-text.ts"
import type { WrittenValue } from "./option-definition.ts"

/** A section of `~/.pum-aws`: values by key. */
export type ConfigSection = ReadonlyMap<string, WrittenValue>

/** `~/.pum-aws`, or the file that `PUM_CONFIG` names. */
export interface ConfigFile {
  /** `[default]` */
  readonly defaults: ConfigSection
  /** `[profile NAME]` by name. */
  readonly profiles: ReadonlyMap<string, ConfigSection>
  /** `[account-mapping]`: account aliases by account id. */
  readonly aliases: ReadonlyMap<string, string>
  /** Lines that were ignored, and why. */
  readonly warnings: readonly string[]
}

const settingsHint = (key: string, keys: ReadonlySet<string>): string => {
  const letters = (name: string) => name.replace(/[-_]/g, "")
  const meant = [...keys].find(one => letters(one) === letters(key))
  if (meant !== undefined) return `it is written ${meant}`
  return didYouMean(nearestOf(key, keys)) ?? `the settings are ${[...keys].join(", ")}`
}

/** The section that was probably meant. */
function sectionHint(name: string): string {
  const [, profile] = /^profiles?[\s:_-]+(["']?)(.+)\1$/i.exec(name)?.slice(1) ?? []
  if (profile !== undefined) return `write [profile ${profile}]`
  const [near] = nearestOf(name, ["default", "account-mapping"])
  return near === undefined
    ? `for a profile write [profile ${name}]; the others are [default] and [account-mapping]`
    : `write [${near}]; for a profile, [profile ${name}]`
}

/**
 * Reads the file as the `configparser` of the Python script does.
 * @param fileName for messages
 * @param keys that `[default]` and `[profile NAME]` may contain
 * @throws PumError `usage` with the line of an unknown section or key, or of text that is not INI
 */
export function parseConfig(text: string, fileName: string, keys: ReadonlySet<string>): ConfigFile {
  const document = readSettings(withoutMark(text), fileName)
  const refuse = (line: number, problem: string, hint: string) =>
    new PumError("usage", `${fileName} line ${line + 1}: ${problem}`, { hint })
  const settingsOf = (section: IniSection): ConfigSection => {
    const values = new Map<string, WrittenValue>()
    for (const { key, line, value } of section.options.values()) {
      if (value.includes(replacementCharacter)) throw refuse(line, `${key} is not UTF-8`, saveHint)
      if (!keys.has(key)) throw refuse(line, `'${key}' is not a setting`, settingsHint(key, keys))
      values.set(key, { text: value, source: `${fileName} line ${line + 1}, ${key}` })
    }
    return values
  }

  const [misplaced] = document.defaults.values()
  if (misplaced !== undefined)
    throw refuse(misplaced.line, "pum-aws has no section [DEFAULT]", "write [default]")
  let defaults: ConfigSection = new Map()
  const profiles = new Map<string, ConfigSection>()
  let mapping: Pick<ConfigFile, "aliases" | "warnings"> = { aliases: new Map(), warnings: [] }
  for (const section of document.sections.values()) {
    const profile = profileOfSection(section.name)
    if (profile !== undefined) profiles.set(profile, settingsOf(section))
    else if (section.name === "default") defaults = settingsOf(section)
    else if (section.name === "account-mapping") mapping = parseMapping(section, fileName)
    else {
      throw refuse(section.header, `pum-aws has no section [${section.name}]`, sectionHint(section.name))
    }
  }
  return { defaults, profiles, ...mapping }
}

/** The text without the byte order mark that editors of Windows begin a file with. */
export function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "")
}

/** @throws PumError `usage` with the line, as for every other mistake in the settings */
function readSettings(text: string, fileName: string): IniDocument {
  try {
    return readIni(text, fileName, "plain")
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    const hint = error.message.endsWith("comes before any [section]")
      ? "begin the file with [default]"
      : error.hint
    throw new PumError("usage", error.message, { hint, cause: error })
  }
}

/** The Python script accepted any line here, so a bad one is a warning: its users must still be able to sign in. */
function parseMapping(section: IniSection, fileName: string): Pick<ConfigFile, "aliases" | "warnings"> {
  const aliases = new Map<string, string>()
  const warnings: string[] = []
  for (const { key, line, value } of section.options.values()) {
    if (value.includes(replacementCharacter)) {
      warnings.push(`${fileName} line ${line + 1}: ignored, it is not UTF-8`)
      continue
    }
    const [other] = [...aliases].find(([, alias]) => alias.toLowerCase() === value.toLowerCase()) ?? []
    if (other !== undefined)
      warnings.push(`${fileName} line ${line + 1}: ${key} has the alias of ${other}, ${plain(value)}`)
    if (/^\d{12}$/.test(key) && value !== "") aliases.set(key, value)
    else
      warnings.push(`${fileName} line ${line + 1}: ignored, it is not '<account id of 12 digits> = <alias>'`)
  }
  return { aliases, warnings: firstFew(warnings, String) }
}

/** @returns `undefined` if the section is not one of a profile */
export function profileOfSection(name: string): string | undefined {
  return /^\s*profile\s+(["']?)(.+?)\1\s*$/.exec(name)?.[2]
}
