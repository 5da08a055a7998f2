import { roleSetting } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { readUserFile } from "../files/read-file.ts"
import { checkUpdatable, updateFiles } from "../files/update-files.ts"
import { ownValue, readIni } from "../ini/read-ini.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Options } from "./options.ts"
import { settingsSectionOf, withSettings } from "./save-settings.ts"

/**
 * Checks before any question that the settings can be saved.
 * @throws PumError `file`
 */
export function checkSavable({ configFile, profile, settingsToSave }: Options): void {
  const file = readUserFile(configFile)
  withSettings(file, [
    { profile, values: { account: "any", role: "any", read_only: "no", ...settingsToSave } },
  ])
  checkUpdatable(file)
}

/**
 * Writes what leads to this session again into `[profile NAME]` of `~/.pum-aws`, and shows what that replaced.
 * @returns account and role, as they were written
 * @throws PumError `file`
 */
export async function saveProfile(
  { role, policy }: Session,
  { configFile, profile, settingsToSave }: Options,
  terminal: Terminal,
): Promise<{ readonly account: string; readonly role: string }> {
  const written = { account: role.account, role: roleSetting(role) }
  const values: Readonly<Record<string, string>> = {
    ...settingsToSave,
    ...written,
    read_only: policy === "read-only" ? "yes" : "no",
  }
  let replaced: readonly string[] = []
  await updateFiles([configFile], ([file]) => {
    if (file === undefined) throw new RangeError("no file was read")
    const before = readIni(file.text ?? "", configFile.shown, "plain")
    const section = settingsSectionOf(before, profile)
    replaced = Object.entries(values).flatMap(([key, value]) => {
      const old = ownValue(before, section, key)
      return old === undefined || old === value ? [] : [`  ${key} = ${value} (it was ${old})`]
    })
    return [withSettings(file, [{ profile, values }])]
  })
  terminal.succeed(`Saved in [profile ${profile}] of ${configFile.shown}: ${Object.keys(values).join(", ")}`)
  for (const line of replaced) terminal.tell(line)
  return written
}
