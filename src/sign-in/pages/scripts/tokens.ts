/** The smallest part of a script that this program tells apart. */
export interface Token {
  readonly kind: "word" | "string" | "number" | "mark"
  /** Of a string: what is between its quotes. */
  readonly text: string
  readonly startsLine: boolean
}

/** Scripts of a page are read up to this length, in characters; longer ones count as unknown. */
export const maxScriptLength = 256 * 1024

const whiteSpace = /\s+/y
const word = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y
const number = /\d[\w.]*/y
const mark = /=>|[=!<>]=+|&&|\|\||\?\?|\?\.|\+\+|--|[-+*/%&|^]=|[\s\S]/y
const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y
/** After these a slash begins a regular expression; after anything else it divides. */
const beforeExpression = /^(?:[=(,:[!&|?{};+\-*%<>~^]|=>|[=!<>]=+|&&|\|\||\?\?|return|typeof|case|in|of)$/

/** Splits a script into tokens, without comments and blanks. Takes what is no script for marks; never fails. */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let startsLine = true
  const matched = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(script)?.[0]
  }
  const add = (kind: Token["kind"], text: string, length = text.length) => {
    tokens.push({ kind, text, startsLine })
    at += length
    startsLine = false
  }
  while (at < script.length) {
    const skipped: number = matched(whiteSpace)?.length ?? commentLength(script, at, startsLine)
    if (skipped > 0) {
      startsLine ||= script.slice(at, at + skipped).includes("\n")
      at += skipped
      continue
    }
    const name = matched(word)
    const digits = name === undefined ? matched(number) : undefined
    if (name !== undefined) add("word", name)
    else if (digits !== undefined) add("number", digits)
    else if (`"'\``.includes(script[at] ?? "")) {
      const { text, length } = readString(script, at)
      add("string", text, length)
    } else {
      const expression = beforeExpression.test(tokens.at(-1)?.text ?? "=")
        ? matched(regularExpression)
        : undefined
      if (expression !== undefined) add("string", "", expression.length)
      else add("mark", matched(mark) ?? " ")
    }
  }
  return tokens
}

/** A comment's length, 0 if there is none. `<!--` begins a comment of one line in scripts of pages, too. */
function commentLength(script: string, at: number, startsLine: boolean): number {
  const lineEnd = () => {
    const end = script.indexOf("\n", at)
    return (end < 0 ? script.length : end) - at
  }
  if (script.startsWith("//", at) || script.startsWith("<!--", at)) return lineEnd()
  if (startsLine && script.startsWith("-->", at)) return lineEnd()
  if (!script.startsWith("/*", at)) return 0
  const end = script.indexOf("*/", at + 2)
  return (end < 0 ? script.length : end + 2) - at
}

function readString(script: string, start: number): { text: string; length: number } {
  const quote = script[start] ?? ""
  let text = ""
  let at = start + 1
  for (; at < script.length && script[at] !== quote; at++) {
    if (script[at] === "\n" && quote !== "`") break
    if (script[at] === "\\") {
      const [escaped = "\\", unicode, byte] =
        /\\(?:u\{?([\da-f]{4})\}?|x([\da-f]{2})|[\s\S])/iy.exec(script.slice(at, at + 8)) ?? []
      const hex = unicode ?? byte
      text += hex === undefined ? escaped.slice(1) : String.fromCharCode(Number.parseInt(hex, 16))
      at += escaped.length - 1
    } else text += script[at]
  }
  return { text, length: at + 1 - start }
}
