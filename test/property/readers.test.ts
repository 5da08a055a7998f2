import fc from "fast-check"
import { expect, it } from "vitest"
import { readRoles } from "../../src/domain/roles.ts"
import { PumError } from "../../src/errors.ts"
import { proxyFor } from "../../src/http/proxy.ts"
import { parseConfig } from "../../src/options/config-file.ts"
import { parseEnvFile } from "../../src/options/env-file.ts"
import { readOnDemandLine } from "../../src/profiles/on-demand-line.ts"
import { parseKeptRequest, parseKeptSession } from "../../src/sessions/session-file.ts"
import { readAssertion } from "../../src/sign-in/pages/assertion.ts"
import { readPage } from "../../src/sign-in/pages/page.ts"
import { checkProperty } from "../support/property.ts"

/** Text of pieces that the reader knows, in any order, with anything between them. */
const textOf = (...pieces: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 })), {
      maxLength: 20,
    })
    .map(parts => parts.join(""))

const html = textOf(
  "<form method=post action='/x'>",
  "</form>",
  "<input name=UserName>",
  "<input type=password name=Password>",
  "<input type=hidden name=AuthMethod value=FormsAuthentication>",
  "<input name=SAMLResponse value='PFJlc3BvbnNlPg=='>",
  "<script>document.forms[0].submit()</script>",
  "<div id=errorText>wrong</div>",
  "<select name=a><option value=1>",
  "<table><tr>",
  "&#0;",
  "<!--",
)
const scriptWords =
  "if else for while catch do location href replace assign = '/x' . window onload addEventListener 'load' go f submit click bind call setTimeout , ; => function async await return document forms [0] 3".split(
    " ",
  )
/** Code with brackets that fit together: of other code nothing is read. */
const script = fc.letrec<{ code: string }>(tie => {
  const inBrackets = fc
    .constantFrom("()", "[]", "{}")
    .chain(([open = "", close = ""]) => tie("code").map(code => `${open}${code}${close}`))
  const part = fc.oneof({ depthSize: "small" }, fc.constantFrom(...scriptWords), inBrackets)
  return { code: fc.array(part, { maxLength: 10 }).map(parts => parts.join(" ")) }
}).code
const xml = textOf(
  "<Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol'>",
  "</Response>",
  "<Assertion xmlns='urn:oasis:names:tc:SAML:2.0:assertion'>",
  "<Attribute Name='https://aws.amazon.com/SAML/Attributes/Role'>",
  "<AttributeValue>",
  "arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:saml-provider/b",
  "</AttributeValue>",
  "</Attribute>",
  "</Assertion>",
  "<!DOCTYPE x>",
  "&amp;",
).map(text => Buffer.from(text).toString("base64"))
const json = fc.oneof(
  fc.json(),
  textOf('{"version":1,"key":"a","session":{', '"role":{}', "}", ",", '"ends":1'),
)

const readers: readonly (readonly [string, fc.Arbitrary<string>, (text: string) => unknown])[] = [
  ["a page", html, text => readPage(text, "https://adfs.example.com/adfs/ls/")],
  [
    "a script of a page",
    script,
    text => {
      const factor = "<form method=post><input type=hidden name=AuthMethod value=A></form>"
      for (const form of ["", factor])
        readPage(`${form}<script>${text}</script>`, "https://adfs.example.com/adfs/ls/")
    },
  ],
  ["an assertion", fc.oneof(xml, fc.string()), readAssertion],
  [
    "a role value",
    textOf("arn:aws:iam::1:role/a", ",", "arn:aws:iam::1:saml-provider/b"),
    text => readRoles([text]),
  ],
  [
    "~/.pum-aws",
    textOf("[default]\n", "[profile a]\n", "role", " = ", "\n", "#", "[account-mapping]\n"),
    text => parseConfig(text, "file", new Set(["role"])),
  ],
  [
    "an env file",
    textOf("PUM_ROLE", "=", "'", '"', "\n", "export ", " #"),
    text => parseEnvFile(text, "file"),
  ],
  ["a kept session", json, parseKeptSession],
  ["a kept request", json, parseKeptRequest],
  [
    "a credential_process line",
    textOf("/usr/bin/node ", "/x/pum-aws", " --credential-process", " --profile a", '"', "\\"),
    readOnDemandLine,
  ],
  [
    "a proxy address",
    textOf("http://", "user", ":", "@", "proxy", "%", "\\", "8080"),
    text => proxyFor(new URL("https://x.example.com"), { HTTPS_PROXY: text, NO_PROXY: text }),
  ],
]

it.each(readers)(
  "%s of any text is read or refused in words, and never crashes the program",
  async (_, texts, read) => {
    await checkProperty(
      fc.property(texts, text => {
        try {
          read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(PumError)
        }
      }),
      { runs: 200 },
    )
  },
)
