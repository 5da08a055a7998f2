import { PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { formatVersion, isOfLaterVersion } from "../files/own-content.ts"
import { readOwnFile } from "../files/read-own-file.ts"
import { writePrivately } from "../files/write-privately.ts"

/*
 * Apart from session-file.ts, because the short cut for a cached call only reads.
 */

/**
 * Writes a file of `~/.aws/pum-aws`. The first attempt to write is synchronous. After a power cut it may be empty: an
 * empty one counts as absent.
 * @throws PumError `file`, also if a later version wrote the file, which may hold what this one does not know
 */
export async function writeSessionFile(file: UserFile, content: object): Promise<void> {
  if (isOfLaterVersion(readOwnFile(file) ?? ""))
    throw new PumError("file", `cannot write ${file.shown}: a later version of pum-aws wrote it`)
  await writePrivately(file, JSON.stringify({ version: formatVersion, ...content }), { lasts: false })
}
