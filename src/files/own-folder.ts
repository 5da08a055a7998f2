import { constants } from "node:fs"

/* Apart from read-own-file.ts, because the launcher's loader needs these without words for errors. */

/** The folder of everything that this program keeps between runs. */
export const ownFolderPath = (home: string) => `${home}/.aws/pum-aws`

// Windows knows only the first.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants

/** For `openSync`: links are not followed, and a FIFO is not waited for. */
export const flagsToRead = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
