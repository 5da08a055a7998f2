import { PumError } from "../errors.ts"
import { isSameFile } from "../files/read-file.ts"
import { updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { readIni } from "../ini/read-ini.ts"
import { type AwsFilePaths, userFiles } from "./paths.ts"
import {
  type Changes,
  changesOf,
  type Documents,
  hasLongTermKey,
  type ProfileWrite,
} from "./read-profiles.ts"

export interface StoreOptions {
  /** Whether long-term keys may be replaced, or in which profiles. */
  readonly overwrite: boolean | ReadonlySet<string>
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
    const isLetGo = (profile: string) => (typeof overwrite === "boolean" ? overwrite : overwrite.has(profile))
    const kept = writes.find(({ profile }) => !isLetGo(profile) && hasLongTermKey(credentials, profile))
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

function merged(one: Changes, other: Changes): Changes {
  const all = new Map(one)
  for (const [section, { set }] of other) {
    const first = all.get(section)
    all.set(section, { ...first, set: { ...first?.set, ...set } })
  }
  return all
}
