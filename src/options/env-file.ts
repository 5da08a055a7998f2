/** A value as it was written, and the place it stands at, as messages name it. */
export interface Found {
  readonly text: string
  readonly place: string
}

const assignment = /^\s*(?:export\s+)?(PUM_\w*)\s*=(.*)$/
/** The shortest quoted text that nothing but a comment follows. */
const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/

/**
 * The `PUM_*` lines of a file in the format of the Python script's `.env`: `NAME=value`, where the value goes to
 * the end of the line, blanks and backslashes included (`adm\new`). `export` before it, quotes around it, and
 * comments (`#` at the start of a line, or after a blank) are what dotenv files have. A later line wins.
 * Everything else in the file is none of our business.
 * @param name the file, for messages
 */
export function readEnvFile(text: string, name: string): ReadonlyMap<string, Found> {
  const variables = new Map<string, Found>()
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const [, variable, written] = assignment.exec(line) ?? []
    if (variable === undefined || written === undefined) continue
    const inQuotes = quoted.exec(written.trim())?.[2]
    variables.set(variable, {
      text: inQuotes ?? written.replace(/\s#.*$/, "").trim(),
      place: `${name} line ${index + 1}, ${variable}`,
    })
  }
  return variables
}
