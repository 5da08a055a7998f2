import { DOMParser, type Element, type Node, onErrorStopParsing } from "@xmldom/xmldom"
import * as xpath from "xpath"
import { PumError, plain } from "../../errors.ts"
import { checkXmlLimits } from "./xml-limits.ts"

// Documented by the library, but missing from its types.
declare module "xpath" {
  function parse(expression: string): XPathEvaluator
  interface XPathEvaluator {
    select1(options: { node: unknown }): unknown
  }
}

/** What this program reads in an assertion. It is not verified here: AWS verifies the signature. */
export interface Assertion {
  /** Base64, as AWS gets it: without white space. */
  readonly samlResponse: string
  /** The values of all Role attributes as they came. */
  readonly roleValues: readonly string[]
  /** Whom it is about: NameID and RoleSessionName; empty if it does not say. */
  readonly identity: string
}

const sizeLimit = 2 * 1024 * 1024
const roleAttribute = "https://aws.amazon.com/SAML/Attributes/Role"
const sessionNameAttribute = "https://aws.amazon.com/SAML/Attributes/RoleSessionName"

/**
 * A path of element names below the root, whatever their prefixes are; of several elements the first. Without `[1]` or
 * with `//`, thousands of elements would be visited and sorted. Expressions are parsed once, while the user types:
 * parsing takes longer than evaluating.
 */
function path(...names: readonly string[]): xpath.XPathEvaluator {
  return xpath.parse(`/*${names.map(name => `/*[local-name()='${name}'][1]`).join("")}`)
}

const expressions = {
  status: path("Status"),
  statusCode: xpath.parse("./*[local-name()='StatusCode'][1]"),
  statusMessage: xpath.parse("./*[local-name()='StatusMessage'][1]"),
  encrypted: path("EncryptedAssertion"),
}

/**
 * Reads a SAMLResponse, with any namespace prefixes. A DOCTYPE is refused before parsing: its entities could grow without
 * end.
 * @param field value of the token page's hidden input: base64, possibly wrapped
 * @throws PumError `idpPage`, `idpUnsafe`
 */
export function readAssertion(field: string): Assertion {
  const samlResponse = field.replace(/\s+/g, "")
  if (samlResponse.length > sizeLimit)
    throw new PumError("idpUnsafe", "the assertion is larger than 2 MB; it was not read")
  const xml = Buffer.from(samlResponse, "base64")
    .toString("utf8")
    .replace(/^\ufeff/, "")
  if (/<!DOCTYPE|<!ENTITY/i.test(xml))
    throw new PumError("idpUnsafe", "the assertion holds a DOCTYPE; it was not read")
  checkXmlLimits(xml)
  const root = parseXml(xml)
  const failure = failingStatus(root)
  if (failure !== undefined) throw new PumError("idpPage", `ADFS sent no assertion: ${failure}`)
  if (first(root, expressions.encrypted) !== undefined)
    throw new PumError("idpPage", "the assertion is encrypted; AWS could not read it")
  if (
    childrenIn(
      elementsIn(root, () => true),
      ["Assertion"],
    ).length === 0
  )
    throw new PumError("idpPage", "ADFS sent something else in the place of an assertion of SAML 2.0", {
      hint: "check --idp-url: it has to lead to AWS (loginToRp=urn:amazon:webservices)",
    })
  const identity = JSON.stringify([nameIn(root), attributeValuesIn(root, sessionNameAttribute)])
  return { samlResponse, roleValues: attributeValuesIn(root, roleAttribute), identity }
}

const rehearsedRoleValue = "arn:aws:iam::000000000000:role/r,arn:aws:iam::000000000000:saml-provider/p"

/** Reads an assertion made here, shaped like a real one: code that V8 has compiled reads the real one faster. */
export function rehearseSaml(): Assertion {
  const element = (name: string, attributes: string, content: string) =>
    `<${name} ${attributes}>${content}</${name}>`
  const value = `<AttributeValue>${rehearsedRoleValue}</AttributeValue>`
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
  // V8 optimizes some code at its second run only.
  readAssertion(field)
  return readAssertion(field)
}

function parseXml(xml: string): Node {
  try {
    return new DOMParser({ locator: false, onError: onErrorStopParsing }).parseFromString(xml, "text/xml")
  } catch (cause) {
    throw new PumError("idpPage", "the assertion is not well-formed XML", { cause })
  }
}

/** Codes and message of a status other than success (SAML 2.0 core, 3.2.2). */
function failingStatus(root: Node): string | undefined {
  const status = first(root, expressions.status)
  const code = status === undefined ? undefined : first(status, expressions.statusCode)
  const value = code?.getAttribute("Value")
  if (status === undefined || value === null || value === undefined || value.endsWith(":Success"))
    return undefined
  const message = first(status, expressions.statusMessage)?.textContent ?? ""
  const inner = code === undefined ? undefined : first(code, expressions.statusCode)?.getAttribute("Value")
  const shortest = (urn: string) => urn.slice(urn.lastIndexOf(":") + 1)
  return plain([shortest(value), shortest(inner ?? ""), message].filter(text => text !== "").join(", "))
}

/** Finds the element at an expression, relative to `from`. */
function first(from: Node, expression: xpath.XPathEvaluator): Element | undefined {
  return (expression.select1({ node: from }) as Element | null | undefined) ?? undefined
}

/** The NameIDs of all assertions. */
function nameIn(root: Node): string[] {
  return childrenIn([root], ["Response", "Assertion", "Subject", "NameID"]).map(
    element => element.textContent?.trim() ?? "",
  )
}

/** The elements at a path of names. */
function childrenIn(from: readonly Node[], names: readonly string[]): Element[] {
  const [name, ...deeper] = names
  const found = from.flatMap(parent => elementsIn(parent, ({ localName }) => localName === name))
  return deeper.length === 0 ? found : childrenIn(found, deeper)
}

/**
 * The values of every attribute of this name in every statement: AWS takes all roles. Walks the tree: 2,000 values take
 * less than a millisecond, and half a second by xpath.
 */
function attributeValuesIn(root: Node, attributeName: string): string[] {
  const responses = elementsIn(root, () => true)
  const statements = responses
    .flatMap(response => elementsIn(response, ({ localName }) => localName === "Assertion"))
    .flatMap(assertion => elementsIn(assertion, ({ localName }) => localName === "AttributeStatement"))
  return statements
    .flatMap(statement =>
      elementsIn(
        statement,
        element => element.localName === "Attribute" && element.getAttribute("Name") === attributeName,
      ),
    )
    .flatMap(attribute => elementsIn(attribute, ({ localName }) => localName === "AttributeValue"))
    .map(valueText)
}

/** All text in the element. To collect it from its parts takes ten times as long as to take the only one. */
function valueText(element: Element): string {
  const { firstChild, lastChild } = element
  const isOneText =
    firstChild !== null && firstChild === lastChild && firstChild.nodeType === firstChild.TEXT_NODE
  return (isOneText ? firstChild.nodeValue : element.textContent) ?? ""
}

function elementsIn(parent: Node, fits: (element: Element) => boolean): Element[] {
  const elements: Element[] = []
  for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
    const element = child.nodeType === child.ELEMENT_NODE ? (child as Element) : undefined
    if (element !== undefined && fits(element)) elements.push(element)
  }
  return elements
}
