import { completionsOf } from "../completion/candidates.ts"
import { homeVariable } from "../platform/platform.ts"
import { writeToStdout } from "./write-stdout.ts"

/** Answers a completion script. Whatever is wrong, a shell gets no candidates: it waits for a key. */
export function answerComplete({ argv, env, platform }: NodeJS.Process): true {
  const home = homeVariable(env, platform)
  try {
    const values = home ? completionsOf(argv.slice(3), { env, home, now: Date.now() }) : []
    writeToStdout(values.map(value => `${value}\n`).join(""))
  } catch {}
  return true
}
