import { writeSync } from "node:fs"
import { findOnePassword } from "./answers/find-one-password.ts"
import { regionInPartition } from "./domain/regions.ts"
import { readOptions } from "./options/options.ts"
import { readQuickly } from "./options/quick.ts"
import { credentialProcessAnswer } from "./outputs/credential-process.ts"
import { findKept } from "./sessions/find.ts"
import { userOf } from "./sessions/key.ts"

/**
 * Answers a `--credential-process` call from a kept session, as `main` would, but without loading `main`: AWS tools
 * start one for each of theirs. Whatever is out of the ordinary is left to `main`, which then says so; only the AWS
 * files, of which the answer needs nothing, are not looked at.
 * @returns whether it is answered
 */
export function isAnswered({ argv, env, platform }: NodeJS.Process): boolean {
  const home = platform === "win32" ? env.USERPROFILE : env.HOME
  const given = readQuickly(argv.slice(2))
  if (given === undefined || !home) return false
  try {
    const options = readOptions({ wants: "run", given, command: undefined }, env, home)
    if (options.warnings.length > 0) return false
    const session = findKept(options, userOf(options, findOnePassword(options, env)), home, Date.now())
    if (session === undefined) return false
    if (options.region !== undefined) regionInPartition(session.role.partition, options.region, true)
    return isWritten(credentialProcessAnswer(session))
  } catch {
    return false
  }
}

/**
 * Straight to the file descriptor: `process.stdout` takes a while to be made.
 * @throws where not all of it could be written
 */
function isWritten(text: string): boolean {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // A pipe that is full at the moment.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error
    }
  }
  return true
}
