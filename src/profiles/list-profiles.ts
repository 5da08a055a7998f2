import { existsSync } from "node:fs"
import { effectiveValue } from "../ini/read-ini.ts"
import type { AwsFilePaths } from "./paths.ts"
import { configSectionOf } from "./profile-sections.ts"
import { type ProfileState, readBoth, stateOf } from "./read-profiles.ts"
import { shellWords } from "./shell-words.ts"

export interface StoredProfile extends ProfileState {
  readonly profile: string
  readonly principalArn: string
}

/**
 * The profiles whose temporary credentials name their principal, as ours do; in the order of the file.
 * @throws PumError `file` for a file that cannot be read or that AWS tools refuse
 */
export function listProfiles(paths: AwsFilePaths): readonly StoredProfile[] {
  const { documents } = readBoth(paths)
  const profiles: StoredProfile[] = []
  for (const profile of documents.credentials.sections.keys()) {
    const state = stateOf(documents, profile)
    if (state.principalArn !== undefined)
      profiles.push({ ...state, profile, principalArn: state.principalArn })
  }
  return profiles
}

/**
 * The arguments that AWS tools start this program with to get the profile's credentials, where `credential_process`
 * says so and the credentials file holds none.
 * @throws PumError `file`
 */
export function ownCallOf(paths: AwsFilePaths, profile: string): readonly string[] | undefined {
  const { config, credentials } = readBoth(paths).documents
  // Also one without a value: AWS tools take it for a key.
  if (effectiveValue(credentials, profile, "aws_access_key_id") !== undefined) return undefined
  const section = configSectionOf(config, profile)
  const configured = section === undefined ? undefined : effectiveValue(config, section, "credential_process")
  const line = effectiveValue(credentials, profile, "credential_process") ?? configured
  const words = shellWords(line ?? "") ?? []
  // AWS tools use no shell, so that `~` is a folder like any other.
  const [program = ""] = words
  if (program.includes("/") && !existsSync(program)) return undefined
  // It may be started by another program: node, npx.
  const own = words.findIndex(word => /(^|[\\/])pum-aws(@\S+)?(\.cmd)?$/.test(word))
  return own < 0 ? undefined : words.slice(own + 1)
}
