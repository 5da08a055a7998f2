import { isatty } from "node:tty"
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
 * goes wrong here, and breaks the lines for a terminal that they do not fit.
 * @returns whether the answer was written
 */
export function answerFixed(launched: NodeJS.Process): boolean {
  const [option = "", ...more] = launched.argv.slice(2)
  const answer = answers.get(option)
  if (answer === undefined || more.length > 0) return false
  if (answer === briefHelpText && isatty(1) && launched.stdout.columns < 80) return false
  try {
    writeToStdout(answer)
    return true
  } catch {
    return false
  }
}
