import fc from "fast-check"
import { it } from "vitest"
import { plain } from "../../src/errors.ts"
import { Secrets } from "../../src/terminal/secrets.ts"
import { encodings } from "../support/encodings.ts"
import { checkProperty } from "../support/property.ts"

const character = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code)) },
  { weight: 2, arbitrary: fc.constantFrom(...`&"'<>%+;\\/ =åÅ€ß`, "%41", "&amp;", "\\u0041", "&#65;") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
)
/** Something that is no ordinary word, and is not lost among blanks. */
const secret = fc
  .array(character, { minLength: 5, maxLength: 40 })
  .map(characters => `${characters.join("")}7x_9`)

const exact = Object.entries(encodings).filter(([name]) => !/base64|8859|script/.test(name))
const encoding = fc.constantFrom(...exact)
const around = fc.constantFrom("", " ", "You sent: ", "(", "value=", '"')

it("no secret comes back, in whatever encodings, one upon another", async () => {
  await checkProperty(
    fc.property(secret, encoding, encoding, around, around, (text, [, inner], [, outer], before, after) => {
      const secrets = new Secrets()
      secrets.add(text)
      const quoted = outer(inner(text))
      const shown = secrets.redact(plain(`${before}${quoted}${after}`, 5_000))
      return shown === plain(`${before}[redacted]${after}`) || !shown.includes("7x_9")
    }),
    { runs: 3_000 },
  )
})

it("a text without secrets stays as it is", async () => {
  await checkProperty(
    fc.property(
      fc.array(character).map(all => all.join("")),
      text => {
        const secrets = new Secrets()
        secrets.add("C4nary å &\"'<>%+;/")
        return secrets.redact(text) === text
      },
    ),
    { runs: 1_000 },
  )
})
