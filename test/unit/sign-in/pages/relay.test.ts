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

  it("with an assertion that is for another ADFS, and not yet for AWS", () => {
    const assertion = '<input type=hidden name=SAMLResponse value="PHg+">'
    const action = "https://adfs.example.com/adfs/ls/"
    expect(read(relay(assertion, action))).toMatchObject({ kind: "relay", next: { action } })
    expect(read(relay(assertion, "https://signin.aws.amazon.com/saml")).kind).toBe("assertion")
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
    [
      "to an address that its script gives it",
      relay(request, "", "<script>var f = document.forms[0]; f.action = '/x'; f.submit()</script>"),
    ],
    ["later", refresh("30; url=/adfs/ls/?q=2")],
    ["to itself", refresh("3")],
    ["to its own address", refresh(`3; url=${url}`)],
    ["as an error", relay(request), 503],
  ])("but not %s", (_, html, status) => {
    expect(read(html, status).kind).not.toBe("relay")
  })
})

const script = (code: string) => `<title>One moment</title><script>${code}</script>`
const noscript = (content: string) => `<noscript>${refresh(content)}</noscript>`

describe("a page whose script loads another page of its server goes on there", () => {
  it.each<[string, number?]>([
    ["location = '/adfs/ls/?q=2'"],
    ["window.location = '/adfs/ls/?q=2';"],
    ["document.location.href='/adfs/ls/?q=2'"],
    ["self.location.assign('/adfs/ls/?q=2')"],
    ["window.location.replace('https:\\/\\/adfs.example.com\\/adfs\\/ls\\/?q=2');"],
    ["var next = '/adfs/ls/?q=2'; location.replace(next)"],
    ["setTimeout(function () { location.href = '/adfs/ls/?q=2' }, 1500)", 1500],
    ["setTimeout('location.href=\"/adfs/ls/?q=2\"', 100)", 100],
    ["window.onload = () => location.assign('/adfs/ls/?q=2')"],
    ["if (top != self) { top.location = '/x' } location = '/adfs/ls/?q=2'"],
    ["try { location.href = '/adfs/ls/?q=2' } catch (e) { location.href = '/error' }"],
  ])("%s", (code, delay = 0) => {
    const next = { address: "https://adfs.example.com/adfs/ls/?q=2" }
    expect(read(script(code))).toEqual({ kind: "relay", delay, next })
  })

  it.each([
    ["of another server", "location.href = 'https://other.example/'"],
    ["that is computed", "location.href = '/adfs/ls/' + location.search"],
    ["that is computed from a variable", "var a = '/adfs/'; location.href = a + 'ls'"],
    ["in a template", "location.href = `/adfs/$\u007bx}`"],
    ["that is chosen", "location.href = x ? '/a' : '/b'"],
    ["on a condition", "if (!navigator.cookieEnabled) { location = '/nocookies' }"],
    ["on a condition, without braces", "if (a) if (b) location = '/a'; else location = '/b'"],
    ["on a condition in an expression", "isOld && (location = '/old'); isOld && location.replace('/old')"],
    ["out of a frame", "top.location = '/adfs/ls/?q=2'"],
    ["of another window", "popup.location = '/adfs/ls/?q=2'"],
    ["at a click", "document.onclick = function () { location = '/adfs/ls/?q=2' }"],
    ["after an answer of the network", "fetch('/x').then(() => { location = '/adfs/ls/?q=2' })"],
    ["later", "setTimeout(() => { location = '/adfs/ls/?q=2' }, 60000)"],
    ["that is its own", `location = '${url}'`],
    ["that is no web address", "location = 'javascript:1'"],
    ["that is no address", "location = 'https://['"],
    ["which is itself again", "location.reload()"],
  ])("but to no address %s", (_, code) => {
    expect(read(script(code)).kind).not.toBe("relay")
  })

  it("within a second, however many conditions there are", () => {
    expect(read(script(`${"if(a)".repeat(40_000)}location='/x'`)).kind).toBe("unknown")
  })

  it.each(["f(if)", "[else]", "if (a) { window.onload = go }"])(
    "if that can be told, and the search ends: %s",
    code => {
      expect(read(script(code)).kind).not.toBe("relay")
    },
  )

  it("not past a form of ADFS, nor past an error page", () => {
    const login = "<form method=post><input name=UserName><input name=Password type=password></form>"
    const error = "<div id=errorArea><p id=errorMessage>No</p></div>"
    expect(read(script("location = '/x'") + login).kind).toBe("login")
    expect(read(script("location = '/x'") + error).kind).toBe("error")
  })
})

describe("a page for browsers with scripts goes on as in one without", () => {
  const app = "<div id=app></div><script src=/app.js></script>"

  it("by the address that it names for them", () => {
    const next = { address: "https://adfs.example.com/adfs/ls/?plain" }
    expect(read(app + noscript("0; url=/adfs/ls/?plain"))).toMatchObject({ kind: "relay", next })
  })

  it.each([
    ["it has words of its own", `<h1>ADFS is out of service</h1>${noscript("0; url=/nojs")}`],
    ["the address is of another server", app + noscript("0; url=https://other.example/")],
    ["it is a template", `<template>${noscript("0; url=/nojs")}</template>`],
  ])("but not if %s", (_, html) => {
    expect(read(html).kind).not.toBe("relay")
  })
})

describe("a page in a frame is read in the place of the frame's page", () => {
  it.each([
    ["a frameset", `<frameset rows="80,*"><frame src=/banner><frame src="/adfs/ls/?q=2"></frameset>`],
    ["a frame", `<h1>Corp</h1><iframe src="/adfs/ls/?q=2"></iframe>`],
    [
      "a frame beside one of another server",
      `<iframe src="https://x.example/"></iframe><iframe src="/adfs/ls/?q=2">`,
    ],
    [
      "a frame beside small ones",
      `<iframe src=/a width=0></iframe><iframe src=/b height=1px></iframe><iframe src="/adfs/ls/?q=2">`,
    ],
  ])("%s", (_, html) => {
    const next = { address: "https://adfs.example.com/adfs/ls/?q=2" }
    expect(read(html)).toEqual({ kind: "relay", delay: 0, next })
  })

  it.each([
    ["of another server", "<iframe src='https://x.example/adfs/ls/'></iframe>"],
    ["that is hidden", "<div hidden><iframe src='/adfs/ls/?q=2'></iframe></div>"],
    ["for browsers without scripts", "<noscript><iframe src='/adfs/ls/?q=2'></iframe></noscript>"],
    ["that is the page itself", `<iframe src="${url}"></iframe>`],
    ["of which there are two", "<iframe src=/adfs/a></iframe><iframe src=/adfs/b></iframe>"],
    ["beside an error", "<p class=error>Locked</p><iframe src='/adfs/ls/?q=2'></iframe>"],
    ["without an address", "<iframe></iframe>"],
  ])("but none %s", (_, html) => {
    expect(read(html).kind).not.toBe("relay")
  })
})
