import { knownNames } from "../aws/account-names.ts"
import { preferredRegion, regionInPartition } from "../domain/regions.ts"
import { describeSession } from "../outputs/describe-session.ts"
import { sessionText } from "../outputs/session-text.ts"
import { checkRegion } from "../profiles/check-profiles.ts"
import { awsFilePaths } from "../profiles/paths.ts"
import { readProfile } from "../profiles/profile-state.ts"
import { findKeptAnswer } from "./cached.ts"
import { isTerminalFile, prepareToTell } from "./prepare-to-tell.ts"
import { writeToStdout } from "./write-stdout.ts"

/**
 * Answers --json and --export from a kept session, as `main` would, but without loading it: a shell waits for the
 * answer. Everything unusual is left to `main`.
 * @returns whether the answer was written
 */
export function answerTextFromKept(launched: NodeJS.Process): boolean {
  const { env } = launched
  try {
    const { options, session: kept, home } = findKeptAnswer(launched) ?? {}
    if (options === undefined || kept === undefined || home === undefined) return false
    const { mode, profile } = options
    if ((mode.kind !== "json" && mode.kind !== "export") || options.remember === "off") return false
    const before = readProfile(awsFilePaths(env, home), profile)
    const asked = preferredRegion(checkRegion(options, before), before.region)
    const region = regionInPartition(kept.role.partition, asked, options.region !== undefined)
    const session = { ...kept, region }
    const now = Date.now()
    const names = knownNames(new Set([session.role.account]), { options, home, now: () => now })
    const text = sessionText(session, mode, { options, names })
    const tell = prepareToTell(describeSession(session, { names, isNew: false, now }), env)
    if (tell === undefined) return false
    // On a screen the line comes first, as `main` writes it. Elsewhere the text does: if it cannot be written, `main`
    // tells the line as well.
    const isOnScreen = isTerminalFile(1)
    if (isOnScreen) tell()
    writeToStdout(text)
    if (!isOnScreen) tell()
    return true
  } catch {
    return false
  }
}
