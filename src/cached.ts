import { writeSync } from "node:fs"
import { readOptions } from "./options/options.ts"
import { readQuickly } from "./options/quick.ts"
import { credentialProcessAnswer } from "./outputs/json.ts"
import { findVault } from "./secrets/find-vault.ts"
import { isUsable, keptFile, parseKept, readOurs } from "./sessions/kept.ts"
import { fileNameOf, keyOf, userOf } from "./sessions/key.ts"

/**
 * Answers a `--credential-process` call from a kept session, as `main` would, but without loading `main`: AWS tools
 * start one for each of theirs. Whatever is out of the ordinary is left to `main`, which then says so.
 * @returns whether it is answered
 */
export function isAnswered({ argv, env, platform }: NodeJS.Process): boolean {
  const home = platform === "win32" ? env.USERPROFILE : env.HOME
  const given = readQuickly(argv.slice(2))
  if (given === undefined || !home) return false
  try {
    const options = readOptions({ wants: "run", given, command: undefined }, env, home)
    const user = userOf(options, findVault(options, env))
    if (user === undefined) return false
    const key = keyOf(options, user)
    const kept = parseKept(readOurs(keptFile(home, fileNameOf(key, options.profile))) ?? "")
    if (kept?.key !== key || !isUsable(kept.session, Date.now())) return false
    return isWritten(credentialProcessAnswer(kept.session))
  } catch {
    return false
  }
}

/** Straight to the file descriptor: `process.stdout` takes a while to be made. */
function isWritten(text: string): boolean {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // A pipe that is full at the moment; whoever has gone wants no answer.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return true
    }
  }
  return true
}
