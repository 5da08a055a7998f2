import { effectiveValue, type IniDocument } from "../ini/read-ini.ts"
import { shellWords } from "../platform/shell-words.ts"

/**
 * The section of the config file that AWS tools read this profile from: the last one whose name says so
 * (botocore, `build_profile_map`).
 * @returns `undefined` if there is none
 */
export function configSectionOf(config: IniDocument, profile: string): string | undefined {
  return configSections(config).get(profile)
}

/** A file of many profiles is looked into for each of them. */
const sectionsFound = new WeakMap<IniDocument, ReadonlyMap<string, string>>()

/** The sections of the config file that AWS tools read profiles from, by profile (`configSectionOf`). */
export function configSections(config: IniDocument): ReadonlyMap<string, string> {
  const known = sectionsFound.get(config)
  if (known !== undefined) return known
  const sections = new Map<string, string>()
  for (const section of config.sections.keys()) {
    const profile = profileOf(section)
    if (profile !== undefined) sections.set(profile, section)
  }
  sectionsFound.set(config, sections)
  return sections
}

/** The name of a new section of the config file for this profile. */
export function newConfigSection(profile: string): string {
  return profile === "default" ? "default" : `profile ${profile}`
}

/** Whether a section's `sso_session` names a section `[sso-session NAME]` that the config file does not have. */
export function isSessionMissing(config: IniDocument, section: string): boolean {
  const name = effectiveValue(config, section, "sso_session")
  if (!name) return false
  return ![...config.sections.keys()].some(each => {
    const words = each.startsWith("sso-session") ? shellWords(each) : []
    return words?.length === 2 && words[1] === name
  })
}

/**
 * The profile that a section of the config file is about: `[profile name]`, `[profile "a name"]`, `[default]`. botocore
 * requires two words, and a section name that begins with `profile`: `[profiles name]` is one, too.
 */
function profileOf(section: string): string | undefined {
  if (!section.startsWith("profile")) return section === "default" ? section : undefined
  const words = shellWords(section)
  return words?.length === 2 ? words[1] : undefined
}
