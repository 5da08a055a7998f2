import { shortStatus } from "../outputs/short-status.ts"
import { homeVariable } from "../platform/platform.ts"
import { writeToStdout } from "./write-stdout.ts"

/**
 * Answers `--status --short` as `main` would, but without loading it: a shell prompt waits for the answer. Everything
 * unusual is left to `main`.
 * @returns whether it did so
 */
export function answerShort(launched: NodeJS.Process): boolean {
  const { argv, env, platform } = launched
  const home = homeVariable(env, platform)
  const profile = namedProfile(argv.slice(2))
  if (profile === undefined || !home) return false
  const { text, exitCode } = shortStatus({ profile: profile.name, env, home, now: Date.now() })
  try {
    writeToStdout(text === "" ? "" : `${text}\n`)
  } catch {
    return false
  }
  launched.exitCode = exitCode
  return true
}

/** @returns `undefined` if the line is not `--status --short` with at most a profile */
function namedProfile(words: readonly string[]): { readonly name: string | undefined } | undefined {
  let name: string | undefined
  const switches = new Set<string>()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--status" || word === "--short") switches.add(word)
    else if (word === "-p" || word === "--profile") name = rest.shift()
    else if (word.startsWith("--profile=")) name = word.slice("--profile=".length)
    else return undefined
  }
  return switches.size === 2 && name !== "" ? { name } : undefined
}
