import { inOneLine, PumError } from "../errors.ts"
import { replaceTrouble } from "../files/check-replaceable.ts"
import { isSameFile, type Snapshot } from "../files/read-file.ts"
import { updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import { changesOf, mergedChanges, type ProfileWrite } from "./profile-changes.ts"
import {
  type AwsDocuments,
  hasLongTermKey,
  parseSnapshot,
  readAwsFile,
  readAwsFiles,
} from "./profile-state.ts"

export interface StoreOptions {
  /** Whether long-term keys may be replaced, or in which profiles. */
  readonly overwrite: boolean | ReadonlySet<string>
  /** Told what could not be written besides the credentials. */
  readonly warn?: (line: string) => void
  /** How long to wait for the locks of other processes, in milliseconds. */
  readonly patience?: number | undefined
}

/**
 * Stores sessions in their profiles: only the keys that are ours, each file in one step, all files or none.
 * @returns both files as they were before
 * @throws PumError `file`, with nothing changed; also if a profile holds a long-term key by now
 */
export async function storeProfiles(
  paths: AwsFilePaths,
  writes: readonly ProfileWrite[],
  { overwrite, patience, warn = () => {} }: StoreOptions,
): Promise<AwsDocuments> {
  const files = userFiles(paths)
  const wait = { patience, read: readAwsFile }
  let before: AwsDocuments | undefined
  let configTrouble: PumError | undefined
  let otherNames: readonly string[] = []
  const changesIn = (documents: AwsDocuments) => {
    before = documents
    if (overwrite !== true) refuseLongTermKeys(documents.credentials, writes, overwrite || new Set())
    return changesOf(documents, writes)
  }
  if (isSameFile(files.credentials, files.config)) {
    const newText = (snapshots: readonly Snapshot[]) => {
      const [document] = snapshots.map(parseSnapshot)
      if (document === undefined) throw new RangeError("no file was read")
      const { credentials, config } = changesIn({ credentials: document, config: document })
      return [editIni(document, mergedChanges(credentials, config))]
    }
    await updateFiles([files.credentials], newText, wait)
    return before ?? readAwsFiles(paths).documents
  }
  const newTexts = (snapshots: readonly Snapshot[]) => {
    const [config, credentials] = snapshots.map(parseSnapshot)
    if (config === undefined || credentials === undefined) throw new RangeError("a file was not read")
    const changes = changesIn({ credentials, config })
    // Some keep their config file where it cannot be written, on purpose.
    configTrouble = changes.config.size === 0 ? undefined : snapshots[0] && replaceTrouble(snapshots[0])
    const leavesConfig = changes.config.size === 0 || configTrouble !== undefined
    const replaced = leavesConfig ? snapshots.slice(1) : snapshots
    otherNames = replaced.filter(({ hasHardLinks }) => hasHardLinks).map(({ file }) => file.shown)
    return [
      leavesConfig ? undefined : editIni(config, changes.config),
      editIni(credentials, changes.credentials),
    ]
  }
  // The config file first: if the machine stops in between, a region without credentials does no harm.
  await updateFiles([files.config, files.credentials], newTexts, wait)
  if (configTrouble !== undefined) warn(`region and output were not stored: ${inOneLine(configTrouble)}`)
  for (const shown of otherNames)
    warn(`${shown} had another name (a hard link), which keeps the old text: use a symbolic link instead`)
  return before ?? readAwsFiles(paths).documents
}

function refuseLongTermKeys(
  credentials: AwsDocuments["credentials"],
  writes: readonly ProfileWrite[],
  replaceable: ReadonlySet<string>,
): void {
  const kept = writes.find(({ profile }) => !replaceable.has(profile) && hasLongTermKey(credentials, profile))
  if (kept === undefined) return
  throw new PumError("file", `cannot write ${credentials.name}: [${kept.profile}] holds a long-term key`, {
    hint: "replace it with --overwrite, or choose another --profile",
  })
}
