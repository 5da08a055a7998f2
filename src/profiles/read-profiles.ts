import { formatUtc } from "../domain/time.ts"
import { readUserFile, type Snapshot } from "../files/read-file.ts"
import { checkUpdatable } from "../files/update-files.ts"
import { editIni, type IniChange, refuseGlued } from "../ini/edit-ini.ts"
import { effectiveValue, type IniDocument, ownValue, readIni } from "../ini/read-ini.ts"
import { type AwsFilePaths, checkProfileName, userFiles } from "./paths.ts"
import { configSectionOf, newConfigSection } from "./profile-sections.ts"

/** Temporary credentials as STS gives them. */
export interface StoredSession {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  /** `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>` */
  readonly principalArn: string
}

/** What a profile holds before it is written. */
export interface ProfileState {
  /** As botocore sees it: the credentials file's beats the config file's. */
  readonly region: string | undefined
  /** An access key without a session token: it cannot be had again. */
  readonly longTermKey: boolean
  /** Whose temporary credentials these are; nothing where there are none, or another program's. */
  readonly principalArn: string | undefined
  /** When they run out. */
  readonly expires: Date | undefined
}

export interface ProfileWrite {
  readonly profile: string
  readonly session: StoredSession
  readonly region: string
  /** Whether the user named the region: only then is one that is there replaced. */
  readonly regionAsked: boolean
}

/** Both files as they were read. */
export interface Documents {
  readonly credentials: IniDocument
  readonly config: IniDocument
}

/**
 * What the profile holds. Meant to be asked before the password: everything that would keep the credentials from
 * being stored ends it here.
 * @param regionAsked the region that the user named, if any: it may be the one thing to write into the config file
 * @throws PumError `file` with the path, and where there is one the line, for a file that cannot be read, that
 *   AWS tools refuse, that cannot be edited without loss, or that may not be written
 */
export function readProfile(paths: AwsFilePaths, profile: string, regionAsked?: string): ProfileState {
  return stateOf(readDocuments(paths, [{ profile, region: regionAsked }]), profile)
}

/** A profile that credentials are meant for, with the region that the user named for it. */
export interface WantedProfile {
  readonly profile: string
  readonly region?: string | undefined
}

/**
 * The same for several profiles at once, by name. With none, it is checked that any could be stored.
 * @throws PumError `file`, and `usage` for what cannot be a profile's name
 */
export function readProfiles(
  paths: AwsFilePaths,
  wanted: readonly WantedProfile[],
): ReadonlyMap<string, ProfileState> {
  for (const { profile } of wanted) checkProfileName(profile)
  const documents = readDocuments(paths, wanted.length === 0 ? [{ profile: "any-other" }] : wanted)
  return new Map(wanted.map(({ profile }) => [profile, stateOf(documents, profile)]))
}

function readDocuments(paths: AwsFilePaths, wanted: readonly WantedProfile[]): Documents {
  const { snapshots, documents } = readBoth(paths)
  const changesConfig = rehearse(documents, wanted)
  checkUpdatable(snapshots.credentials)
  if (changesConfig) checkUpdatable(snapshots.config)
  return documents
}

/**
 * What the profile holds, for somebody who is not going to write it.
 * @throws PumError `file` for a file that cannot be read or that AWS tools refuse
 */
export function glanceAtProfile(paths: AwsFilePaths, profile: string): ProfileState {
  return stateOf(readBoth(paths).documents, profile)
}

/** Both files, read and parsed. */
export function readBoth(paths: AwsFilePaths): {
  readonly snapshots: { readonly credentials: Snapshot; readonly config: Snapshot }
  readonly documents: Documents
} {
  const files = userFiles(paths)
  const snapshots = { credentials: readUserFile(files.credentials), config: readUserFile(files.config) }
  const documents = {
    credentials: readIni(snapshots.credentials.text ?? "", files.credentials.shown),
    config: readIni(snapshots.config.text ?? "", files.config.shown),
  }
  return { snapshots, documents }
}

/** Does to the texts what storing will do, and says whether the config file is among what it changes. */
function rehearse(documents: Documents, wanted: readonly WantedProfile[]): boolean {
  const { credentials, config } = documents
  for (const { profile } of wanted) {
    refuseGlued(credentials, credentials.sections.get(profile)?.options.get("region"))
    refuseGlued(config, config.sections.get(configSectionOf(config, profile) ?? "")?.options.get("region"))
  }
  const changes = changesOf(documents, wanted.map(rehearsal))
  editIni(credentials, changes.credentials)
  if (changes.config.size > 0) editIni(config, changes.config)
  return changes.config.size > 0
}

function rehearsal({ profile, region }: WantedProfile): ProfileWrite {
  const session = {
    accessKeyId: "a",
    secretAccessKey: "b",
    sessionToken: "c",
    principalArn: "d",
    expiration: new Date(0),
  }
  return { profile, session, region: region ?? "eu-central-1", regionAsked: region !== undefined }
}

export function stateOf({ credentials, config }: Documents, profile: string): ProfileState {
  const own = (key: string) => ownValue(credentials, profile, key) || undefined
  const section = configSectionOf(config, profile)
  const configured = section === undefined ? undefined : effectiveValue(config, section, "region")
  const keys = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
  // The token's old name beats its new one in botocore, also without a value.
  const isHidden = ownValue(credentials, profile, "aws_security_token") !== undefined
  const complete = keys.every(own) && !isHidden
  return {
    region: (effectiveValue(credentials, profile, "region") ?? configured) || undefined,
    longTermKey: hasLongTermKey(credentials, profile),
    principalArn: complete ? own("x_principal_arn") : undefined,
    expires: complete ? dateOf(own("x_security_token_expires")) : undefined,
  }
}

export function hasLongTermKey(credentials: IniDocument, profile: string): boolean {
  const has = (key: string) => Boolean(ownValue(credentials, profile, key))
  return has("aws_access_key_id") && !has("aws_session_token") && !has("aws_security_token")
}

/** RFC 3339 with a time zone, as saml2aws and we write it. */
function dateOf(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text))
    return undefined
  const date = new Date(text.toUpperCase().replace(" ", "T"))
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** What to write, by section. */
export type Changes = Map<string, IniChange>

export function changesOf(
  documents: Documents,
  writes: readonly ProfileWrite[],
): Record<keyof Documents, Changes> {
  const credentials: Changes = new Map()
  const config: Changes = new Map()
  for (const write of writes) {
    const [section, change] = credentialsChange(documents.credentials, write)
    credentials.set(section, change)
    const configured = configChange(documents.config, write)
    if (configured !== undefined) config.set(...configured)
  }
  return { credentials, config }
}

/** The section and keys to write into the credentials file (names of saml2aws, which shell prompts read too). */
function credentialsChange(credentials: IniDocument, write: ProfileWrite): [string, IniChange] {
  const { profile, session, region, regionAsked } = write
  const set: Record<string, string> = {
    aws_access_key_id: session.accessKeyId,
    aws_secret_access_key: session.secretAccessKey,
    aws_session_token: session.sessionToken,
    x_principal_arn: session.principalArn,
    x_security_token_expires: formatUtc(session.expiration),
  }
  // A region belongs into the config file, but one that is here beats that one.
  const own = ownValue(credentials, profile, "region")
  if (regionAsked && own !== undefined && own !== region) set.region = region
  // The token's old name beats its new one in botocore.
  return [profile, { set, remove: ["aws_security_token"] }]
}

/** The section and keys to write into the config file; nothing where it already says all of it. */
function configChange(config: IniDocument, write: ProfileWrite): [string, IniChange] | undefined {
  const { profile, region, regionAsked } = write
  const section = configSectionOf(config, profile)
  if (section === undefined) return [newConfigSection(profile), { set: { region, output: "json" } }]
  const set: Record<string, string> = {}
  const known = effectiveValue(config, section, "region")
  if (!known || (regionAsked && known !== region)) set.region = region
  if (!effectiveValue(config, section, "output")) set.output = "json"
  return Object.keys(set).length === 0 ? undefined : [section, { set }]
}
