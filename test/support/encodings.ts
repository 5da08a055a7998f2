/** The ways in which servers write a text that they quote. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": text => text,
  "percent-encoding of encodeURIComponent": encodeURIComponent,
  "percent-encoding of every byte": text => bytesOf(text, byte => `%${hex(byte).toUpperCase()}`),
  "percent-encoding of every byte in lower case": text => bytesOf(text, byte => `%${hex(byte)}`),
  "percent-encoding in ISO 8859-1": text =>
    text.replace(/[^\w.-]/g, character => `%${hex(character.charCodeAt(0) & 0xff).toUpperCase()}`),
  "form encoding": formEncoded,
  "form encoding in lower case": text => formEncoded(text).replace(/%../g, code => code.toLowerCase()),
  "form encoding in lower case of HTML": text =>
    inHtml(formEncoded(text).replace(/%../g, code => code.toLowerCase())),
  HTML: inHtml,
  "HTML in decimal numbers": text => points(text, point => `&#${point};`),
  "HTML in hexadecimal numbers": text => points(text, point => `&#x${point.toString(16).toUpperCase()};`),
  "HTML with names": text => text.replace(/[&<>"'%+;å]/g, character => `&${names[character]};`),
  "HTML twice": text => inHtml(inHtml(text)),
  JSON: text => JSON.stringify(text).slice(1, -1),
  "JSON in ASCII": text =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "JSON of every character": text =>
    [...Array(text.length).keys()]
      .map(index => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0").toUpperCase()}`)
      .join(""),
  "JSON with slashes, for HTML": text =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll("/", "\\/")
      .replace(/[&<>']/g, character => `\\u00${hex(character.charCodeAt(0))}`),
  "a script's string": text => text.replace(/[^\w]/g, unit => `\\x${hex(unit.charCodeAt(0) & 0xff)}`),
  "JSON in HTML": text => inHtml(JSON.stringify(text).slice(1, -1)),
  base64: text => base64(text),
  "base64 without padding": text => base64(text).replaceAll("=", ""),
  "base64 behind one byte": text => base64(`:${text}`),
  "base64 behind two bytes": text => base64(`u:${text}`),
  "base64 between others": text => base64(`password=${text}&code=1`),
  base64url: text => Buffer.from(`user:${text}`).toString("base64url"),
  "base64 in a form": text => encodeURIComponent(base64(text)),
  "base64 in lines": text => base64(`${"name=".repeat(20)}${text}`).replace(/.{64}/g, "$&\r\n"),
  "blanks folded": text => text.replace(/\s+/g, " "),
}

const hex = (byte: number) => byte.toString(16).padStart(2, "0")
const bytesOf = (text: string, write: (byte: number) => string) => [...Buffer.from(text)].map(write).join("")
const points = (text: string, write: (point: number) => string) =>
  [...text].map(character => write(character.codePointAt(0) ?? 0)).join("")
const base64 = (text: string) => Buffer.from(text).toString("base64")

function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2)
}

function inHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
}

const names: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
  "%": "percnt",
  "+": "plus",
  ";": "semi",
  å: "aring",
}
