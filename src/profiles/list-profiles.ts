import { effectiveValue } from "../ini/read-ini.ts"
import type { AwsFilePaths } from "./paths.ts"
import { type ProfileState, profileState, readAwsFiles } from "./profile-state.ts"

export interface StoredProfile extends ProfileState {
  readonly profile: string
  readonly principalArn: string
}

/**
 * The profiles with temporary credentials that name their principal, as those that pum-aws stores do; in the order of
 * the file.
 * @throws PumError `file` for a file that cannot be read or that AWS tools refuse
 */
export function listProfiles(paths: AwsFilePaths): readonly StoredProfile[] {
  const { documents } = readAwsFiles(paths)
  const profiles: StoredProfile[] = []
  for (const profile of documents.credentials.sections.keys()) {
    const state = profileState(documents, profile)
    if (state.principalArn !== undefined)
      profiles.push({ ...state, profile, principalArn: state.principalArn })
  }
  return profiles
}

/**
 * Whether the profile has an access key in the credentials file. A key without a value counts: with it, AWS tools do
 * not call `credential_process` either.
 * @throws PumError `file`
 */
export function hasAccessKey(paths: AwsFilePaths, profile: string): boolean {
  const { credentials } = readAwsFiles(paths).documents
  return effectiveValue(credentials, profile, "aws_access_key_id") !== undefined
}
