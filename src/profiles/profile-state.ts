import type { UserFile } from "../files/file-error.ts"
import { readUserFile, type Snapshot } from "../files/read-file.ts"
import { effectiveValue, type IniDocument, ownValue, readIni } from "../ini/read-ini.ts"
import { readOnDemandLine } from "./on-demand-line.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import { configSectionOf } from "./profile-sections.ts"

/** What a profile holds, before it is written. */
export interface ProfileState {
  /** As botocore sees it: the credentials file's before the config file's. */
  readonly region: string | undefined
  /** An access key without a session token: AWS shows its secret once, so it cannot be restored. */
  readonly longTermKey: boolean
  /** ARN of the principal of the temporary credentials; `undefined` if there are none, or they name none. */
  readonly principalArn: string | undefined
  /** When the temporary credentials expire. */
  readonly expires: Date | undefined
  /** What limits the temporary credentials besides their role (`policyMark`). */
  readonly policy?: string | undefined
  /** Whether AWS tools ask pum-aws for the credentials: a line of ours is in the config file, and no key is stored. */
  readonly onDemand: boolean
}

/** The state of a profile that is not there. */
export const emptyProfile: ProfileState = Object.freeze({
  region: undefined,
  longTermKey: false,
  principalArn: undefined,
  expires: undefined,
  onDemand: false,
})

/** Both AWS files, parsed. */
export interface AwsDocuments {
  readonly credentials: IniDocument
  readonly config: IniDocument
}

/**
 * What the profile holds. Does not check whether it can be written.
 * @throws PumError `file` for a file that cannot be read or that AWS tools refuse
 */
export function readProfile(paths: AwsFilePaths, profile: string): ProfileState {
  return profileState(readAwsFiles(paths).documents, profile)
}

/**
 * Both AWS files, read and parsed. A file that does not exist is an empty document.
 * @throws PumError `file` for a file that cannot be read or that AWS tools refuse
 */
export function readAwsFiles(paths: AwsFilePaths): {
  readonly snapshots: { readonly credentials: Snapshot; readonly config: Snapshot }
  readonly documents: AwsDocuments
} {
  const files = userFiles(paths)
  const snapshots = { credentials: readAwsFile(files.credentials), config: readAwsFile(files.config) }
  const documents = {
    credentials: parseSnapshot(snapshots.credentials),
    config: parseSnapshot(snapshots.config),
  }
  return { snapshots, documents }
}

/** By path: a large file is read and parsed once in a run, not at each of its stages. */
const lastRead = new Map<string, Snapshot>()
const parsed = new WeakMap<Snapshot, IniDocument>()

/**
 * Reads an AWS file; if it is as it was when this process read it last, gives that snapshot back.
 * @throws PumError `file`
 */
export function readAwsFile(file: UserFile): Snapshot {
  const snapshot = readUserFile(file, lastRead.get(file.path))
  lastRead.set(file.path, snapshot)
  return snapshot
}

/**
 * The document in a snapshot of an AWS file.
 * @throws PumError `file` if AWS tools refuse it
 */
export function parseSnapshot(snapshot: Snapshot): IniDocument {
  const document = parsed.get(snapshot) ?? readIni(snapshot.text ?? "", snapshot.file.shown)
  parsed.set(snapshot, document)
  return document
}

/** What the profile holds. */
export function profileState({ credentials, config }: AwsDocuments, profile: string): ProfileState {
  const own = (key: string) => ownValue(credentials, profile, key) || undefined
  const section = configSectionOf(config, profile)
  const configured = section === undefined ? undefined : effectiveValue(config, section, "region")
  const hasKey = effectiveValue(credentials, profile, "aws_access_key_id") !== undefined
  const keys = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
  // In botocore the token's old name comes before its new one, even without a value.
  const isHidden = ownValue(credentials, profile, "aws_security_token") !== undefined
  const complete = keys.every(own) && !isHidden
  return {
    region: (effectiveValue(credentials, profile, "region") ?? configured) || undefined,
    longTermKey: hasLongTermKey(credentials, profile),
    principalArn: complete ? own("x_principal_arn") : undefined,
    expires: complete ? timestampOf(own("x_security_token_expires")) : undefined,
    policy: complete ? own("x_pum_session_policy") : undefined,
    onDemand: section !== undefined && asksPumAws(config, section, profile) && !hasKey,
  }
}

function asksPumAws(config: IniDocument, section: string, profile: string): boolean {
  const line = effectiveValue(config, section, "credential_process")
  return line !== undefined && readOnDemandLine(line)?.profile === profile
}

/**
 * Whether the profile has an access key without a session token. Keys that `[DEFAULT]` adds do not count: they are not
 * replaced.
 */
export function hasLongTermKey(credentials: IniDocument, profile: string): boolean {
  const has = (key: string) => Boolean(ownValue(credentials, profile, key))
  return has("aws_access_key_id") && !has("aws_session_token") && !has("aws_security_token")
}

/** A time in RFC 3339 with a time zone, as saml2aws and pum-aws write it; `undefined` for any other text. */
function timestampOf(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text))
    return undefined
  const date = new Date(text.toUpperCase().replace(" ", "T"))
  return Number.isNaN(date.getTime()) ? undefined : date
}
