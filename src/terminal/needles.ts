import { type Derived, sourceEnd, sourceStart } from "./decode.ts"

/** Characters `start` to `end`, exclusive. */
export type Span = readonly [start: number, end: number]

/** Needles of at least this length are found in pieces: servers quote, and `plain` cuts, a part of a long token. */
const longLength = 48
/** Any piece of a long needle with twice this length, less one, contains one of its blocks whole. */
const blockLength = 16
const everyBlock = new RegExp(`[^]{${blockLength}}`, "g")
const shortestNeedle = 4
/** How much of a block is hashed. */
const hashedLength = 8
/** Sizes of the tables of hashes. */
const shortHashes = 65_536
const blockHashes = 262_144
/** More equal blocks would make a repetitive text slow. */
const maxEqualBlocks = 50

/** Finds many needles in one pass over a text: its time hardly depends on their number. */
export class Needles {
  /** Short needles by their first characters. */
  private readonly shorts = new Map<string, string[]>()
  private readonly longs: string[] = []
  /** Of the long needles, without their places: these are looked for only where a block was found. */
  private readonly blocks = new Set<string>()
  /** By hash of the first characters: whether a short needle, or a block, may begin with them. */
  private readonly shortBegins = new Uint8Array(shortHashes)
  private readonly blockBegins = new Uint8Array(blockHashes)

  get isEmpty(): boolean {
    return this.shorts.size === 0 && this.longs.length === 0
  }

  /** A shorter needle than 4 characters is not searched for. */
  add(needle: string): void {
    if (needle.length < shortestNeedle) return
    if (needle.length >= longLength) {
      this.addLong(needle)
      return
    }
    const key = needle.slice(0, shortestNeedle)
    this.shortBegins[shortIndex(hashOf(key, shortestNeedle))] = 1
    const same = this.shorts.get(key) ?? []
    if (!same.includes(needle)) this.shorts.set(key, [...same, needle])
  }

  /** Many thousand blocks of an assertion are cut while the user waits: by the engine's own functions. */
  private addLong(needle: string): void {
    if (this.longs.includes(needle)) return
    this.longs.push(needle)
    for (const block of needle.match(everyBlock) ?? []) {
      const before = this.blocks.size
      this.blocks.add(block)
      if (this.blocks.size > before) this.blockBegins[blockIndex(hashOf(block, hashedLength))] = 1
    }
  }

  /** @returns the places in the source of the text */
  find(derived: Derived): Span[] {
    const { text } = derived
    const spans: Span[] = []
    const report = (from: number, to: number) =>
      spans.push([sourceStart(derived, from), sourceEnd(derived, to - 1)])
    let hash = 0
    let blocksFrom = 0
    for (let last = 0; last < text.length; last++) {
      hash = nextHash(hash, text.charCodeAt(last))
      if (this.shortBegins[shortIndex(hash)] !== 0) {
        const index = last + 1 - shortestNeedle
        for (const needle of this.shorts.get(text.slice(index, last + 1)) ?? []) {
          const end = endOfShort(text, index, needle)
          if (end !== undefined) report(index, end)
        }
      }
      const index = last + 1 - hashedLength
      if (this.blockBegins[blockIndex(hash)] === 0 || index < blocksFrom) continue
      const block = text.slice(index, index + blockLength)
      if (!this.blocks.has(block)) continue
      for (const [start, end] of this.extensions(text, index, block)) {
        report(start, end)
        // The blocks inside would find the same once more.
        blocksFrom = Math.max(blocksFrom, end - blockLength + 1)
      }
    }
    return spans
  }

  /** The pieces of long needles that stand in the text and contain the block at this place. */
  private extensions(text: string, index: number, block: string): Span[] {
    const found: Span[] = []
    for (const needle of this.longs) {
      let offset = needle.indexOf(block)
      for (let count = 0; offset >= 0 && count < maxEqualBlocks; count++) {
        found.push(extend(text, index, needle, offset))
        offset = needle.indexOf(block, offset + 1)
      }
    }
    return found
  }
}

/** A hash of the last eight characters, in 32 bits: those before are shifted out. Half of it is of the last four. */
const nextHash = (hash: number, character: number) => (hash << 4) ^ character
const shortIndex = (hash: number) => hash & (shortHashes - 1)
/** Knuth's multiplicative hashing: few characters of a text meet a block by accident. */
const blockIndex = (hash: number) => Math.imul(hash, 0x9e3779b1) >>> 14

/** The hash of the first characters. */
function hashOf(text: string, length: number): number {
  let hash = 0
  for (let at = 0; at < length; at++) hash = nextHash(hash, text.charCodeAt(at))
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

/** The longest piece of the needle around this block that stands in the text. */
function extend(text: string, index: number, needle: string, offset: number): Span {
  let before = 0
  while (offset > before && index > before && text[index - before - 1] === needle[offset - before - 1])
    before++
  let after = blockLength
  while (offset + after < needle.length && text[index + after] === needle[offset + after]) after++
  return [index - before, index + after]
}
