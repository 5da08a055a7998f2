/** Only so far a page is searched for its own word of its encoding (HTML, "prescan a byte stream"). */
const prescanned = 1024
const defaultEncoding = "windows-1252"
/** 80 to 9F of windows-1252 (Encoding, index-windows-1252), which Node.js 20 and 22 take for Latin-1. */
const windowsCharacters = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"

/** A page and the encoding that it came in, by a name that TextDecoder knows. */
export interface PageText {
  readonly text: string
  readonly encoding: string
}

/**
 * Decodes a page as a browser does: by its byte order mark, else by the header, else by its `<meta charset>`. Without any
 * it is UTF-8 if it can be, else what old pages are.
 * @param contentType header of the answer
 */
export function readPageText(body: Uint8Array, contentType = ""): PageText {
  const start = Buffer.from(body.subarray(0, prescanned)).toString("latin1")
  const label = markOf(start) ?? charsetIn(contentType) ?? metaCharset(start)
  const encoding = label ?? "utf-8"
  const text = decoded(body, encoding, label === undefined)
  if (text !== undefined) return { text, encoding }
  return { text: decoded(body, defaultEncoding, false) ?? "", encoding: defaultEncoding }
}

/** A byte of an encoding that TextDecoder knows, as a character. */
export function decodeByte(byte: number, encoding: string): string {
  return decoded(Uint8Array.of(byte), encoding, false) ?? ""
}

export function decodePage(body: Uint8Array, contentType = ""): string {
  return readPageText(body, contentType).text
}

function markOf(start: string): string | undefined {
  if (start.startsWith("\u00ef\u00bb\u00bf")) return "utf-8"
  if (start.startsWith("\u00ff\u00fe")) return "utf-16le"
  return start.startsWith("\u00fe\u00ff") ? "utf-16be" : undefined
}

/** What could be read as ASCII so far is no UTF-16, whatever it says of itself. */
function metaCharset(start: string): string | undefined {
  const label = charsetIn(
    /<meta\b[^>]*\bcharset\b[^>]*/i.exec(start.replace(/<!--[\s\S]*?-->/g, ""))?.[0] ?? "",
  )
  return label?.startsWith("utf-16") ? "utf-8" : label
}

/** A name that is no encoding counts as absent. */
function charsetIn(text: string): string | undefined {
  const label = /\bcharset\s*=\s*["']?\s*([^\s"';>/]+)/i.exec(text)?.[1]
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/** @returns undefined if there is no such encoding, or, if `fatal`, the bytes are not in it */
function decoded(body: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal })
    const text = decoder.decode(body)
    if (decoder.encoding !== defaultEncoding) return text
    return text.replace(/[\x80-\x9f]/g, character => windowsCharacters[character.charCodeAt(0) - 0x80] ?? "")
  } catch {
    return undefined
  }
}
