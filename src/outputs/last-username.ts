import type * as Files from "../aws-files/index.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Options } from "../options/index.ts"
import type { Terminal } from "../terminal/index.ts"

/**
 * Keeps the user name that was typed, in `[default]` of `~/.pum-aws`: it is offered next time. The one thing this
 * program writes there by itself; that it cannot is a warning, because the work is done.
 */
export async function rememberUsername(
  typed: string | undefined,
  { configFile, lastUsername }: Options,
  files: typeof Files,
  terminal: Terminal,
): Promise<void> {
  if (typed === undefined || typed === lastUsername) return
  try {
    const withName = ([text = ""]: readonly (string | undefined)[]) => {
      const config = files.readIni(text, configFile.shown, "plain")
      return [files.editIni(config, new Map([["default", { set: { username: typed } }]]))]
    }
    // The credentials are stored: nobody should wait for a convenience.
    await files.updateFiles([configFile], withName, { patience: 1_000 })
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(`your user name was not kept: ${inOneLine(error)}`)
  }
}
