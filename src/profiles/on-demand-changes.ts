import type { IniChange } from "../ini/change.ts"
import { effectiveValue, type IniDocument, type IniOption, lineError, ownValue } from "../ini/read-ini.ts"
import { readOnDemandLine } from "./on-demand-line.ts"
import { configChange, type SectionChanges } from "./profile-changes.ts"
import { configSectionOf } from "./profile-sections.ts"
import type { AwsDocuments } from "./profile-state.ts"
import { sessionKeys } from "./session-keys.ts"

/** A profile that is to ask pum-aws when it is used. */
export interface OnDemandWrite {
  readonly profile: string
  /** The value of `credential_process` (`onDemandLine`). */
  readonly line: string
  readonly region: string
  /** Whether the user named the region: only then it replaces the profile's own. */
  readonly regionAsked: boolean
}

/** What to change in both files. Stored keys go: AWS tools would use them instead of asking. */
export function onDemandChanges(
  documents: AwsDocuments,
  writes: readonly OnDemandWrite[],
): Record<keyof AwsDocuments, SectionChanges> {
  const credentials: SectionChanges = new Map()
  const config: SectionChanges = new Map()
  for (const write of writes) {
    const change = withoutKeys(documents.credentials, write)
    if (change !== undefined) credentials.set(write.profile, change)
    const [section, { set }] = configChange(documents.config, write)
    const isThere = ownValue(documents.config, section, "credential_process") === write.line
    const wanted = isThere ? set : { ...set, credential_process: write.line }
    if (Object.keys(wanted).length > 0) config.set(section, { set: wanted })
  }
  return { credentials, config }
}

function withoutKeys(credentials: IniDocument, write: OnDemandWrite): IniChange | undefined {
  const { profile, region, regionAsked } = write
  const own = (key: string) => ownValue(credentials, profile, key)
  const remove = sessionKeys.filter(key => own(key) !== undefined)
  const set = regionAsked && own("region") !== undefined && own("region") !== region ? { region } : undefined
  return remove.length === 0 && set === undefined ? undefined : { set: set ?? {}, remove }
}

/** Keys that AWS tools obey before, or instead of, `credential_process`. */
const conflicting = [
  "role_arn",
  "web_identity_token_file",
  "credential_source",
  "source_profile",
  "login_session",
]

/**
 * Refuses a profile that gets its credentials from elsewhere, as the user set it up.
 * @throws PumError `file` with the line
 */
export function refuseOtherSources({ credentials, config }: AwsDocuments, profile: string): void {
  const section = configSectionOf(config, profile)
  if (section !== undefined) {
    refuseIn(config, section, key => isConflicting(key) || key === "aws_access_key_id")
    const line = effectiveValue(config, section, "credential_process")
    if (line !== undefined && readOnDemandLine(line)?.profile !== profile)
      refuseIn(config, section, key => key === "credential_process")
  }
  refuseIn(credentials, profile, key => isConflicting(key) || key === "credential_process")
  // A key in [DEFAULT] reaches every profile that has a section here.
  const inherited = credentials.defaults.get("aws_access_key_id")
  if (inherited !== undefined && credentials.sections.has(profile)) throw conflict(credentials, inherited)
}

const isConflicting = (key: string) => conflicting.includes(key) || key.startsWith("sso_")

function refuseIn(document: IniDocument, section: string, isRefused: (key: string) => boolean): void {
  const own = document.sections.get(section)?.options
  if (own === undefined) return
  for (const option of [...own.values(), ...document.defaults.values()])
    if (isRefused(option.key)) throw conflict(document, option)
}

function conflict({ name }: IniDocument, { key, line }: IniOption) {
  return lineError(
    name,
    line,
    `has ${key}, so AWS tools get the credentials of this profile from elsewhere`,
    "remove that line, or choose another --profile",
  )
}
