import { PumError } from "../errors.ts"
import { editIni, type IniChange } from "./ini-edit.ts"
import { readIni } from "./ini-text.ts"
import { isSameFile } from "./private-file.ts"
import {
  type AwsFilePaths,
  configChange,
  credentialsChange,
  type Documents,
  hasLongTermKey,
  type ProfileWrite,
  userFiles,
} from "./profiles.ts"
import { updateFiles } from "./update-files.ts"

export interface StoreOptions {
  /** Whether a long-term key may be replaced. */
  readonly overwrite: boolean
  /** How long to wait for other processes, in milliseconds. */
  readonly patience?: number
}

/**
 * Stores sessions in their profiles: only the keys that are ours, each file in one step, all files or none.
 * @throws PumError `file`, with nothing changed; also where a profile holds a long-term key by now
 */
export async function storeProfiles(
  paths: AwsFilePaths,
  writes: readonly ProfileWrite[],
  { overwrite, ...waiting }: StoreOptions,
): Promise<void> {
  const files = userFiles(paths)
  const refuseLongTermKeys = ({ credentials }: Documents) => {
    if (overwrite) return
    const kept = writes.find(({ profile }) => hasLongTermKey(credentials, profile))
    if (kept === undefined) return
    throw new PumError(
      "file",
      `cannot write ${files.credentials.shown}: [${kept.profile}] holds a long-term key`,
      {
        hint: "replace it with --overwrite, or choose another --profile",
      },
    )
  }
  if (isSameFile(files.credentials, files.config)) {
    await updateFiles(
      [files.credentials],
      ([text = ""]) => {
        const document = readIni(text, files.credentials.shown)
        const documents = { credentials: document, config: document }
        refuseLongTermKeys(documents)
        const { credentials, config } = changesOf(documents, writes)
        return [editIni(document, merged(credentials, config))]
      },
      waiting,
    )
    return
  }
  // The config file first: a region without credentials does no harm, should the machine die in between.
  await updateFiles(
    [files.config, files.credentials],
    ([configText = "", credentialsText = ""]) => {
      const documents = {
        credentials: readIni(credentialsText, files.credentials.shown),
        config: readIni(configText, files.config.shown),
      }
      refuseLongTermKeys(documents)
      const { credentials, config } = changesOf(documents, writes)
      return [
        config.size === 0 ? undefined : editIni(documents.config, config),
        editIni(documents.credentials, credentials),
      ]
    },
    waiting,
  )
}

type Changes = Map<string, IniChange>

function changesOf(documents: Documents, writes: readonly ProfileWrite[]): Record<keyof Documents, Changes> {
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

function merged(one: Changes, other: Changes): Changes {
  const all = new Map(one)
  for (const [section, { set }] of other) {
    const first = all.get(section)
    all.set(section, { ...first, set: { ...first?.set, ...set } })
  }
  return all
}
