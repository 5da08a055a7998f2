import { trimPasted } from "../domain/pasted.ts"

/** Reads a code from stdin. @returns undefined if it was sent before */
export async function readUnusedCode(
  used: readonly string[],
  lines: AsyncIterator<string> | undefined,
): Promise<string | undefined> {
  const line = await readLine(lines)
  const code = codeIn(line)
  return code === undefined || used.includes(code) ? undefined : code
}

/** Authenticator apps show "444 692": blanks go if all else is digits. */
export function compactCode(text: string): string {
  const code = trimPasted(text)
  return /^[\d\s]+$/.test(code) ? code.replace(/\s+/g, "") : code
}

export const codeIn = (text: string | undefined) => (text === undefined ? undefined : compactCode(text))

export async function readLine(lines: AsyncIterator<string> | undefined): Promise<string | undefined> {
  const next = await lines?.next()
  return next === undefined || next.done === true ? undefined : next.value
}
