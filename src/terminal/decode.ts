/** A text made of a source. */
export interface Derived {
  readonly text: string
  /** `undefined` if the text is the source itself. */
  readonly origin: Origin | undefined
}

/** Character `i` of the text stands for the source from `starts[i]` to `ends[i]`. */
interface Origin {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** The source itself, as a text derived from it. */
export function derivedFrom(source: string): Derived {
  return { text: source, origin: undefined }
}

/** Where the source of a character starts. */
export const sourceStart = ({ origin }: Derived, index: number) =>
  origin === undefined ? index : (origin.starts[index] ?? 0)

/** Where the source of a character ends. */
export const sourceEnd = ({ origin }: Derived, index: number) =>
  origin === undefined ? index + 1 : (origin.ends[index] ?? 0)

/** Replaces every match of a global pattern. No replacement is longer than what it replaces. */
export function replaceMatches(
  derived: Derived,
  pattern: RegExp,
  replacementOf: (match: string) => readonly DecodedPart[],
): Derived {
  const { text } = derived
  if (text.search(pattern) < 0) return derived
  const parts: string[] = []
  const starts = new Uint32Array(text.length)
  const ends = new Uint32Array(text.length)
  let length = 0
  let end = 0
  const copyUntil = (next: number) => {
    parts.push(text.slice(end, next))
    for (; end < next; end++, length++) {
      starts[length] = sourceStart(derived, end)
      ends[length] = sourceEnd(derived, end)
    }
  }
  for (const { 0: match, index } of text.matchAll(pattern)) {
    copyUntil(index)
    for (const replacement of replacementOf(match)) {
      parts.push(replacement.by)
      starts.fill(sourceStart(derived, end), length, length + replacement.by.length)
      ends.fill(sourceEnd(derived, end + replacement.length - 1), length, length + replacement.by.length)
      length += replacement.by.length
      end += replacement.length
    }
  }
  copyUntil(text.length)
  const origin = { starts: starts.subarray(0, length), ends: ends.subarray(0, length) }
  return { text: parts.join(""), origin }
}

/** The next `length` characters of a match, and what takes their place. */
export interface DecodedPart {
  readonly by: string
  readonly length: number
}

/** Percent-encoding, HTML character references, also without semicolon, and the escapes of JSON and JavaScript. */
const escapes =
  /(?:%[\da-f]{2})+|&#\d{1,7}(?:;|(?![\d…]))|&#x[\da-f]{1,6}(?:;|(?![\da-f…]))|&[a-z]{2,8}\d{0,2};|\\u[\da-f]{4}|\\x[\da-f]{2}|\\["'\\/bfnrt]/gi

/** Decodes every escape once. One text may mix all kinds. */
export function decode(derived: Derived): Derived {
  return replaceMatches(derived, escapes, readEscape)
}

function readEscape(encoded: string): readonly DecodedPart[] {
  if (encoded.startsWith("%")) return readPercent(encoded)
  const by = encoded.startsWith("\\") ? readBackslash(encoded) : readReference(encoded)
  return [{ by, length: encoded.length }]
}

/** Reads bytes as UTF-8, and those that are not as ISO 8859-1. */
function readPercent(encoded: string): readonly DecodedPart[] {
  const bytes = Buffer.from(encoded.replaceAll("%", ""), "hex")
  const read: DecodedPart[] = []
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] ?? 0
    const wanted = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    const character = bytes.toString("utf8", index, index + wanted)
    const isUtf8 = !character.includes("\ufffd")
    const count = isUtf8 ? wanted : 1
    read.push({ by: isUtf8 ? character : String.fromCharCode(first), length: 3 * count })
    index += count
  }
  return read
}

function readBackslash(encoded: string): string {
  if (/^\\[ux]./i.test(encoded)) return String.fromCharCode(Number.parseInt(encoded.slice(2), 16))
  const character = encoded.charAt(1)
  return controls[character] ?? character
}

const controls: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }

function readReference(encoded: string): string {
  const [, hex, digits] = /^&#(x?)([\da-f]+)/i.exec(encoded) ?? []
  if (digits === undefined) return readEntities().get(encoded.slice(1, -1)) ?? encoded
  const point = Number.parseInt(digits, hex === "" ? 10 : 16)
  return point <= 0x10ffff ? String.fromCodePoint(point) : encoded
}

/** HTML's names for ASCII characters and for the characters from 160 to 255 (HTML, section 13.5). */
let entities: ReadonlyMap<string, string> | undefined

function readEntities(): ReadonlyMap<string, string> {
  entities ??= new Map([
    ["Tab", "\t"],
    ["NewLine", "\n"],
    ...consecutive("!", "excl quot num dollar percnt amp apos lpar rpar ast plus comma"),
    ...consecutive(".", "period sol"),
    ...consecutive(":", "colon semi lt equals gt quest commat"),
    ...consecutive("[", "lsqb bsol rsqb Hat lowbar grave"),
    ...consecutive("{", "lcub verbar rcub"),
    ...consecutive(
      "\xa0",
      `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro
    para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil
    Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave
    Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute
    thorn yuml`,
    ),
  ])
  return entities
}

/** Names of characters that follow each other, from `first` on. */
function consecutive(first: string, names: string): [string, string][] {
  const start = first.charCodeAt(0)
  return names.split(/\s+/).map((name, index) => [name, String.fromCharCode(start + index)])
}
