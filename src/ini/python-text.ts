/**
 * White space of Python's `str.strip()` and of `\s` in its regular expressions. JavaScript's knows U+FEFF, and does
 * not know U+001C to U+001F and U+0085.
 * @param code UTF-16 code unit
 */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f)
  if (code < 0x1680) return code === 0x85 || code === 0xa0
  return code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || otherSpaces.has(code)
}
const otherSpaces = new Set([0x2028, 0x2029, 0x202f, 0x205f, 0x3000])

/** Index of the first character from `from` on that is no white space; `to` if there is none. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isSpace(text.charCodeAt(at))) at++
  return at
}

/** Index behind the last character before `to` that is no white space; `from` if there is none. */
export function skipSpaceBack(text: string, from: number, to: number): number {
  let at = to
  while (at > from && isSpace(text.charCodeAt(at - 1))) at--
  return at
}

/** `str.strip()` of Python. */
export function strip(text: string): string {
  const from = skipSpace(text, 0, text.length)
  return text.slice(from, skipSpaceBack(text, from, text.length))
}

/** `str.splitlines()` of Python, which knows more line ends than an INI file has. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)
}
