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
  const changes = writes.flatMap(({ profile, values }) => {
    const section = settingsSectionOf(document, profile)
    const changed = Object.entries(values).filter(
      ([key, value]) => ownValue(document, section, key) !== value,
    )
    return changed.length === 0 ? [] : [[section, { set: Object.fromEntries(changed) }] as const]
  })
  return editIni(document, new Map(changes))
}

/** The section of this profile, as it is written in the file; for a new one, as it is to be written. */
export function settingsSectionOf({ sections }: IniDocument, profile: string): string {
  const found = [...sections.keys()].filter(name => profileOfSection(name) === profile)
  return found.at(-1) ?? `profile ${profile}`
}
