import fc from "fast-check"

/** Keys that the program writes into a profile. */
export const ownKeys = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "x_principal_arn",
  "x_security_token_expires",
  "region",
  "aws_security_token",
]

const oneOf = fc.constantFrom<string[]>
const lineEnd = oneOf("\n", "\n", "\r\n", "\r")
const spaces = oneOf("", "", "", " ", "  ", "\t", "\u00a0", "\u3000")
const values = fc.oneof(
  oneOf(
    "",
    "v",
    "a=b==",
    "k # no comment",
    "k ; no comment",
    "a#b",
    '"quoted"',
    "x:y",
    "[x]",
    "wJalr/+=",
    "%(x)s",
  ),
  oneOf("æøå", "日本語", "😀", "a\u2028b", "a\u0085b", "a\u001cb", "a\ufeff", "line\u000bfeed", "eu-north-1"),
  fc.string({ maxLength: 12 }).map(text => text.replace(/[\r\n]/g, " ")),
)
const freeKeys = oneOf("output", "cli_pager", "s3", "x", "Ключ", "a b", "role_arn", "[odd", "#x", "İ", "ΑΣ")
const keys = fc.oneof(oneOf(...ownKeys), oneOf(...ownKeys.map(key => key.toUpperCase())), freeKeys)
const knownNames = oneOf(
  "default",
  "vadfs",
  "profile vadfs",
  'profile "vadfs"',
  "profile 'with space'",
  "DEFAULT",
  " vadfs",
  "profile  x ",
  "profile default",
  "vadfs] x",
  "a.b/c@d+e",
  "preview",
  "sso-session s",
  'profile "open',
  "profilex vadfs",
  "日本",
)
const quotedNames = fc
  .string({ unit: oneOf("a", "b", "'", '"', "\\", " "), maxLength: 8 })
  .map(name => `profile ${name}`)
const sectionNames = fc.oneof({ weight: 4, arbitrary: knownNames }, { weight: 1, arbitrary: quotedNames })
const notes = oneOf("# a comment", "; another", "#", "  # indented", "\t;", "# [vadfs]", ";region = x")
const blanks = oneOf("", "", "  ", "\t", "\u00a0", "\u001c")

const header = fc
  .tuple(spaces, sectionNames, oneOf("", "", " ; trailing", " x", "]"))
  .map(([indent, name, rest]) => `${indent}[${name}]${rest}`)
const option = fc
  .tuple(spaces, keys, oneOf("", " ", "  "), oneOf("=", "=", "=", ":"), oneOf("", " ", "\t"), values)
  .map(parts => parts.join(""))
const nested = fc
  .tuple(
    oneOf("s3", "api", "region", "aws_session_token"),
    oneOf("", " ", "v"),
    fc.array(
      fc.tuple(
        oneOf("  ", "\t", "    "),
        oneOf("a", "b", "region", "no pair"),
        oneOf("=", " = ", " = ", ":"),
        values,
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([key, value, lines]) => [`${key} =${value}`, ...lines.map(parts => parts.join(""))])
const anyLine = fc.oneof(
  { weight: 3, arbitrary: option.map(line => [line]) },
  { weight: 2, arbitrary: header.map(line => [line]) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: notes.map(line => [line]) },
  { weight: 1, arbitrary: blanks.map(line => [line]) },
)

/** Text of any shape. botocore refuses much of it. */
const roughText = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(anyLine, lineEnd), { maxLength: 9 }), fc.nat(4))
  .map(([headed, blocks, cut]) => {
    const text = blocks.map(([lines, end]) => lines.map(line => line + end).join("")).join("")
    return (headed ? "[default]\n" : "") + (cut === 0 ? text.slice(0, -1) : text)
  })

/** The key without a first character that would make its line a header or a comment. */
const atLineStart = (key: string) => key.replace(/^[[#;]/, "")

/** Text that botocore reads: each section and key once, nested blocks of pairs only. */
export const tidyText = fc
  .tuple(
    fc.uniqueArray(fc.tuple(oneOf("", "", "", " ", "\t\t"), sectionNames, oneOf("", "", " ; trailing")), {
      selector: ([, name]) => name,
      maxLength: 5,
    }),
    fc.array(
      fc.tuple(
        fc.uniqueArray(fc.tuple(keys, oneOf("=", " = ", ":", "\t=\t"), values), {
          selector: ([key]) => atLineStart(key).trim().toLowerCase(),
          maxLength: 7,
        }),
        fc.array(fc.oneof(notes, blanks), { minLength: 8, maxLength: 8 }),
        oneOf("", "", " ", "   "),
        fc.nat(15),
      ),
      { minLength: 5, maxLength: 5 },
    ),
    lineEnd,
    fc.array(lineEnd, { minLength: 3, maxLength: 3 }),
    fc.nat(3),
  )
  .map(([headers, bodies, end, otherEnds, shape]) => {
    const lines: string[] = []
    for (const [at, [indent, name, rest]] of headers.entries()) {
      lines.push(`${indent}[${name}]${rest}`)
      const [options = [], extras = [], inner = "", block = 0] = bodies[at] ?? []
      // For Python a smaller indentation ends a block, so all keys of a section have the same one.
      const room = at + 1 < headers.length ? (headers[at + 1]?.[0] ?? "") : ""
      const keyIndent = inner.length >= room.length ? inner : room
      for (const [number, [key, delimiter, value]] of options.entries()) {
        if (number < 3) lines.push(extras[number] ?? "")
        if (number === block)
          lines.push(`${keyIndent}block${delimiter}`, `${keyIndent}  a = 1`, "", `${keyIndent}\tregion = 2`)
        lines.push(`${keyIndent}${atLineStart(key)}${delimiter}${value}`)
      }
      lines.push(...extras.slice(3, 3 + (block % 5)))
    }
    const endOf = (at: number) => (shape === 0 ? (otherEnds[at % 3] ?? end) : end)
    const text = lines.map((line, at) => line + endOf(at)).join("")
    return shape === 1 ? text.replace(/(\r\n|\n|\r)$/, "") : text
  })

/** A readable text with one change that may damage it. */
const damagedText = fc
  .tuple(
    tidyText,
    fc.nat(),
    oneOf("cut", "drop", "twice", "put"),
    oneOf("[", "=", "\n", " ", "\ufeff", "[x", "x\n", "]", "\n  y", "\n[default]\n"),
  )
  .map(([text, seed, what, put]) => {
    const at = seed % (text.length + 1)
    if (what === "cut") return text.slice(0, at)
    if (what === "drop") return text.slice(0, at) + text.slice(at + 1)
    if (what === "twice") return text + text.slice(at)
    return text.slice(0, at) + put + text.slice(at)
  })

/** Any of these texts. Half a surrogate pair is replaced: UTF-8 cannot hold it. */
export const anyText = fc
  .oneof(roughText, tidyText, damagedText)
  .map(text => text.replace(/\p{Surrogate}/gu, "\ufffd"))
