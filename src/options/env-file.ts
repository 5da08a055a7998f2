import { withoutMark } from "./config-file.ts"
import type { WrittenValue } from "./option-definition.ts"

const assignmentLine = /^\s*(?:export\s+)?(PUM_\w*)\s*=(.*)$/
/** The shortest quoted text with nothing but a comment after it. */
const quotedValue = /^(["'])(.*?)\1\s*(?:#.*)?$/

/**
 * Reads the `PUM_*` lines of a file in the format of the Python script's `.env`: `NAME=value`. The value goes to the
 * end of the line, with blanks and backslashes (`adm\new`). As in other dotenv files, `export` may come before the
 * name, quotes may enclose the value, and `#` begins a comment at the start of a line and after white space. The last
 * line of a name wins. All other lines are ignored: the file may serve other programs, too.
 * @param fileName for messages
 */
export function parseEnvFile(text: string, fileName: string): ReadonlyMap<string, WrittenValue> {
  const variables = new Map<string, WrittenValue>()
  const lines = withoutMark(text).split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) {
    const [, name, written] = assignmentLine.exec(line) ?? []
    if (name === undefined || written === undefined) continue
    const inQuotes = quotedValue.exec(written.trim())?.[2]
    variables.set(name, {
      text: inQuotes ?? written.replace(/\s#.*$/, "").trim(),
      source: `${fileName} line ${index + 1}, ${name}`,
    })
  }
  return variables
}
