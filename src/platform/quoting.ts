import { isWindows, ownPlatform } from "./platform.ts"

/** Characters that no shell of any system treats specially. */
const plainWord = /^[\w@%+=:,./-]+$/
/** The same for cmd and PowerShell, where paths hold backslashes and `%` and `@` have a meaning. */
const plainWordOnWindows = /^[\w+=:./\\-]+$/

/**
 * Quotes a word of a command line that a hint tells the user to type, if it needs quotes: for a POSIX shell, or for both
 * cmd and PowerShell, which have only double quotes in common.
 */
export function quoteWord(word: string, platform: NodeJS.Platform = ownPlatform): string {
  if (isWindows(platform)) return plainWordOnWindows.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
  return plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** What stands before a command: PowerShell removes a bare `--` before the script that npm installs gets it. */
export function endOfOptions(platform: NodeJS.Platform = ownPlatform): string {
  return isWindows(platform) ? '"--"' : "--"
}
