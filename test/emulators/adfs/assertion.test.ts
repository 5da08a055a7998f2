import { createPublicKey, verify as verifySignature, X509Certificate } from "node:crypto"
import { DOMParser } from "@xmldom/xmldom"
import { describe, expect, it } from "vitest"
import { issue, providerOf, verify } from "./assertion.ts"

const roles = [
  "arn:aws:iam::095344953043:role/PowerUserAccess",
  "arn:aws-cn:iam::039882259752:role/path/View",
]
const user = "adm\\dev_aly"
const decode = (response: string) => Buffer.from(response, "base64").toString("utf8")
const text = (xml: string, name: string) =>
  [...new DOMParser().parseFromString(xml, "text/xml").getElementsByTagNameNS("*", name)].map(
    element => element.textContent,
  )

describe("an assertion", () => {
  it("has the parts that Visma's has", async () => {
    const xml = decode(await issue(user, roles, {}))
    expect(xml).toMatch(/^<samlp:Response /)
    expect(text(xml, "Issuer")).toEqual(Array(2).fill("http://federation.visma.com/adfs/services/trust"))
    expect(xml).toContain('Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"')
    const times = [...xml.matchAll(/(IssueInstant|NotOnOrAfter)="([^"]+)"/g)].map(([, , time = ""]) =>
      Date.parse(time),
    )
    const [issued = 0, , confirmation = 0, conditions = 0] = times
    expect([confirmation - issued, conditions - issued]).toEqual([5 * 60_000, 60 * 60_000])
    expect(text(xml, "AttributeValue")).toEqual([
      "dev_aly",
      ...roles.map(role => `${role},${providerOf(role)}`),
    ])
  })

  it("is signed by the key whose certificate it holds", async () => {
    const xml = decode(await issue(user, roles, {}))
    const certificate = new X509Certificate(Buffer.from(text(xml, "X509Certificate")[0] ?? "", "base64"))
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
    // The signed bytes, built by hand: SignedInfo in its exclusive canonical form.
    const signedInfo = /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(xml)?.[0] ?? ""
    const canonical = signedInfo
      .replace("<ds:SignedInfo>", '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
      .replace(/<(ds:\w+)([^>]*)\/>/g, "<$1$2></$1>")
    const signature = Buffer.from(text(xml, "SignatureValue")[0] ?? "", "base64")
    const key = createPublicKey(certificate.publicKey.export({ type: "spki", format: "pem" }))
    expect(verifySignature("sha256", Buffer.from(canonical), key, signature)).toBe(true)
  })

  it.each([
    ["a prefix", { prefix: "saml2" }],
    ["the provider first", { roleOrder: "provider,role" }],
    ["either order", { roleOrder: "alternating" }],
    ["padding", { padRoles: true, roleOrder: "alternating" }],
    ["base64 in lines", { wrapped: true }],
    ["junk among the roles", { extraRoleValues: ["junk", "", "a,b", "\u009b31m<&>"] }],
    ["a DOCTYPE", { doctype: true }],
    ["2 MB", { minBytes: 2_100_000 }],
    ["a SessionDuration", { sessionDuration: 7200 }],
  ] as const)("with %s reads the same", async (_, options) => {
    const verified = await verify(await issue(user, roles, options))
    expect(verified?.pairs).toEqual(roles.map(role => ({ role, provider: providerOf(role) })))
  })

  it("shows the options in its text", async () => {
    expect(decode(await issue(user, roles, { prefix: "saml2" }))).toContain("<saml2:AttributeValue>")
    expect(decode(await issue(user, roles, { doctype: true }))).toMatch(/^<!DOCTYPE/)
    expect(decode(await issue(user, roles, { minBytes: 2_100_000 })).length).toBeGreaterThan(2_100_000)
    expect(decode(await issue(user, roles, { sessionDuration: 7200 }))).toContain(">7200<")
    expect(await issue(user, roles, { wrapped: true })).toMatch(/^.{76}\r\n/)
    expect(decode(await issue(user, roles, { padRoles: true }))).toContain(`\n      ${roles[0]} ,`)
    const [provider] = text(
      decode(await issue(user, roles, { roleOrder: "provider,role" })),
      "AttributeValue",
    ).slice(1)
    expect(provider).toMatch(/saml-provider.*:role/)
  })

  it("of a user without any role has no Role attribute", async () => {
    const response = await issue(user, [], {})
    expect(decode(response)).not.toContain('/Attributes/Role"')
    expect((await verify(response))?.pairs).toEqual([])
  })

  it("of a failing status holds no assertion", async () => {
    const response = await issue(user, roles, { failingStatus: "AuthnFailed" })
    expect(decode(response)).toContain('Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"')
    expect(decode(response)).not.toContain("<Assertion")
    expect(await verify(response)).toBeUndefined()
  })
})

describe("verification", () => {
  it.each([
    ["a changed role", (xml: string) => xml.replace("PowerUserAccess", "AdministratorAccess")],
    [
      "a changed time",
      (xml: string) => xml.replace(/(SubjectConfirmationData NotOnOrAfter=")\d{4}/, "$13000"),
    ],
    ["no signature", (xml: string) => xml.replace(/<ds:Signature .*<\/ds:Signature>/s, "")],
    ["no XML", () => "hello"],
  ])("refuses %s", async (_, change) => {
    const genuine = decode(await issue(user, roles, {}))
    const changed = change(genuine)
    expect(changed).not.toBe(genuine)
    expect(await verify(Buffer.from(changed).toString("base64"))).toBeUndefined()
  })

  it("refuses what was tampered with on purpose", async () => {
    expect(await verify(await issue(user, roles, { tampered: true }))).toBeUndefined()
  })

  it("reads the signed assertion, not another one beside it", async () => {
    const evil = decode(await issue("evil", ["arn:aws:iam::1:role/Evil"], {})).replace(
      /^.*(?=<Assertion )|<ds:Signature .*<\/ds:Signature>|<\/samlp:Response>$/gs,
      "",
    )
    const xml = decode(await issue(user, roles, {})).replace("<Assertion ", `${evil}<Assertion `)
    const verified = await verify(Buffer.from(xml).toString("base64"))
    expect(text(xml, "NameID")).toEqual(["evil", user])
    expect([verified?.subject, verified?.pairs.map(({ role }) => role)]).toEqual([user, roles])
  })
})
