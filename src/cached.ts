import { findOnePassword } from "./answers/find-one-password.ts"
import { regionInPartition } from "./domain/regions.ts"
import { readOptions } from "./options/options.ts"
import { readQuickly } from "./options/quick.ts"
import { credentialProcessAnswer } from "./outputs/credential-process.ts"
import { writeToStdout } from "./outputs/write-stdout.ts"
import { homeVariable } from "./platform/platform.ts"
import { findKeptSession } from "./sessions/kept-sessions.ts"
import { userOf } from "./sessions/session-key.ts"

/**
 * Answers a `--credential-process` call from a kept session, as `main` would, but without loading `main`: AWS tools run
 * one such process for each process of theirs. Everything unusual is left to `main`, which reports it. The AWS files
 * are not read: the answer needs nothing of them.
 * @returns whether the answer was written
 */
export function answerFromKept({ argv, env, platform }: NodeJS.Process): boolean {
  const home = homeVariable(env, platform)
  const given = readQuickly(argv.slice(2))
  // To forget is more than to answer.
  if (given === undefined || !home || given.remember?.toLowerCase() === "off") return false
  try {
    const options = readOptions({ wants: "run", given, command: undefined }, env, home)
    if (options.warnings.length > 0) return false
    const session = findKeptSession(options, userOf(options, findOnePassword(options, env)), {
      home,
      now: Date.now(),
    })
    if (session === undefined) return false
    if (options.region !== undefined) regionInPartition(session.role.partition, options.region, true)
    writeToStdout(credentialProcessAnswer(session))
    return true
  } catch {
    return false
  }
}
