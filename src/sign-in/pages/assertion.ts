import { DOMParser, type Element, type Node, onErrorStopParsing } from "@xmldom/xmldom"
import * as xpath from "xpath"
import { PumError, plain } from "../../errors.ts"

// Documented by the library, and missing from its types.
declare module "xpath" {
  function parse(expression: string): XPathEvaluator
  interface XPathEvaluator {
    select1(options: { node: unknown }): unknown
  }
}

/** What this program reads in an assertion. AWS verifies the signature; nothing here is trusted further than that. */
export interface Assertion {
  /** The base64 text as it goes to AWS, white space removed. */
  readonly samlResponse: string
  /** The values of the Role attribute, untouched. */
  readonly roleValues: readonly string[]
  /** Until when AWS accepts it. */
  readonly redeemableUntil: Date | undefined
}

const sizeLimit = 2 * 1024 * 1024
const roleAttribute = "https://aws.amazon.com/SAML/Attributes/Role"

/**
 * Below the Response, step by step, whatever the prefixes are: `//` would visit and sort thousands of values.
 * Parsed once, while the user types: that takes longer than looking.
 */
function path(...names: readonly string[]): xpath.XPathEvaluator {
  return xpath.parse(`/*${names.map(name => `/*[local-name()='${name}']`).join("")}`)
}

const paths = {
  status: path("Status"),
  statusCode: xpath.parse("./*[local-name()='StatusCode']"),
  statusMessage: xpath.parse("./*[local-name()='StatusMessage']"),
  encrypted: path("EncryptedAssertion"),
  roles: xpath.parse(
    `/*/*[local-name()='Assertion']/*[local-name()='AttributeStatement']/*[local-name()='Attribute' and @Name='${roleAttribute}']`,
  ),
  confirmation: path("Assertion", "Subject", "SubjectConfirmation", "SubjectConfirmationData"),
}

/**
 * Reads a SAMLResponse. Prefixes of namespaces do not matter; a DOCTYPE, which could define entities that
 * grow without end, is refused before anything is parsed.
 * @param field the value of the token page's hidden input: base64, possibly wrapped
 * @throws PumError `idpPage`, `idpUnsafe`
 */
export function readAssertion(field: string): Assertion {
  const samlResponse = field.replace(/\s+/g, "")
  if (samlResponse.length > sizeLimit)
    throw new PumError("idpUnsafe", "the assertion is larger than 2 MB; it was not read")
  const xml = Buffer.from(samlResponse, "base64").toString("utf8")
  if (/<!DOCTYPE|<!ENTITY/i.test(xml))
    throw new PumError("idpUnsafe", "the assertion holds a DOCTYPE; it was not read")
  const root = parse(xml)
  const failure = statusOf(root)
  if (failure !== undefined) throw new PumError("idpPage", `ADFS sent no assertion: ${failure}`)
  if (first(root, paths.encrypted) !== undefined)
    throw new PumError("idpPage", "the assertion is encrypted; AWS could not read it")
  const attribute = first(root, paths.roles)
  const until = first(root, paths.confirmation)?.getAttribute("NotOnOrAfter")
  const redeemableUntil = new Date(until ?? Number.NaN)
  return {
    samlResponse,
    roleValues: attribute === undefined ? [] : valuesOf(attribute),
    redeemableUntil: Number.isNaN(redeemableUntil.getTime()) ? undefined : redeemableUntil,
  }
}

const rehearsedRole = "arn:aws:iam::000000000000:role/r,arn:aws:iam::000000000000:saml-provider/p"

/** Reads an assertion of our own, shaped like a real one, so that the real one is read faster. */
export function rehearseSaml(): Assertion {
  const element = (name: string, attributes: string, content: string) =>
    `<${name} ${attributes}>${content}</${name}>`
  const value = `<AttributeValue>${rehearsedRole}</AttributeValue>`
  const assertion = element(
    "Assertion",
    'xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_0" Version="2.0"',
    [
      "<Issuer>i</Issuer>",
      element(
        "ds:Signature",
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"',
        `<ds:SignatureValue>${"A+/=".repeat(80)}</ds:SignatureValue>`,
      ),
      '<Subject><NameID>n</NameID><SubjectConfirmation Method="m"><SubjectConfirmationData NotOnOrAfter="2030-01-01T00:00:00.000Z" Recipient="r"/></SubjectConfirmation></Subject>',
      `<AttributeStatement><Attribute Name="n">${value}</Attribute><Attribute Name="${roleAttribute}">${value}${value}</Attribute></AttributeStatement>`,
    ].join(""),
  )
  const status =
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
  const response = element(
    "samlp:Response",
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"',
    status + assertion,
  )
  const field = Buffer.from(response).toString("base64")
  // The second time goes through what the first has only compiled.
  readAssertion(field)
  return readAssertion(field)
}

function parse(xml: string): Node {
  try {
    return new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, "text/xml")
  } catch (cause) {
    throw new PumError("idpPage", "the assertion is not well-formed XML", { cause })
  }
}

/** The status codes and message of a response that is no success (SAML 2.0 core, 3.2.2). */
function statusOf(root: Node): string | undefined {
  const status = first(root, paths.status)
  const code = status === undefined ? undefined : first(status, paths.statusCode)
  const value = code?.getAttribute("Value")
  if (status === undefined || value === null || value === undefined || value.endsWith(":Success"))
    return undefined
  const message = first(status, paths.statusMessage)?.textContent ?? ""
  const inner = code === undefined ? undefined : first(code, paths.statusCode)?.getAttribute("Value")
  const shortest = (urn: string) => urn.slice(urn.lastIndexOf(":") + 1)
  return plain([shortest(value), shortest(inner ?? ""), message].filter(text => text !== "").join(", "))
}

/** Finds the element at an expression, relative to `from`. */
function first(from: Node, expression: xpath.XPathEvaluator): Element | undefined {
  return (expression.select1({ node: from }) as Element | null | undefined) ?? undefined
}

/** Walks instead of selecting: 2,000 values take less than a millisecond this way, and half a second by xpath. */
function valuesOf(attribute: Element): string[] {
  const values: string[] = []
  for (let child = attribute.firstChild; child !== null; child = child.nextSibling) {
    if (child.localName === "AttributeValue") values.push(child.textContent ?? "")
  }
  return values
}
