import { decodeByte } from "../http/page-text.ts"
import type { Form } from "./pages/form/form.ts"

/**
 * The body of a post, as a browser sends it: line breaks as CR LF, and in the encoding of the page that the form is on
 * (HTML, "form submission"; Encoding, "encode"). A character that it does not have becomes a numeric entity, as there.
 * @param encoding a name that TextDecoder knows; one of several bytes a character counts as UTF-8
 */
export function formBody(form: Form, encoding: string): string {
  const fields = form.fields.map(pair => pair.map(text => text.replace(/\r\n?|\n/g, "\r\n")))
  const bytes = encoding === "utf-8" ? undefined : singleBytes(encoding)
  if (bytes === undefined) return new URLSearchParams(fields).toString()
  const encoded = (character: string) =>
    bytes.get(character) ?? [...Buffer.from(`&#${character.codePointAt(0)};`)]
  const written = (text: string) => percentEncoded([...text].flatMap(encoded))
  return fields.map(pair => pair.map(written).join("=")).join("&")
}

function percentEncoded(bytes: readonly number[]): string {
  let text = ""
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    if (byte === 0x20) text += "+"
    else if (/[\w*.-]/.test(character)) text += character
    else text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  }
  return text
}

/** The byte of each character, or undefined for an encoding in which some characters take several. */
function singleBytes(encoding: string): ReadonlyMap<string, number> | undefined {
  const bytes = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    const character = decodeByte(byte, encoding)
    if (byte < 128 && character !== String.fromCharCode(byte)) return undefined
    if (character !== "\ufffd") bytes.set(character, byte)
  }
  return bytes.size > 128 ? bytes : undefined
}
