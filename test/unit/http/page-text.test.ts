import { expect, it } from "vitest"
import { decodePage } from "../../../src/http/page-text.ts"

const text = "Pålogging"
const latin = (page: string) => Buffer.from(page, "latin1")
const utf16 = Buffer.from(`\ufeff${text}`, "utf16le")

it.each<[string, Uint8Array, string | undefined, string]>([
  ["UTF-8 by default", Buffer.from(text), undefined, text],
  ["Latin-1 by the header", latin(text), "text/html; Charset=ISO-8859-1", text],
  ["Latin-1 by the header, in quotes", latin(text), 'text/html;charset="iso-8859-1"', text],
  ["Polish by the header", Buffer.from([0x73, 0xb3, 0x6f]), "text/html; charset=iso-8859-2", "sło"],
  [
    "Latin-1 by meta charset",
    latin(`<META charset='latin1'>${text}`),
    "text/html",
    `<META charset='latin1'>${text}`,
  ],
  [
    "Latin-1 by meta http-equiv",
    latin(`<meta http-equiv=Content-Type content="text/html; charset=windows-1252">${text}`),
    undefined,
    `<meta http-equiv=Content-Type content="text/html; charset=windows-1252">${text}`,
  ],
  [
    "the header before meta",
    Buffer.from(`<meta charset=latin1>ø`),
    "text/html; charset=utf-8",
    "<meta charset=latin1>ø",
  ],
  [
    "what Windows has and Latin-1 has not",
    Buffer.from([0x80, 0x92, 0x9f, 0x81]),
    "text/html; charset=latin1",
    "€’Ÿ\x81",
  ],
  ["a byte order mark before the header", utf16, "text/html; charset=utf-8", text],
  ["no UTF-8, and no word of it", latin(text), "text/html", text],
  ["an encoding that is none", Buffer.from(text), "text/html; charset=unknown", text],
  [
    "UTF-8 that calls itself UTF-16",
    Buffer.from("<meta charset=utf-16>på"),
    "text/html",
    "<meta charset=utf-16>på",
  ],
  [
    "no meta in a comment",
    Buffer.from("<!-- <meta charset=latin1> -->på"),
    "text/html",
    "<!-- <meta charset=latin1> -->på",
  ],
  ["broken UTF-8 that is said to be UTF-8", latin("på"), "text/html; charset=utf-8", "p\ufffd"],
])("reads %s", (_, body, contentType, expected) => {
  expect(decodePage(body, contentType)).toBe(expected)
})
