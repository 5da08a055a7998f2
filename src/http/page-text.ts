/** Only so far a page is searched for its own word of its encoding (HTML, "prescan a byte stream"). */
const prescanned = 1024
const defaultEncoding = "windows-1252"

/**
 * Decodes a page as a browser does: by its byte order mark, else by the header, else by its `<meta charset>`. Without any
 * it is UTF-8 if it can be, else what old pages are.
 * @param contentType header of the answer
 */
export function decodePage(body: Uint8Array, contentType = ""): string {
  const start = Buffer.from(body.subarray(0, prescanned)).toString("latin1")
  const label = markOf(start) ?? charsetIn(contentType) ?? charsetIn(metaIn(start))
  return decoded(body, label ?? "utf-8", label === undefined) ?? decoded(body, defaultEncoding, false) ?? ""
}

function markOf(start: string): string | undefined {
  if (start.startsWith("\u00ef\u00bb\u00bf")) return "utf-8"
  if (start.startsWith("\u00ff\u00fe")) return "utf-16le"
  return start.startsWith("\u00fe\u00ff") ? "utf-16be" : undefined
}

const metaIn = (start: string) => /<meta\b[^>]*\bcharset\b[^>]*/i.exec(start)?.[0] ?? ""

/** A name that is no encoding counts as absent. */
function charsetIn(text: string): string | undefined {
  const label = /\bcharset\s*=\s*["']?\s*([^\s"';>/]+)/i.exec(text)?.[1]
  return label !== undefined && decoded(new Uint8Array(), label, false) !== undefined ? label : undefined
}

/** @returns undefined if there is no such encoding, or, if `fatal`, the bytes are not in it */
function decoded(body: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    return new TextDecoder(label, { fatal }).decode(body)
  } catch {
    return undefined
  }
}
