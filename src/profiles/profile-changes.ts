import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"
import type { IniChange } from "../ini/change.ts"
import { effectiveValue, type IniDocument, ownValue } from "../ini/read-ini.ts"
import { configSectionOf, newConfigSection } from "./profile-sections.ts"
import type { AwsDocuments } from "./profile-state.ts"

/** Credentials to store in a profile. */
export interface ProfileWrite {
  readonly profile: string
  readonly session: Pick<
    Session,
    "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration" | "principalArn" | "policy"
  >
  readonly region: string
  /** Whether the user named the region: only then it replaces the profile's own. */
  readonly regionAsked: boolean
}

/** Changes of one file, by section. */
export type SectionChanges = Map<string, IniChange>

/** What to change in both files to store these credentials. */
export function changesOf(
  documents: AwsDocuments,
  writes: readonly ProfileWrite[],
): Record<keyof AwsDocuments, SectionChanges> {
  const credentials: SectionChanges = new Map()
  const config: SectionChanges = new Map()
  for (const write of writes) {
    const [section, change] = credentialsChange(documents.credentials, write)
    credentials.set(section, change)
    const [configSection, configured] = configChange(documents.config, write)
    if (Object.keys(configured.set).length > 0) config.set(configSection, configured)
  }
  return { credentials, config }
}

/** The changes of both files, for one file that is both. */
export function mergedChanges(credentials: SectionChanges, config: SectionChanges): SectionChanges {
  const all = new Map(credentials)
  for (const [section, { set }] of config) {
    const first = all.get(section)
    all.set(section, { ...first, set: { ...first?.set, ...set } })
  }
  return all
}

/** The section and keys to write into the credentials file (names of saml2aws, which shell prompts read, too). */
function credentialsChange(credentials: IniDocument, write: ProfileWrite): [string, IniChange] {
  const { profile, session, region, regionAsked } = write
  const set: Record<string, string> = {
    aws_access_key_id: session.accessKeyId,
    aws_secret_access_key: session.secretAccessKey,
    aws_session_token: session.sessionToken,
    x_principal_arn: session.principalArn,
    x_security_token_expires: formatUtc(session.expiration),
  }
  // A region belongs in the config file, but in botocore one in the credentials file comes before that.
  const own = ownValue(credentials, profile, "region")
  if (regionAsked && own !== undefined && own !== region) set.region = region
  // In botocore the token's old name comes before its new one.
  const stale = ["aws_security_token"]
  // Of the session before.
  if (session.policy === undefined) stale.push("x_pum_session_policy")
  else set.x_pum_session_policy = session.policy
  return [profile, { set, remove: stale }]
}

/** What of a profile the config file holds. */
export type ConfigWrite = Pick<ProfileWrite, "profile" | "region" | "regionAsked">

/** The section and keys to write into the config file; there may be none. */
export function configChange(config: IniDocument, write: ConfigWrite): [string, IniChange] {
  const { profile, region, regionAsked } = write
  const section = configSectionOf(config, profile)
  if (section === undefined) return [newConfigSection(profile), { set: { region, output: "json" } }]
  const set: Record<string, string> = {}
  const known = effectiveValue(config, section, "region")
  if (!known || (regionAsked && known !== region)) set.region = region
  if (!effectiveValue(config, section, "output")) set.output = "json"
  return [section, { set }]
}
