import { describe, expect, it } from "vitest"
import { readAssertion } from "../../../../src/sign-in/pages/assertion.ts"

const roleAttribute = "https://aws.amazon.com/SAML/Attributes/Role"

function response(body: string, prefix = "saml"): string {
  const xml = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><${prefix}:Assertion xmlns:${prefix}="urn:oasis:names:tc:SAML:2.0:assertion">${body}</${prefix}:Assertion></samlp:Response>`
  return Buffer.from(xml).toString("base64")
}

function roles(values: readonly string[], prefix = "saml"): string {
  const list = values.map(value => `<${prefix}:AttributeValue>${value}</${prefix}:AttributeValue>`).join("\n")
  return `<${prefix}:AttributeStatement><${prefix}:Attribute Name="https://other"><${prefix}:AttributeValue>no</${prefix}:AttributeValue></${prefix}:Attribute><${prefix}:Attribute Name="${roleAttribute}">${list}</${prefix}:Attribute></${prefix}:AttributeStatement>`
}

describe("readAssertion", () => {
  it.each(["saml", "saml2", "a", "ns0"])("finds the roles whatever the namespace prefix is: %s", prefix => {
    expect(readAssertion(response(roles(["one", " two\n "], prefix), prefix)).roleValues).toEqual([
      "one",
      " two\n ",
    ])
  })

  it("joins base64 that is wrapped in lines, so that AWS gets it whole", () => {
    const whole = response(roles(["one"]))
    const wrapped = whole.replace(/(.{76})/g, "$1\r\n")
    const assertion = readAssertion(wrapped)
    expect(assertion.samlResponse).toBe(whole)
    expect(assertion.roleValues).toEqual(["one"])
  })

  it("reads an assertion behind a byte order mark", () => {
    const xml = Buffer.from(response(roles(["one"])), "base64").toString()
    expect(readAssertion(Buffer.from(`\ufeff${xml}`).toString("base64")).roleValues).toEqual(["one"])
  })

  it("reads values with entities and comments inside", () => {
    expect(readAssertion(response(roles(["a&amp;b", "c<!-- x -->d"]))).roleValues).toEqual(["a&b", "cd"])
  })

  it.each([
    [
      "several Role attributes",
      (one: string, two: string) => `<saml:AttributeStatement>${one}${two}</saml:AttributeStatement>`,
    ],
    [
      "several statements",
      (one: string, two: string) =>
        [one, two].map(own => `<saml:AttributeStatement>${own}</saml:AttributeStatement>`).join(""),
    ],
    [
      "an empty first attribute",
      (one: string, two: string) =>
        `<saml:AttributeStatement><saml:Attribute Name="${roleAttribute}"/>${one}${two}</saml:AttributeStatement>`,
    ],
    [
      "an empty first statement",
      (one: string, two: string) =>
        `<saml:AttributeStatement/><saml:AttributeStatement>${one}${two}</saml:AttributeStatement>`,
    ],
    [
      "several assertions",
      (one: string, two: string) =>
        `<saml:AttributeStatement>${one}</saml:AttributeStatement></saml:Assertion><saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:AttributeStatement>${two}</saml:AttributeStatement>`,
    ],
  ])("takes the roles of all: %s", (_, body) => {
    const attribute = (value: string) =>
      `<saml:Attribute Name="${roleAttribute}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`
    expect(readAssertion(response(body(attribute("one"), attribute("two")))).roleValues).toEqual([
      "one",
      "two",
    ])
  })

  it("gives no role where there is no role attribute", () => {
    expect(readAssertion(response("<saml:Subject/>")).roleValues).toEqual([])
  })

  it.each([
    [
      "a DOCTYPE",
      '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
      "idpUnsafe",
      "the assertion holds a DOCTYPE; it was not read",
    ],
    [
      "an entity",
      "<x><!ENTITY a SYSTEM 'file:///etc/passwd'></x>",
      "idpUnsafe",
      "the assertion holds a DOCTYPE; it was not read",
    ],
    ...[
      ["a web page", "<html><body>Sorry</body></html>"],
      ["SAML 1.1", '<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"><Status/></Response>'],
      ["another message", '<samlp:LogoutResponse xmlns:samlp="p"/>'],
    ].map(([what = "", xml = ""]): [string, string, string, string] => [
      what,
      xml,
      "idpPage",
      "ADFS sent something else in the place of an assertion of SAML 2.0",
    ]),
    ["broken XML", "<a><b></a>", "idpPage", "the assertion is not well-formed XML"],
    ["no XML", "hello", "idpPage", "the assertion is not well-formed XML"],
  ])("refuses %s", (_, xml, code, message) => {
    expect(() => readAssertion(Buffer.from(xml).toString("base64"))).toThrow(
      expect.objectContaining({ code, message }),
    )
  })

  it("says that an encrypted assertion is of no use", () => {
    const xml =
      '<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"><s:EncryptedAssertion xmlns:s="urn:x"/></p:Response>'
    expect(() => readAssertion(Buffer.from(xml).toString("base64"))).toThrow(
      expect.objectContaining({
        code: "idpPage",
        message: "the assertion is encrypted; AWS could not read it",
      }),
    )
  })

  it("refuses more than 2 MB without reading it", () => {
    expect(() => readAssertion("A".repeat(2 * 1024 * 1024 + 1))).toThrow(
      expect.objectContaining({
        code: "idpUnsafe",
        message: "the assertion is larger than 2 MB; it was not read",
      }),
    )
  })

  it("passes on why ADFS sent no assertion", () => {
    const xml =
      `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:RequestDenied"/></p:StatusCode><p:StatusMessage>not
 today\x1b[2J</p:StatusMessage></p:Status></p:Response>`.replace("\x1b", "")
    expect(() => readAssertion(Buffer.from(xml).toString("base64"))).toThrow(
      expect.objectContaining({
        code: "idpPage",
        message: "ADFS sent no assertion: Responder, RequestDenied, not today[2J",
      }),
    )
  })
})
