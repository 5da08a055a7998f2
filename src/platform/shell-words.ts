/**
 * The words of a line as Python's `shlex.split()` returns them. For names of sections, which botocore splits so, and for
 * `BROWSER`.
 * @returns `undefined` if it fails: a quote is not closed, or a backslash is at the end
 */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (char === quote) {
      quote = undefined
    } else if (char === "\\" && quote !== "'") {
      if (next === "") return undefined
      // Within double quotes a backslash stands for itself, unless it is before a quote or another backslash.
      const escapes = quote === undefined || next === quote || next === "\\"
      word = (word ?? "") + (escapes ? next : char + next)
      at++
    } else if (quote !== undefined) {
      word = (word ?? "") + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ""
    } else if (" \t\r\n".includes(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? "") + char
    }
  }
  if (quote !== undefined) return undefined
  if (word !== undefined) words.push(word)
  return words
}
