import { defaultRegion } from "../domain/partitions.ts"
import { PumError } from "../errors.ts"
import { replaceTrouble } from "../files/check-replaceable.ts"
import type { Snapshot } from "../files/read-file.ts"
import { checkUpdatable } from "../files/update-files.ts"
import { editIni, refuseContinued } from "../ini/edit-ini.ts"
import { type AwsFilePaths, checkProfileName } from "./paths.ts"
import { changesOf, type ProfileWrite } from "./profile-changes.ts"
import { configSectionOf } from "./profile-sections.ts"
import { type AwsDocuments, type ProfileState, profileState, readAwsFiles } from "./profile-state.ts"

/** A profile to store credentials in. */
export interface WantedProfile {
  readonly profile: string
  /** The region that the user named for it. */
  readonly region?: string | undefined
}

/**
 * What these profiles hold, by name. Called before the password is asked: it reports everything that would keep the
 * credentials from being stored. Without profiles, it checks that any profile could be stored.
 * @throws PumError `file` with the path, and the line if there is one, for a file that cannot be read, that AWS tools
 *   refuse, that cannot be edited without loss, or that may not be written; `usage` for a name that no profile can have
 */
export function readProfilesToStore(
  paths: AwsFilePaths,
  wanted: readonly WantedProfile[],
): ReadonlyMap<string, ProfileState> {
  for (const { profile } of wanted) checkProfileName(profile)
  const { snapshots, documents } = readAwsFiles(paths)
  const changesConfig = tryChanges(documents, wanted.length === 0 ? [{ profile: "any-other" }] : wanted)
  checkStorable(snapshots.credentials)
  // A config file that cannot be written is a warning later: the credentials do not need it.
  if (changesConfig && replaceTrouble(snapshots.config) === undefined) checkUpdatable(snapshots.config)
  return new Map(wanted.map(({ profile }) => [profile, profileState(documents, profile)]))
}

/** @throws PumError `file` if the credentials could not be stored, with what helps */
function checkStorable(credentials: Snapshot): void {
  try {
    checkUpdatable(credentials)
  } catch (error) {
    if (!(error instanceof PumError) || error.hint?.includes("--export")) throw error
    const { message, hint } = error
    const way = "use --export or --json, which write no file"
    throw new PumError("file", message, { hint: hint === undefined ? way : `${hint}; ${way}`, cause: error })
  }
}

/**
 * Makes the changes of storing in the texts alone.
 * @returns whether the config file is among what changes
 */
function tryChanges(documents: AwsDocuments, wanted: readonly WantedProfile[]): boolean {
  const { credentials, config } = documents
  for (const { profile } of wanted) {
    refuseContinued(credentials, credentials.sections.get(profile)?.options.get("region"))
    refuseContinued(
      config,
      config.sections.get(configSectionOf(config, profile) ?? "")?.options.get("region"),
    )
  }
  const changes = changesOf(documents, wanted.map(placeholderWrite))
  editIni(credentials, changes.credentials)
  if (changes.config.size > 0) editIni(config, changes.config)
  return changes.config.size > 0
}

function placeholderWrite({ profile, region }: WantedProfile): ProfileWrite {
  const session = {
    accessKeyId: "a",
    secretAccessKey: "b",
    sessionToken: "c",
    principalArn: "d",
    expiration: new Date(0),
  }
  return { profile, session, region: region ?? defaultRegion, regionAsked: region !== undefined }
}
