import { effectiveValue } from "../ini/read-ini.ts"
import type { AwsFilePaths } from "./paths.ts"
import { type ProfileState, readBoth, stateOf } from "./read-profiles.ts"

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
 * Whether the credentials file holds an access key for the profile, of whichever program. A key without a value counts:
 * AWS tools then do not go on to `credential_process` either.
 * @throws PumError `file`
 */
export function hasAccessKey(paths: AwsFilePaths, profile: string): boolean {
  const { credentials } = readBoth(paths).documents
  return effectiveValue(credentials, profile, "aws_access_key_id") !== undefined
}
