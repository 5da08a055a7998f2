import { existsSync } from "node:fs"
import { effectiveValue } from "../ini/read-ini.ts"
import { readOnDemandLine } from "./on-demand-line.ts"
import type { AwsFilePaths } from "./paths.ts"
import { configSections } from "./profile-sections.ts"
import { readAwsFiles } from "./profile-state.ts"

/** A profile whose credentials AWS tools ask pum-aws for. */
export interface OnDemandProfile {
  readonly profile: string
  /** The words after the program's name in its line. */
  readonly args: readonly string[]
  /** What its line starts and is not there any more: after an upgrade, perhaps. */
  readonly missing: readonly string[]
  /** Whether the profile has a key in the credentials file, which AWS tools use instead. */
  readonly hasStoredKey: boolean
}

/**
 * The profiles of the config file with a `credential_process` line of ours, in the order of the file.
 * @throws PumError `file`
 */
export function listOnDemand(paths: AwsFilePaths): readonly OnDemandProfile[] {
  const { credentials, config } = readAwsFiles(paths).documents
  return [...configSections(config)].flatMap(([profile, section]) => {
    const line = effectiveValue(config, section, "credential_process")
    const call = line === undefined ? undefined : readOnDemandLine(line)
    if (call?.profile !== profile) return []
    const missing = call.paths.filter(path => !existsSync(path))
    const hasStoredKey = effectiveValue(credentials, profile, "aws_access_key_id") !== undefined
    return [{ profile, args: call.args, missing, hasStoredKey }]
  })
}
