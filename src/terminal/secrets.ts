import type { Environment } from "../platform/platform.ts"
import { type Derived, decode, derivedFrom, replaceMatches } from "./decode.ts"
import { Needles, type Span } from "./needles.ts"
import type { Row } from "./rows.ts"

/** How often a text may be encoded, one encoding on top of another. */
const maxEncodings = 6
/** Base64 of a longer secret is not looked for: an assertion is in base64 itself. */
const maxBase64Source = 8_000

/**
 * Texts that must not be shown, in whatever encoding a server quotes them: percent-encoding, form encoding, HTML, JSON,
 * base64, several of them one upon another, with blanks folded, and with letters beyond ASCII garbled by another
 * character set. A text that is to be shown is decoded step by step, and searched at each step.
 */
export class Secrets {
  private readonly known = new Set<string>()
  /** Those that are not in the needles yet: most runs show no text that has to be searched after the last secret. */
  private added: string[] = []
  private readonly folded = new Needles()
  private readonly base64 = new Needles()
  private readonly ascii = new Needles()

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret)
  }

  add(secret: string): void {
    if (this.known.has(secret)) return
    this.known.add(secret)
    this.added.push(secret)
  }

  /** The text with `[redacted]` in place of every secret. */
  redact(text: string): string {
    if (this.known.size === 0) return text
    this.takeIn()
    return withoutSpans(text, this.find(text))
  }

  /**
   * The same for a text of a menu, but a new assertion is not looked for, to save time: the roles come out of it, and a
   * piece of its base64 that fits a cell is of no use.
   */
  redactInMenu(text: string): string {
    this.takeIn(maxBase64Source)
    return withoutSpans(text, this.find(text))
  }

  /** The same for the rows of a menu. All cells are searched as one text, which is faster, and hardly ever hold a secret. */
  redactRows(rows: readonly Row[]): readonly Row[] {
    const all = rows.flat().join(" ")
    if (this.redactInMenu(all) === all) return rows
    return rows.map(row => row.map(text => this.redactInMenu(text)))
  }

  /**
   * Makes needles of the secrets that were added last.
   * @param maxLength longer ones wait for a later call
   */
  takeIn(maxLength = Number.POSITIVE_INFINITY): void {
    for (const secret of this.added) if (secret.length <= maxLength) this.addNeedles(secret)
    this.added = this.added.filter(({ length }) => length > maxLength)
  }

  private addNeedles(secret: string): void {
    for (const { text } of decodings(secret)) {
      const folded = text.replace(blanks, " ").trim()
      // A short ordinary word also stands in our own messages: redacting it there would tell what the secret is.
      const isOrdinary = folded.length < 10 && /^[a-z]*$/i.test(folded)
      if (!isOrdinary) this.folded.add(folded)
      if (!/[^\x00-\x7f]/.test(secret)) continue
      const ascii = text.replace(notAscii, " ").trim()
      if (ascii.length > 5) this.ascii.add(ascii)
    }
    if (secret.length <= maxBase64Source) for (const needle of base64Forms(secret)) this.base64.add(needle)
  }

  private find(text: string): Span[] {
    return decodings(text).flatMap(step => [
      ...this.folded.find(fold(step)),
      ...this.base64.find(foldBase64(step)),
      ...(this.ascii.isEmpty ? [] : this.ascii.find(foldToAscii(step))),
    ])
  }
}

/** The text as it is, decoded once, twice and so on. */
function decodings(text: string): Derived[] {
  const steps = [derivedFrom(text)]
  for (let last = steps[0]; last !== undefined && steps.length <= maxEncodings; ) {
    const next = decode(last)
    if (next === last) break
    steps.push(next)
    last = next
  }
  return steps
}

/** What is one blank after `plain`, or before form encoding. */
const blank = "[\\s\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff+]"
/** All but single blanks. Begins with what most characters are not: fast. */
const blanks = new RegExp(`${blank}(?:${blank}+|(?<! ))`, "g")
/** What a server that works in another character set may write in another way. */
const notAscii = /[^!-*,->@-~]+/g

const byBlank = (match: string) => [{ by: " ", length: match.length }]
const byNothing = (match: string) => [{ by: "", length: match.length }]

const fold = (derived: Derived) => replaceMatches(derived, blanks, byBlank)
const foldToAscii = (derived: Derived) => replaceMatches(derived, notAscii, byBlank)

/** Line ends of base64 (RFC 1421 and 2045: after 64 or 76 characters), which `plain` makes blanks. The same here. */
const lineEnds = /(?=\s)(?<=[\w+/-]{64})\s+/g

/** Without line ends, and in the alphabet of base64 for base64url. */
function foldBase64(derived: Derived): Derived {
  const joined = replaceMatches(derived, lineEnds, byNothing)
  return { ...joined, text: joined.text.replace(/-/g, "+").replace(/_/g, "/") }
}

/**
 * What base64 has of a secret that begins at each of the three positions in a group of three bytes: the characters
 * that do not depend on the bytes around it.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map(before => {
    const first = Math.ceil((before * 8) / 6)
    const end = Math.floor(((before + bytes.length) * 8) / 6)
    return Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .slice(first, end)
  })
}

function withoutSpans(text: string, spans: readonly Span[]): string {
  let result = ""
  let end = 0
  for (const [start, next] of [...spans].sort(([one], [other]) => one - other)) {
    if (start >= end) result += `${text.slice(end, start)}[redacted]`
    end = Math.max(end, next)
  }
  return result + text.slice(end)
}

/** The passwords in the proxy addresses of the environment, also where an address cannot be used. */
export function proxyPasswords(env: Environment): string[] {
  return Object.entries(env)
    .filter(([name]) => /_proxy$/i.test(name))
    .map(([, address]) => /^(?:[\w+.-]+:\/\/)?[^:/]*:(.*)@/.exec(address ?? "")?.[1])
    .filter(password => password !== undefined)
}
