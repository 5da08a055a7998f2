import truncatedWidth from "fast-string-truncated-width"

/** The text, or as much of its beginning as fits the width together with the ellipsis. */
export function cut(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text
  return `${fittingStart(text, width - displayWidth(ellipsis))}${fittingStart(ellipsis, width)}`
}

/** As many whole characters from the beginning as fit: a letter with its accents is one. */
function fittingStart(text: string, width: number): string {
  if (isAscii(text)) return text.slice(0, Math.max(0, width))
  let begin = ""
  let room = width
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    room -= displayWidth(segment)
    if (room < 0) break
    begin += segment
  }
  return begin
}

/** The text in pieces of this width at most. */
export function pieces(text: string, width: number): string[] {
  const begin = fittingStart(text, Math.max(1, width))
  return begin === "" || begin.length >= text.length
    ? [text]
    : [begin, ...pieces(text.slice(begin.length), width)]
}

/** Columns of the screen: letters of East Asia take two. */
export function displayWidth(text: string): number {
  return isAscii(text) ? text.length : truncatedWidth(text).width
}

const isAscii = (text: string) => /^[ -~]*$/.test(text)

/** Blanks before the second and further lines, more than before the first. */
const hanging = "  "

/**
 * Breaks a line between words so that each part fits the width. Parts after the first are indented. A word that is too
 * long stays whole: it may be an address or a command to be copied.
 */
export function wrapLine(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line]
  const [indent = ""] = /^ */.exec(line) ?? []
  const lines: string[] = []
  let current = indent
  let gap = ""
  for (const piece of line.slice(indent.length).match(/ +|[^ ]+/g) ?? []) {
    if (piece.startsWith(" ")) {
      gap = piece
      continue
    }
    const isFirst = current.trim() === ""
    if (isFirst || displayWidth(current + gap + piece) <= width) current += isFirst ? piece : gap + piece
    else {
      lines.push(current)
      current = `${indent}${hanging}${piece}`
    }
  }
  return [...lines, current]
}
