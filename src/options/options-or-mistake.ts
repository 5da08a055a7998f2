import { PumError } from "../errors.ts"
import type { Environment } from "../platform/platform.ts"
import type { RunLine } from "./command-line.ts"
import { type Options, readOptions } from "./options.ts"

/** What was read, and for --logout the mistake that is told when what is kept is forgotten. */
interface ReadOptions {
  readonly options: Options
  readonly mistake?: PumError
}

/**
 * Reads the options as `readOptions` does. A mistake in `~/.pum-aws` or a variable does not keep --logout from forgetting
 * what is here: it is read without them.
 * @throws PumError `usage`, `file`
 */
export function readOptionsOrMistake(line: RunLine, env: Environment, home: string): ReadOptions {
  try {
    return { options: readOptions(line, env, home) }
  } catch (mistake) {
    if (line.given.logout === undefined || !(mistake instanceof PumError)) throw mistake
    const others = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PUM_")))
    // In that folder there is no ~/.pum-aws. A mistake on the command line is met again.
    return { options: readOptions(line, others, `${home}/.aws/pum-aws`), mistake }
  }
}
