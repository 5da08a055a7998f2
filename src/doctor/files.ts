import { statSync } from "node:fs"
import { firstFew } from "../domain/first-few.ts"
import { PumError } from "../errors.ts"
import { isMountPoint } from "../files/check-replaceable.ts"
import { fileTrouble, type UserFile } from "../files/file-error.ts"
import { lockOf } from "../files/lock-folder.ts"
import { checkOwnFolder, ownFolder } from "../files/read-own-file.ts"
import { temporariesOf } from "../files/temporary-files.ts"
import { checkUpdatable } from "../files/update-files.ts"
import type { Environment } from "../platform/platform.ts"
import { listOnDemand } from "../profiles/list-on-demand.ts"
import { listProfiles } from "../profiles/list-profiles.ts"
import {
  nameSome,
  type OnDemandTrouble,
  onDemandTroubles,
  setUpAgain,
} from "../profiles/on-demand-troubles.ts"
import { type AwsFilePaths, userFiles } from "../profiles/paths.ts"
import { parseSnapshot, readAwsFile } from "../profiles/profile-state.ts"
import { environmentShadows, fileShadows, type Shadow } from "../profiles/shadows.ts"
import type { ProfileSession } from "../sessions/kept-sessions.ts"
import { type Check, failed, failedBy, fine, named, type Observation, warning } from "./check.ts"

/** Milliseconds after which a lock without a heartbeat surely belongs to no process. */
const forgottenAfter = 60_000

export interface FilesSettings {
  readonly paths: AwsFilePaths
  readonly home: string
  readonly env: Environment
  readonly profile: string
  /** Whether the user named the profile. */
  readonly profileNamed: boolean
  /** The mounts of this system, as Linux lists them. */
  readonly mounts: string
  readonly listKeptSessions: (home: string) => readonly ProfileSession[]
}

/** Both AWS files, what hides their profiles, and the folder of kept sessions. */
export function checkFiles(settings: FilesSettings): Check[] {
  const { paths, mounts } = settings
  const { credentials, config } = userFiles(paths)
  return [
    ...named("credentials file", [...checkFile(credentials, mounts), ...checkMode(credentials)]),
    ...named("config file", checkFile(config, mounts)),
    ...named("profiles", examineProfiles(settings)),
    ...named("kept sessions", checkSessions(settings)),
  ]
}

function checkFile(file: UserFile, mounts: string): Observation[] {
  try {
    const snapshot = readAwsFile(file)
    const leftovers = leftoversOf(snapshot.target)
    if (isMountPoint(snapshot.target, mounts))
      return [
        failed(
          `${file.shown} is mounted by itself: it cannot be replaced`,
          "mount its folder, or use --export",
        ),
      ]
    parseSnapshot(snapshot)
    checkUpdatable(snapshot)
    const state =
      snapshot.text === undefined ? "is not there yet, and can be made" : "can be read and written"
    return [fine(`${file.shown} ${state}`), ...leftovers]
  } catch (error) {
    return [failedBy(fileTrouble("cannot read", file, error))]
  }
}

function leftoversOf(target: string): Observation[] {
  const lock = statSync(lockOf(target), { throwIfNoEntry: false })
  const stale = lock !== undefined && Math.abs(Date.now() - lock.mtimeMs) > forgottenAfter
  const temporaries = stale ? temporariesOf(target).length : 0
  const more = temporaries === 0 ? "" : `, and ${temporaries} temporary file(s) beside it`
  return stale
    ? [
        warning(
          `a run that was killed left a lock behind${more}`,
          "the next run that stores takes it over and cleans up",
        ),
      ]
    : []
}

/** Windows has no modes. */
function checkMode(file: UserFile): Observation[] {
  const stats = statSync(file.path, { throwIfNoEntry: false })
  if (stats === undefined || process.geteuid === undefined || (stats.mode & 0o077) === 0) return []
  return [warning(`${file.shown} can be read by other users of this machine`, `chmod 600 ${file.shown}`)]
}

function examineProfiles({ paths, env, profile, profileNamed }: FilesSettings): Observation[] {
  try {
    const stored = listProfiles(paths)
    const onDemand = listOnDemand(paths)
    const names = new Set([profile, ...stored.map(each => each.profile)])
    const valid = stored.filter(
      ({ expires }) => expires !== undefined && expires.getTime() > Date.now(),
    ).length
    return [
      fine(
        `${stored.length} with credentials of pum-aws, ${valid} of them valid; ${onDemand.length} on demand`,
      ),
      ...environmentShadows(profileNamed ? profile : undefined, env).map(text =>
        warning(text, "unset it, or give AWS tools --profile"),
      ),
      ...firstFew(examineShadows(fileShadows(paths, [...names])), text => warning(text)),
      ...onDemandTroubles(onDemand).map(examineOnDemand),
    ]
  } catch (error) {
    // The lines about the files say why.
    if (!(error instanceof PumError)) throw error
    return [warning("they cannot be listed", "mend the file above first")]
  }
}

/** What wins over stored keys comes first: it must not be among those that are not shown. */
function examineShadows(shadows: readonly Shadow[]): Observation[] {
  return [
    ...shadows
      .filter(({ wins }) => wins)
      .map(({ text }) => failed(text, "remove that line, or use another profile")),
    ...shadows.filter(({ wins }) => !wins).map(({ text }) => warning(text)),
  ]
}

function examineOnDemand({ profiles, missing }: OnDemandTrouble): Observation {
  const isOne = profiles.length === 1
  const who = isOne ? `profile ${profiles[0]}` : `${profiles.length} profiles`
  const list = isOne ? "" : `: ${nameSome(profiles)}`
  const command = setUpAgain(profiles)
  if (missing !== undefined)
    return failed(
      `${who} ${isOne ? "asks" : "ask"} by ${missing}, which is not there${list}`,
      `${command} writes ${isOne ? "its line" : "their lines"} anew`,
    )
  return warning(
    isOne
      ? `${who} is on demand, and AWS tools use its stored keys instead`
      : `${who} are on demand, and AWS tools use their stored keys instead${list}`,
    `${command} removes them`,
  )
}

function checkSessions({ home, listKeptSessions }: FilesSettings): Observation[] {
  const folder = ownFolder(home)
  try {
    checkOwnFolder(folder)
    const sessions = listKeptSessions(home)
    const valid = sessions.filter(({ session }) => session.expiration.getTime() > Date.now()).length
    return [fine(`${valid} valid in ${folder.shown}`)]
  } catch (error) {
    const { what } = failedBy(error)
    return [failed(what, `make it yours alone, or remove ${folder.shown}: it holds nothing that is needed`)]
  }
}
