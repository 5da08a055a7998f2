import { PumError } from "../errors.ts"
import { type IniSection, readIni } from "../ini/read-ini.ts"
import type { Found } from "./env-file.ts"

/** Values by key. */
export type ConfigSection = ReadonlyMap<string, Found>

/** `~/.pum-aws`, or what `PUM_CONFIG` names instead. */
export interface ConfigFile {
  readonly defaults: ConfigSection
  /** `[profile NAME]` by name. */
  readonly profiles: ReadonlyMap<string, ConfigSection>
  /** `[account-mapping]`: alias by account id. */
  readonly aliases: ReadonlyMap<string, string>
  /** What was left out, and why. */
  readonly warnings: readonly string[]
}

/**
 * Reads the file as the Python script's `configparser` does.
 * @param name the file, for messages
 * @param keys that `[default]` and `[profile NAME]` may hold
 * @throws PumError `usage` with the line of an unknown section or key, `file` where it is no INI file
 */
export function readConfig(text: string, name: string, keys: ReadonlySet<string>): ConfigFile {
  const document = readIni(text, name, "plain")
  const refuse = (line: number, what: string, hint: string) =>
    new PumError("usage", `${name} line ${line + 1}: ${what}`, { hint })
  const sectionOf = (section: IniSection): ConfigSection => {
    const values = new Map<string, Found>()
    for (const { key, line, value } of section.options.values()) {
      if (!keys.has(key)) throw refuse(line, `'${key}' is no setting`, `settings are ${[...keys].join(", ")}`)
      values.set(key, { text: value, place: `${name} line ${line + 1}, ${key}` })
    }
    return values
  }

  const [misplaced] = document.defaults.values()
  if (misplaced !== undefined)
    throw refuse(misplaced.line, "[DEFAULT] is no section of pum-aws", "write [default]")
  let defaults: ConfigSection = new Map()
  const profiles = new Map<string, ConfigSection>()
  const aliases = new Map<string, string>()
  const warnings: string[] = []
  for (const section of document.sections.values()) {
    const profile = /^\s*profile\s+(["']?)(.+?)\1\s*$/.exec(section.name)?.[2]
    if (profile !== undefined) profiles.set(profile, sectionOf(section))
    else if (section.name === "default") defaults = sectionOf(section)
    else if (section.name === "account-mapping") {
      // The Python script took anything here: what is of no use must not keep its users from signing in.
      for (const { key, line, value } of section.options.values()) {
        if (/^\d{12}$/.test(key) && value !== "") aliases.set(key, value)
        else
          warnings.push(`${name} line ${line + 1}: ignored, it is not '<account id of 12 digits> = <alias>'`)
      }
    } else {
      throw refuse(
        section.header,
        `[${section.name}] is no section of pum-aws`,
        `for a profile write [profile ${section.name}]; the others are [default] and [account-mapping]`,
      )
    }
  }
  return { defaults, profiles, aliases, warnings }
}
