import { describe, expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/?q=1"
const read = (html: string, status?: number) => readPage(html, url, status)
const submit = "<script>window.setTimeout('document.forms[0].submit()', 0)</script>"
const relay = (inside: string, action = "/adfs/ls/", script = submit) =>
  `<title>Working...</title><form name=hiddenform method=post action="${action}">${inside}<noscript><p>Script is disabled</p><input type=submit></noscript></form>${script}`
const request = '<input type=hidden name=SAMLRequest value="abc">'
const refresh = (content: string) =>
  `<title>Redirecting</title><meta http-equiv=refresh content="${content}">`

describe("a page between two others goes on as in a browser", () => {
  it("by a script that posts hidden fields", () => {
    expect(read(relay(request))).toEqual({
      kind: "relay",
      delay: 0,
      next: { action: "https://adfs.example.com/adfs/ls/", fields: [["SAMLRequest", "abc"]] },
    })
  })

  it("by loading another address", () => {
    expect(read(refresh("1; url=/adfs/ls/?q=2"))).toEqual({
      kind: "relay",
      delay: 1000,
      next: { address: "https://adfs.example.com/adfs/ls/?q=2" },
    })
  })

  it("with a button for browsers without scripts", () => {
    expect(read(relay(`${request}<input type=submit value=Continue>`))).toMatchObject({
      kind: "relay",
      next: { fields: [["SAMLRequest", "abc"]] },
    })
  })

  it("by a form whose fields go into its address", () => {
    const html = relay(request, "/adfs/ls/?old=1").replace("method=post", "")
    expect(read(html)).toMatchObject({
      next: { address: "https://adfs.example.com/adfs/ls/?SAMLRequest=abc" },
    })
  })

  it.each([
    "0; url=/adfs/ls/?q=2",
    "0;URL='/adfs/ls/?q=2'",
    "0,/adfs/ls/?q=2",
    "0 url=/adfs/ls/?q=2",
    ".5;url=/adfs/ls/?q=2",
    "0.9 ; url = /adfs/ls/?q=2",
  ])("by an address that is written %s", content => {
    expect(read(refresh(content))).toMatchObject({
      next: { address: "https://adfs.example.com/adfs/ls/?q=2" },
    })
  })

  it.each([
    ["a request for another identity provider", relay(request, "https://other.example/saml"), "action"],
    [
      "the same by WS-Federation",
      relay("<input type=hidden name=wa>", "https://other.example/saml"),
      "action",
    ],
    ["an address, as a redirect would", refresh("0; url=https://other.example/saml"), "address"],
  ])("to another server with %s: whether it may, is decided where it is sent", (_, html, property) => {
    expect(read(html)).toMatchObject({ kind: "relay", next: { [property]: "https://other.example/saml" } })
  })

  it.each<[string, string, number?]>([
    ["to another server", relay("<input type=hidden name=user>", "https://portal.example.org/")],
    ["in an address of another server", relay(request, "https://other.example/").replace("post", "get")],
    [
      "to another server, with words for a person",
      `${refresh("0; url=https://other.example/")}<h1>ADFS is out of service</h1>`,
    ],
    ["by a script for another protocol", refresh("0; url=javascript:1")],
    ["without a script that posts it", relay(request, "/adfs/ls/", "")],
    ["with a field that the user sees", relay(`${request}<input name=mail>`)],
    [
      "with a value that its script makes",
      relay(
        request,
        "",
        "<script>document.forms[0].SAMLRequest.value = window.name; document.forms[0].submit()</script>",
      ),
    ],
    ["without a field", relay("")],
    ["later", refresh("30; url=/adfs/ls/?q=2")],
    ["to itself", refresh("3")],
    ["to its own address", refresh(`3; url=${url}`)],
    ["as an error", relay(request), 503],
  ])("but not %s", (_, html, status) => {
    expect(read(html, status).kind).not.toBe("relay")
  })
})
