import { version } from "../package.json"
import { writeToStdout } from "./outputs/write-stdout.ts"

/**
 * Answers `pum-aws --version`, the first command of many a script, without loading `start`, which reports what goes
 * wrong here.
 * @returns whether the answer was written
 */
export function answerVersion({ argv }: NodeJS.Process): boolean {
  const [option, ...more] = argv.slice(2)
  if (more.length > 0 || (option !== "--version" && option !== "-V")) return false
  try {
    writeToStdout(`${version}\n`)
    return true
  } catch {
    return false
  }
}
