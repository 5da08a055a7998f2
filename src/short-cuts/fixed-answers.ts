import { version } from "../../package.json"
import { writeToStdout } from "../outputs/write-stdout.ts"

/** What `briefHelp` returns; scripts/build.mjs puts it here. */
declare const briefHelpText: string

const answers = new Map([
  ["--version", `${version}\n`],
  ["-V", `${version}\n`],
  ["--help", briefHelpText],
  ["-h", briefHelpText],
])

/**
 * Answers `--version`, the first command of many a script, and `--help` without loading `start`, which reports what
 * goes wrong here.
 * @returns whether the answer was written
 */
export function answerFixed({ argv }: NodeJS.Process): boolean {
  const [option = "", ...more] = argv.slice(2)
  const answer = answers.get(option)
  if (answer === undefined || more.length > 0) return false
  try {
    writeToStdout(answer)
    return true
  } catch {
    return false
  }
}
