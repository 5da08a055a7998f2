import type { Derived } from "./decode.ts"

/** Characters `start` to `end`, exclusive. */
export type Span = readonly [start: number, end: number]

/** Needles of at least this length are found in pieces: servers quote, and `plain` cuts, a part of a long token. */
const longLength = 48
/** Any piece of a long needle with twice this length, less one, contains one of its blocks whole. */
const blockLength = 16
const shortestNeedle = 4
/** More entries of one key would make a repetitive text slow. */
const maxEntries = 50

const hashes = 65_536

interface Block {
  readonly needle: string
  /** Where in the needle. */
  readonly offset: number
}

/** Finds many needles in one pass over a text: its time hardly depends on their number. */
export class Needles {
  /** Short needles by their first characters. */
  private readonly shorts = new Map<string, string[]>()
  private readonly blocks = new Map<string, Block[]>()
  /** Whether a needle or a block may begin with characters of this hash. */
  private readonly mayBegin = new Uint8Array(hashes)

  get isEmpty(): boolean {
    return this.shorts.size === 0 && this.blocks.size === 0
  }

  /** A shorter needle than 4 characters is not searched for. */
  add(needle: string): void {
    if (needle.length < shortestNeedle) return
    if (needle.length < longLength) {
      const key = needle.slice(0, shortestNeedle)
      this.mayBegin[hashAt(needle, 0)] = 1
      const same = this.shorts.get(key) ?? []
      if (!same.includes(needle)) this.shorts.set(key, [...same, needle])
      return
    }
    for (let offset = 0; offset + blockLength <= needle.length; offset += blockLength) {
      const key = needle.slice(offset, offset + blockLength)
      const same = this.blocks.get(key) ?? []
      this.mayBegin[hashAt(needle, offset)] = 1
      if (same.length < maxEntries) this.blocks.set(key, [...same, { needle, offset }])
    }
  }

  /** @returns the places in the source of the text */
  find({ text, starts, ends }: Derived): Span[] {
    const spans: Span[] = []
    const report = (from: number, to: number) => spans.push([starts[from] ?? 0, ends[to - 1] ?? 0])
    let hash = 0
    let blocksFrom = 0
    for (let last = 0; last < text.length; last++) {
      hash = nextHash(hash, text.charCodeAt(last))
      if (this.mayBegin[hash] === 0 || last < shortestNeedle - 1) continue
      const index = last - shortestNeedle + 1
      for (const needle of this.shorts.get(text.slice(index, index + shortestNeedle)) ?? []) {
        const end = endOfShort(text, index, needle)
        if (end !== undefined) report(index, end)
      }
      if (index < blocksFrom) continue
      for (const block of this.blocks.get(text.slice(index, index + blockLength)) ?? []) {
        const [start, end] = extend(text, index, block)
        report(start, end)
        // The blocks inside would find the same once more.
        blocksFrom = Math.max(blocksFrom, end - blockLength + 1)
      }
    }
    return spans
  }
}

/** A hash of the last four characters: those before are shifted out. */
const nextHash = (hash: number, character: number) => ((hash << 4) ^ character) & (hashes - 1)

function hashAt(text: string, index: number): number {
  let hash = 0
  for (let at = index; at < index + shortestNeedle; at++) hash = nextHash(hash, text.charCodeAt(at))
  return hash
}

/** What is left of an escape that was cut; its bytes before may have been read as ISO 8859-1. */
const cutEscape = /^[\x80-\xff]{0,3}(?:%[\da-f]?|&#?\w*|\\u?[\da-f]*)?…/i

/** Where a short needle ends that begins at `start`. It may be cut with `…`, even within an escape. */
function endOfShort(text: string, start: number, needle: string): number | undefined {
  let length = shortestNeedle
  while (length < needle.length && text[start + length] === needle[length]) length++
  const end = start + length
  if (length < needle.length) {
    if (!text.slice(end, end + 12).includes("…")) return undefined
    // The first character of the escape may be the needle's next one.
    for (const from of [end, end - 1]) {
      const cut = cutEscape.exec(text.slice(from, end + 12))
      if (cut !== null) return from + cut[0].length
    }
    return undefined
  }
  // A code of digits is no part of a longer number, as the number of an account.
  const isPartOfNumber = /^\d+$/.test(needle) && (isDigit(text[start - 1]) || isDigit(text[end]))
  return isPartOfNumber ? undefined : end
}

const isDigit = (character: string | undefined) => character !== undefined && /\d/.test(character)

function extend(text: string, index: number, { needle, offset }: Block): Span {
  let before = 0
  while (offset > before && index > before && text[index - before - 1] === needle[offset - before - 1])
    before++
  let after = blockLength
  while (offset + after < needle.length && text[index + after] === needle[offset + after]) after++
  return [index - before, index + after]
}
