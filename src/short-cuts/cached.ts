import { regionInPartition } from "../domain/regions.ts"
import type { Session } from "../domain/session.ts"
import { isReadOnce } from "../files/read-named-file.ts"
import { type Options, readOptions } from "../options/options.ts"
import { onlyPrints, readQuickly } from "../options/quick.ts"
import { credentialProcessAnswer } from "../outputs/credential-process.ts"
import { expandHome, homeVariable } from "../platform/platform.ts"
import { findKeptSession } from "../sessions/kept-sessions.ts"
import { expectedUser } from "../sessions/session-key.ts"
import { writeToStdout } from "./write-stdout.ts"

/** A command line that a kept session answers. */
export interface KeptAnswer {
  readonly options: Options
  readonly session: Session
  readonly home: string
}

/**
 * Answers a `--credential-process` call from a kept session, as `main` would, but without loading `main`: AWS tools run
 * one such process for each process of theirs. Everything unusual is left to `main`, which reports it. The AWS files
 * are not read: the answer needs nothing of them.
 * @returns whether the answer was written
 */
export function answerFromKept(launched: NodeJS.Process): boolean {
  try {
    const { options, session } = findKeptAnswer(launched) ?? {}
    if (options?.mode.kind !== "credentialProcess" || session === undefined) return false
    if (options.region !== undefined) regionInPartition(session.role.partition, options.region, true)
    writeToStdout(credentialProcessAnswer(session))
    return true
  } catch {
    return false
  }
}

/**
 * @returns `undefined` if the line, the settings or the sessions are unusual, or none is kept
 * @throws PumError if one of the files cannot be used
 */
export function findKeptAnswer({ argv, env, platform }: NodeJS.Process): KeptAnswer | undefined {
  const home = homeVariable(env, platform)
  const line = readQuickly(argv.slice(2))
  if (line === undefined || !onlyPrints(line) || !home) return undefined
  // What a pipe gave is gone when `main` reads it.
  const { envFile, policy = [] } = line.given
  if (
    [...policy, ...(envFile === undefined ? [] : [envFile])].some(path => isReadOnce(expandHome(path, home)))
  )
    return undefined
  // To forget is more than to answer.
  if (line.given.remember?.toLowerCase() === "off") return undefined
  const options = readOptions(line, env, home)
  if (options.warnings.length > 0) return undefined
  const user = expectedUser(options, env)
  const session = findKeptSession(options, user, { home, now: Date.now() })
  return session && { options, session, home }
}
