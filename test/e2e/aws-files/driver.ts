/**
 * Stores one profile as the program does: `node driver.cjs <home> <profile>`; with a third argument it only looks
 * at what is there, as the program does before it asks for the password. Bundled by the tests. Ctrl-C ends the process
 * by that signal, after everything that is to be done when a process exits.
 */

import { explain } from "../../../src/errors.ts"
import { awsFilePaths } from "../../../src/profiles/paths.ts"
import { readProfilesToStore } from "../../../src/profiles/read-profiles.ts"
import { storeProfiles } from "../../../src/profiles/store-profiles.ts"
import { writeOf } from "../../support/write-of.ts"

const [home = "", profile = "", only] = process.argv.slice(2)
const paths = awsFilePaths({}, home)
async function run(): Promise<void> {
  if (only !== undefined) readProfilesToStore(paths, [{ profile }])
  else {
    const warn = (line: string) => process.stderr.write(`warning: ${line}\n`)
    await storeProfiles(paths, [writeOf(profile)], { overwrite: false, patience: 120_000, warn })
  }
}
const interrupted = 130
process.on("SIGINT", () => process.exit(interrupted))
process.on("exit", code => {
  if (code !== interrupted) return
  process.removeAllListeners("SIGINT")
  process.kill(process.pid, "SIGINT")
})
run().catch(error => {
  const { lines, exitCode } = explain(error)
  process.stderr.write(`${lines.join("\n")}\n`)
  process.exitCode = exitCode
})
