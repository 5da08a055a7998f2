import { createHash, generateKeyPair, randomUUID } from "node:crypto"
import { promisify } from "node:util"
import { DOMParser, type Element } from "@xmldom/xmldom"
import { SignedXml } from "xml-crypto"
import { type KeyPair, selfSigned } from "../server/certificates.ts"
import { escapeXml as esc } from "../server/escape.ts"

/** Form of the assertion. Without options it is that of Visma's ADFS. */
export interface AssertionOptions {
  /** Namespace prefix of the elements of the assertion; default: none. */
  readonly prefix?: string
  /** Default: `role,provider`. `alternating`: every second value has the other order. */
  readonly roleOrder?: "role,provider" | "provider,role" | "alternating"
  /** Spaces and newlines around both ARNs of each value. */
  readonly padRoles?: boolean
  /** Further values of the Role attribute, sent as they are: junk, escape codes, other accounts. */
  readonly extraRoleValues?: readonly string[]
  /** Name in the ARN of the provider; default: `VismaADFS`. */
  readonly providerName?: string
  /** Value of the SessionDuration attribute, in seconds; default: no such attribute. */
  readonly sessionDuration?: number
  /** Default: the name of the user without the domain. */
  readonly roleSessionName?: string
  /** Base64 in lines of 76 characters that end with CRLF. */
  readonly wrapped?: boolean
  /** Seconds since it was issued. From 300 on STS refuses it. */
  readonly age?: number
  /** A DOCTYPE with an entity before the Response. */
  readonly doctype?: boolean
  /** The least size of the decoded document, in bytes. */
  readonly minBytes?: number
  /** A Response with this status and no assertion, e.g. `AuthnFailed`. */
  readonly failingStatus?: string
  /** Changes one character of the signed part after signing, so that STS refuses it. */
  readonly tampered?: boolean
}

const issuer = "http://federation.visma.com/adfs/services/trust"
const attributes = "https://aws.amazon.com/SAML/Attributes"
const namespaces = {
  assertion: "urn:oasis:names:tc:SAML:2.0:assertion",
  protocol: "urn:oasis:names:tc:SAML:2.0:protocol",
  signature: "http://www.w3.org/2000/09/xmldsig#",
}

interface SigningKey extends KeyPair {
  readonly certificate: string
}
/** Test files of one process load modules of their own, and share this. */
const shared = globalThis as { emulatedSigningKey?: Promise<SigningKey> }

/** The token-signing key of this process. Making it takes 100 ms; startWorld starts that without waiting. */
export function tokenSigningKey(): Promise<SigningKey> {
  shared.emulatedSigningKey ??= promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then(keys => ({
    ...keys,
    certificate: selfSigned("ADFS Signing - federation.visma.com", keys),
  }))
  return shared.emulatedSigningKey
}

/** Issues a SAML response in base64, as the token page of ADFS holds it. */
export async function issue(
  user: string,
  roles: readonly string[],
  options: AssertionOptions,
): Promise<string> {
  const issued = new Date(Date.now() - (options.age ?? 0) * 1000)
  const status = options.failingStatus
  const assertion =
    status === undefined ? signed(assertionXml(user, roles, options, issued), await tokenSigningKey()) : ""
  const xml = [
    options.doctype ? '<!DOCTYPE samlp:Response [<!ENTITY company "Visma">]>' : "",
    `<samlp:Response ID="_${randomUUID()}" Version="2.0" IssueInstant="${issued.toISOString()}"`,
    ` Destination="https://signin.aws.amazon.com/saml" xmlns:samlp="${namespaces.protocol}">`,
    `<Issuer xmlns="${namespaces.assertion}">${issuer}</Issuer>`,
    `<samlp:Status>${statusXml(status)}</samlp:Status>`,
    options.tampered ? assertion.replace(":role/", ":role/x") : assertion,
    "</samlp:Response>",
  ].join("")
  const encoded = Buffer.from(xml).toString("base64")
  return options.wrapped ? encoded.replace(/.{76}/g, "$&\r\n") : encoded
}

function statusXml(failing: string | undefined): string {
  const status = "urn:oasis:names:tc:SAML:2.0:status"
  if (failing === undefined) return `<samlp:StatusCode Value="${status}:Success"/>`
  const detail = `<samlp:StatusCode Value="${status}:${esc(failing)}"/>`
  return `<samlp:StatusCode Value="${status}:Responder">${detail}</samlp:StatusCode>`
}

function assertionXml(
  user: string,
  roles: readonly string[],
  options: AssertionOptions,
  issued: Date,
): string {
  const { prefix = "" } = options
  const p = prefix === "" ? "" : `${prefix}:`
  const later = (minutes: number) => new Date(issued.getTime() + minutes * 60_000).toISOString()
  const attribute = (name: string, values: readonly string[]) =>
    `<${p}Attribute Name="${name}">${values.map(value => `<${p}AttributeValue>${esc(value)}</${p}AttributeValue>`).join("")}</${p}Attribute>`
  const session = options.roleSessionName ?? sessionName(user)
  const roleValues = [...roles.map(roleValue(options)), ...(options.extraRoleValues ?? [])]
  const filler = "x".repeat(options.minBytes ?? 0)
  return [
    `<${p}Assertion ID="_${randomUUID()}" IssueInstant="${issued.toISOString()}" Version="2.0"`,
    ` xmlns${prefix === "" ? "" : `:${prefix}`}="${namespaces.assertion}"><${p}Issuer>${issuer}</${p}Issuer>`,
    `<${p}Subject><${p}NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${esc(user)}</${p}NameID>`,
    `<${p}SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><${p}SubjectConfirmationData`,
    ` NotOnOrAfter="${later(5)}" Recipient="https://signin.aws.amazon.com/saml"/></${p}SubjectConfirmation></${p}Subject>`,
    `<${p}Conditions NotBefore="${later(0)}" NotOnOrAfter="${later(60)}"><${p}AudienceRestriction>`,
    `<${p}Audience>urn:amazon:webservices</${p}Audience></${p}AudienceRestriction></${p}Conditions>`,
    `<${p}AttributeStatement>`,
    attribute(`${attributes}/RoleSessionName`, [session]),
    roleValues.length === 0 ? "" : attribute(`${attributes}/Role`, roleValues),
    options.sessionDuration === undefined
      ? ""
      : attribute(`${attributes}/SessionDuration`, [String(options.sessionDuration)]),
    filler === "" ? "" : attribute("http://schemas.visma.com/filler", [filler]),
    `</${p}AttributeStatement><${p}AuthnStatement AuthnInstant="${later(0)}"><${p}AuthnContext>`,
    `<${p}AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</${p}AuthnContextClassRef>`,
    `</${p}AuthnContext></${p}AuthnStatement></${p}Assertion>`,
  ].join("")
}

const sessionName = (user: string) => user.replace(/^.*\\/, "").replace(/@.*$/, "")

/** ARN of the provider of a role, which has the same account and partition. */
export function providerOf(role: string, name = "VismaADFS"): string {
  return `${role.split(":").slice(0, 5).join(":")}:saml-provider/${name}`
}

function roleValue(options: AssertionOptions) {
  return (role: string, index: number): string => {
    const provider = providerOf(role, options.providerName)
    const order = options.roleOrder ?? "role,provider"
    const providerFirst = order === "provider,role" || (order === "alternating" && index % 2 === 1)
    const pair = providerFirst ? [provider, role] : [role, provider]
    return options.padRoles ? `\n      ${pair.join(" ,\n      ")}  \n    ` : pair.join(",")
  }
}

function signed(xml: string, key: SigningKey): string {
  const signature = new SignedXml({
    privateKey: key.privateKey.export({ type: "pkcs8", format: "pem" }),
    publicCert: key.certificate,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: "http://www.w3.org/2001/10/xml-exc-c14n#",
  })
  signature.addReference({
    xpath: "/*",
    transforms: [
      "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
      "http://www.w3.org/2001/10/xml-exc-c14n#",
    ],
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
  })
  signature.computeSignature(xml, {
    prefix: "ds",
    location: { reference: "/*/*[local-name(.)='Issuer']", action: "after" },
  })
  return signature.getSignedXml()
}

export interface VerifiedAssertion {
  readonly issuer: string
  readonly subject: string
  readonly roleSessionName: string
  readonly audience: string
  readonly redeemableUntil: Date
  /** Role and provider ARN of each value. */
  readonly pairs: readonly { readonly role: string; readonly provider: string }[]
}

const verified = new Map<string, VerifiedAssertion | undefined>()

/**
 * Reads a SAML response, from the bytes that its signature covers; `undefined` if this process did not sign it. The
 * result is cached: with twenty roles of one assertion the emulator would else be the slow part of a test.
 */
export async function verify(response: string): Promise<VerifiedAssertion | undefined> {
  const digest = createHash("sha256").update(response).digest("hex")
  if (!verified.has(digest)) verified.set(digest, readSigned(response, await tokenSigningKey()))
  return verified.get(digest)
}

function readSigned(response: string, key: SigningKey): VerifiedAssertion | undefined {
  const xml = Buffer.from(response, "base64").toString("utf8")
  const signatureXml = /<ds:Signature[ >].*<\/ds:Signature>/s.exec(xml)?.[0]
  if (signatureXml === undefined) return undefined
  const signature = new SignedXml({ publicCert: key.certificate })
  try {
    signature.loadSignature(signatureXml)
    if (!signature.checkSignature(xml)) return undefined
  } catch {
    return undefined
  }
  const document = new DOMParser().parseFromString(signature.getSignedReferences()[0] ?? "", "text/xml")
  const all = (name: string) => [...document.getElementsByTagNameNS(namespaces.assertion, name)]
  const first = (name: string) => all(name)[0]?.textContent ?? ""
  const values = (name: string) =>
    all("Attribute")
      .filter(attribute => attribute.getAttribute("Name") === `${attributes}/${name}`)
      .flatMap(attribute => [...attribute.childNodes])
      .map(value => (value.textContent ?? "").trim())
  return {
    issuer: first("Issuer"),
    subject: first("NameID"),
    roleSessionName: values("RoleSessionName")[0] ?? "",
    audience: first("Audience"),
    redeemableUntil: new Date(notOnOrAfter(all("SubjectConfirmationData")[0])),
    pairs: values("Role").flatMap(value => {
      const arns = value.split(",").map(arn => arn.trim())
      const role = arns.find(arn => arn.includes(":role/"))
      const provider = arns.find(arn => arn.includes(":saml-provider/"))
      return arns.length === 2 && role && provider ? [{ role, provider }] : []
    }),
  }
}

const notOnOrAfter = (element: Element | undefined) => element?.getAttribute("NotOnOrAfter") ?? ""
