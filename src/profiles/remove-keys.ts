import type { Snapshot } from "../files/read-file.ts"
import { updateFiles } from "../files/update-files.ts"
import type { IniChange } from "../ini/change.ts"
import { editIni } from "../ini/edit-ini.ts"
import { ownValue } from "../ini/read-ini.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import { hasLongTermKey, parseSnapshot, readAwsFile } from "./profile-state.ts"
import { sessionKeys } from "./session-keys.ts"

/**
 * Removes the keys that pum-aws stored in profiles: those that `x_principal_arn` marks. Every other byte stays.
 * @param profile default: every profile
 * @returns the profiles that lost their keys
 * @throws PumError `file`
 */
export async function removeStoredKeys(
  paths: AwsFilePaths,
  profile: string | undefined,
): Promise<readonly string[]> {
  let removed: readonly string[] = []
  const withoutKeys = ([snapshot]: readonly Snapshot[]) => {
    if (snapshot?.text === undefined) return [undefined]
    const credentials = parseSnapshot(snapshot)
    const names = profile === undefined ? [...credentials.sections.keys()] : [profile]
    removed = names.filter(
      name =>
        ownValue(credentials, name, "x_principal_arn") !== undefined && !hasLongTermKey(credentials, name),
    )
    const changeOf = (name: string): IniChange => {
      const remove = sessionKeys.filter(key => ownValue(credentials, name, key) !== undefined)
      return { set: {}, remove }
    }
    return [editIni(credentials, new Map(removed.map(name => [name, changeOf(name)])))]
  }
  await updateFiles([userFiles(paths).credentials], withoutKeys, { read: readAwsFile })
  return removed
}
