import { writeSync } from "node:fs"
import { completionsOf } from "../completion/candidates.ts"
import { homeVariable } from "../platform/platform.ts"

/** Answers a completion script. Whatever is wrong, a shell gets no candidates: it waits for a key. */
export function answerComplete({ argv, env, platform }: NodeJS.Process): true {
  const home = homeVariable(env, platform)
  try {
    const values = home ? completionsOf(argv.slice(3), { env, home, now: Date.now() }) : []
    if (values.length > 0) writeSync(1, `${values.join("\n")}\n`)
  } catch {}
  return true
}
