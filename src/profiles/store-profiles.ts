import { PumError } from "../errors.ts"
import { isSameFile } from "../files/read-file.ts"
import { updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { readIni } from "../ini/read-ini.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import { changesOf, type ProfileWrite, type SectionChanges } from "./profile-changes.ts"
import { type AwsDocuments, hasLongTermKey } from "./profile-state.ts"

export interface StoreOptions {
  /** Whether long-term keys may be replaced, or in which profiles. */
  readonly overwrite: boolean | ReadonlySet<string>
  /** How long to wait for the locks of other processes, in milliseconds. */
  readonly patience?: number | undefined
}

/**
 * Stores sessions in their profiles: only the keys that are ours, each file in one step, all files or none.
 * @throws PumError `file`, with nothing changed; also if a profile holds a long-term key by now
 */
export async function storeProfiles(
  paths: AwsFilePaths,
  writes: readonly ProfileWrite[],
  { overwrite, patience }: StoreOptions,
): Promise<void> {
  const files = userFiles(paths)
  const changesIn = (documents: AwsDocuments) => {
    if (overwrite !== true) refuseLongTermKeys(documents.credentials, writes, overwrite || new Set())
    return changesOf(documents, writes)
  }
  if (isSameFile(files.credentials, files.config)) {
    const newText = ([text = ""]: readonly (string | undefined)[]) => {
      const document = readIni(text, files.credentials.shown)
      const { credentials, config } = changesIn({ credentials: document, config: document })
      return [editIni(document, merged(credentials, config))]
    }
    return updateFiles([files.credentials], newText, { patience })
  }
  const newTexts = ([configText = "", credentialsText = ""]: readonly (string | undefined)[]) => {
    const credentials = readIni(credentialsText, files.credentials.shown)
    const config = readIni(configText, files.config.shown)
    const changes = changesIn({ credentials, config })
    return [
      changes.config.size === 0 ? undefined : editIni(config, changes.config),
      editIni(credentials, changes.credentials),
    ]
  }
  // The config file first: if the machine stops in between, a region without credentials does no harm.
  return updateFiles([files.config, files.credentials], newTexts, { patience })
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

/** The changes of both files, for one file that is both. */
function merged(credentials: SectionChanges, config: SectionChanges): SectionChanges {
  const all = new Map(credentials)
  for (const [section, { set }] of config) {
    const first = all.get(section)
    all.set(section, { ...first, set: { ...first?.set, ...set } })
  }
  return all
}
