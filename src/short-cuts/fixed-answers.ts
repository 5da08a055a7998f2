import { fstatSync } from "node:fs"
import { version } from "../../package.json"
import { writeToStdout } from "./write-stdout.ts"

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
  try {
    // To ask a terminal for its width takes 5 ms: only a person who asks for help waits for it.
    const mayWrap = answer === briefHelpText && fstatSync(1).isCharacterDevice()
    if (mayWrap && launched.stdout.columns < 80) return false
    writeToStdout(answer)
    return true
  } catch {
    return false
  }
}
