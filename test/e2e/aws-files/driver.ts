/**
 * Stores one profile as the program does: `node driver.cjs <home> <profile>`; with a third argument it only looks
 * at what is there, as the program does before it asks for the password. Bundled by the tests.
 */

import { explain } from "../../../src/errors.ts"
import { awsFilePaths } from "../../../src/profiles/paths.ts"
import { readProfile } from "../../../src/profiles/read-profiles.ts"
import { storeProfiles } from "../../../src/profiles/store-profiles.ts"
import { writeOf } from "../../support/write-of.ts"

const [home = "", profile = "", only] = process.argv.slice(2)
const paths = awsFilePaths({}, home)
async function run(): Promise<void> {
  if (only !== undefined) readProfile(paths, profile)
  else await storeProfiles(paths, [writeOf(profile)], { overwrite: false })
}
run().catch(error => {
  const { lines, exitCode } = explain(error)
  process.stderr.write(`${lines.join("\n")}\n`)
  process.exitCode = exitCode
})
