import { inOneLine, PumError } from "../errors.ts"
import { updateFiles } from "../files/update-files.ts"
import { editIni } from "../ini/edit-ini.ts"
import { readIni } from "../ini/read-ini.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Options } from "./options.ts"

/**
 * Keeps the user name that was typed, in `[default]` of `~/.pum-aws`: it is offered next time. The one thing this
 * program writes there by itself; that it cannot is a warning, because the work is done.
 */
export async function keepUsername(
  typed: string | undefined,
  { configFile, lastUsername }: Options,
  terminal: Terminal,
): Promise<void> {
  if (typed === undefined || typed === lastUsername) return
  try {
    const withName = ([text = ""]: readonly (string | undefined)[]) => {
      const config = readIni(text, configFile.shown, "plain")
      return [editIni(config, new Map([["default", { set: { username: typed } }]]))]
    }
    // The credentials are stored: nobody should wait for a convenience.
    await updateFiles([configFile], withName, { patience: 1_000 })
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(`your user name was not kept: ${inOneLine(error)}`)
  }
}
