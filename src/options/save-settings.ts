import type { Snapshot } from "../files/read-file.ts"
import { editIni } from "../ini/edit-ini.ts"
import { type IniDocument, ownValue, readIni } from "../ini/read-ini.ts"
import { profileOfSection } from "./config-file.ts"

/** Settings for `[profile NAME]` of `~/.pum-aws`. */
export interface ProfileSettingsWrite {
  readonly profile: string
  /** By key. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * The text of `~/.pum-aws` with these settings; every other byte stays. A setting that says so already is not written
 * anew.
 * @throws PumError `file` for a value that cannot be written in one line, or a line that cannot be changed
 */
export function withSettings(file: Snapshot, writes: readonly ProfileSettingsWrite[]): string {
  const document = readIni(file.text ?? "", file.file.shown, "plain")
  const sections = sectionsByProfile(document)
  const changes = writes.flatMap(({ profile, values }) => {
    const section = sections.get(profile) ?? newSection(profile)
    const changed = Object.entries(values).filter(
      ([key, value]) => ownValue(document, section, key) !== value,
    )
    return changed.length === 0 ? [] : [[section, { set: Object.fromEntries(changed) }] as const]
  })
  return editIni(document, new Map(changes))
}

/** The section of this profile, as it is written in the file; for a new one, as it is to be written. */
export function settingsSectionOf(document: IniDocument, profile: string): string {
  return sectionsByProfile(document).get(profile) ?? newSection(profile)
}

const newSection = (profile: string) => `profile ${profile}`

/** The last section of each profile. */
function sectionsByProfile({ sections }: IniDocument): ReadonlyMap<string, string> {
  const names = [...sections.keys()]
  return new Map(
    names.flatMap(name => {
      const profile = profileOfSection(name)
      return profile === undefined ? [] : [[profile, name] as const]
    }),
  )
}
