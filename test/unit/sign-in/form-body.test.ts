import { expect, it } from "vitest"
import { formBody } from "../../../src/sign-in/form-body.ts"

it.each<[string, string, string, string]>([
  ["UTF-8", "utf-8", "blå *-._~ b", "a+%26=bl%C3%A5+*-._%7E+b"],
  ["line breaks", "utf-8", "1\n2\r\n3\r4", "a+%26=1%0D%0A2%0D%0A3%0D%0A4"],
  ["Latin-1", "windows-1252", "blå €*-._~ b", "a+%26=bl%E5+%80*-._%7E+b"],
  ["Latvian", "windows-1257", "kā", "a+%26=k%E2"],
  ["a character that the encoding does not have", "windows-1252", "ā", "a+%26=%26%23257%3B"],
  ["an encoding of several bytes a character", "shift_jis", "å", "a+%26=%C3%A5"],
  ["one that is no ASCII", "utf-16le", "å", "a+%26=%C3%A5"],
])("sends %s as a browser does", (_, encoding, value, body) => {
  expect(formBody({ action: "https://x/", fields: [["a &", value]] }, encoding)).toBe(body)
})
