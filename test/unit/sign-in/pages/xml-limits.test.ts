import { describe, expect, it } from "vitest"
import { readAssertion } from "../../../../src/sign-in/pages/assertion.ts"
import { checkXmlLimits, xmlLimits } from "../../../../src/sign-in/pages/xml-limits.ts"

const refused = expect.objectContaining({
  code: "idpUnsafe",
  message: "the assertion has more elements, or deeper ones, than any real one; it was not read",
})

describe("an assertion is not parsed", () => {
  const { elements, depth, attributes } = xmlLimits
  const nested = (count: number) => "<a>".repeat(count) + "</a>".repeat(count)
  const withAttributes = (count: number) =>
    `<a ${Array.from({ length: count }, (_, n) => `b${n}='1'`).join(" ")}/>`

  it.each([
    ["of elements", `<a>${"<b/>".repeat(elements - 1)}</a>`, `<a>${"<b/>".repeat(elements)}</a>`],
    ["of nested elements", nested(depth), nested(depth + 1)],
    ["of attributes", withAttributes(attributes), withAttributes(attributes + 1)],
  ])("beyond the limit %s", (_, within, beyond) => {
    expect(() => checkXmlLimits(within)).not.toThrow()
    expect(() => checkXmlLimits(beyond)).toThrow(refused)
  })

  it.each([
    ["comments", `<!-- ${"<a>".repeat(1000)} -->`],
    ["CDATA", `<a><![CDATA[${"<a>".repeat(1000)}]]></a>`],
    ["processing instructions", `<?x ${"<a>".repeat(1000)}?><a/>`],
    ["values of attributes", `<a b="${">".repeat(100)}<c>" d='"<e>'/>`],
    ["empty elements", "<a/>".repeat(1000)],
    ["a part without an end", "<a><!-- <b>"],
    ["a tag without an end", '<a b="c'],
  ])("by what counts: %s do not", (_, xml) => {
    expect(() => checkXmlLimits(xml)).not.toThrow()
  })

  const many = (part: string) => `<R xmlns="a">${part.repeat(20_000)}</R>`
  it.each([
    ["nested namespaces", Array.from({ length: 15_000 }, (_, n) => `<p${n}:a xmlns:p${n}="u${n}">`).join("")],
    ["thousands of assertions", many("<Assertion><AttributeStatement/></Assertion>")],
    ["thousands of statuses", many('<Status><StatusCode Value="x"/></Status>')],
    ["thousands of attributes", withAttributes(60_000)],
  ])("not after minutes either: %s", (_, xml) => {
    const began = process.cpuUsage()
    expect(() => readAssertion(Buffer.from(xml).toString("base64"))).toThrow(refused)
    const { user, system } = process.cpuUsage(began)
    // Other threads of this process count, too.
    expect((user + system) / 1e6).toBeLessThan(4)
  })

  it("with 2,000 roles it is", () => {
    const values = "<AttributeValue>a,b</AttributeValue>".repeat(2_000)
    const attribute = `<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">${values}</Attribute>`
    const xml = `<Response><Assertion><AttributeStatement>${attribute}</AttributeStatement></Assertion></Response>`
    expect(readAssertion(Buffer.from(xml).toString("base64")).roleValues).toHaveLength(2_000)
  })
})
