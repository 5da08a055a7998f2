import { inOneLine, PumError } from "../errors.ts"
import type { Snapshot } from "../files/read-file.ts"
import { updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { readIni } from "../ini/read-ini.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { withoutMark } from "./config-file.ts"
import type { Options } from "./options.ts"

/**
 * Writes the user name that was typed in this run into `[default]` of `~/.pum-aws`, so that the next run offers it. A
 * failure is only a warning: the credentials are there already.
 * @param typed `undefined` if the name was not asked for
 */
export async function keepUsername(
  typed: string | undefined,
  { configFile, lastUsername }: Options,
  terminal: Terminal,
): Promise<void> {
  if (typed === undefined || typed === lastUsername) return
  try {
    const withName = ([file]: readonly Snapshot[]) => {
      const text = file?.text ?? ""
      const config = readIni(withoutMark(text), configFile.shown, "plain")
      const mark = text.slice(0, text.length - config.text.length)
      return [mark + editIni(config, new Map([["default", { set: { username: typed } }]]))]
    }
    // A second at most: the user should not wait long for a convenience.
    await updateFiles([configFile], withName, { patience: 1_000 })
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(`your user name was not kept: ${inOneLine(error)}`)
  }
}
