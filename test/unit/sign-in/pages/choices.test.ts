import { describe, expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/"
const read = (html: string) => readPage(html, url)

describe("home realms", () => {
  const form = (inside: string) =>
    `<form id="hrd" method="post" action="/adfs/ls/?x=1"><input id="hrdSelection" type="hidden">${inside}
     <input name="Email" type="email" value=""><input class="submit" name="HomeRealmByEmail" type="submit" value="Next"></form>`
  const fields = [["Email", ""]]

  it.each([
    [
      "elements with a role",
      `<div role="button" onclick="HRD.selection('AD AUTHORITY');"><span>Own</span></div>`,
    ],
    ["links", `<a href="#" onclick="return HRD.selection(&quot;AD AUTHORITY&quot;)">Own</a>`],
    ["links with a script for an address", `<a href="javascript:HRD.selection('AD AUTHORITY')">Own</a>`],
    ["buttons", `<button type="button" onclick="choose('AD AUTHORITY')">Own</button>`],
    ["escaped values", `<li onclick="choose('AD\\u0020AUTHORITY')">Own</li>`],
    [
      "radios",
      '<label><input type="radio" name="HomeRealmSelection" value="AD AUTHORITY" checked>Own</label>',
    ],
    ["a list", '<select name="HomeRealmSelection"><option value="AD AUTHORITY">Own</option></select>'],
  ])("can be %s", (_, entry) => {
    expect(read(form(entry))).toEqual({
      kind: "homeRealms",
      form: { action: "https://adfs.example.com/adfs/ls/?x=1", fields },
      choices: [{ label: "Own", value: "AD AUTHORITY" }],
    })
  })

  it("are no error, although the page has an opening message and a place for errors", () => {
    const html = `<div id="openingMessage">Choose</div><div id="error"><span id="errorText"></span></div>${form(`<div onclick="HRD.selection('a')">A</div><div onclick="HRD.selection('b')">B</div>`)}`
    expect(read(html)).toMatchObject({ kind: "homeRealms", choices: [{ value: "a" }, { value: "b" }] })
  })

  it("are named by their value if they have no words, and counted once", () => {
    const entry = `<div onclick="HRD.selection('urn:a')"><img src="x"></div>`
    expect(read(form(entry + entry))).toMatchObject({ choices: [{ label: "urn:a", value: "urn:a" }] })
  })

  it.each([
    ["in an element of the form", '<form method="post"><div id="hrdSelection">'],
    ["on a field that is switched off", '<form method="post"><input id="hrdSelection" disabled><div>'],
    [
      "on a field of the form outside it",
      '<input id="hrdSelection" form="f"><form id="f" method="post"><div>',
    ],
  ])("are known by the id of their field, %s", (_, begin) => {
    const html = `${begin}<a onclick="HRD.selection('AD AUTHORITY')">Own</a></div></form>`
    expect(read(html)).toMatchObject({ kind: "homeRealms", choices: [{ value: "AD AUTHORITY" }] })
  })

  it("are not known by the id of another field", () => {
    const html = `<form method=post><input name=UserName><input id=hrd type=hidden name=z><a onclick="HRD.selection('x')">X</a><input type=submit></form>`
    expect(read(html).kind).toBe("userName")
  })

  it("need the form of home realms", () => {
    const html = `<form method="post"><div onclick="choose('a')">A</div></form>`
    expect(read(html).kind).toBe("unknown")
  })
})

describe("adapters", () => {
  const options = (links: string) =>
    `<form id="options" method="post"><input type="hidden" name="AuthMethod">${links}</form>`

  it.each([
    ["the text that the link passes on", `<a id="x" onclick="SelectOption('A')">One</a>`, "A"],
    ["the id of the link", '<a id="A" href="#">One</a>', "A"],
    ["the id of another element", '<div id="A" onclick="go(this)">One</div>', "A"],
  ])("are known by %s", (_, link, value) => {
    expect(read(options(link))).toMatchObject({ kind: "adapters", choices: [{ label: "One", value }] })
  })
})

describe("a page that can be answered is no error page", () => {
  it.each([
    [
      "a login page",
      '<form method="post"><input name="UserName"><input name="Password" type="password"></form>',
      "login",
    ],
    [
      "a question",
      '<form method="post"><input type="hidden" name="AuthMethod" value="A"><input name="x"></form>',
      "question",
    ],
    [
      "a list of relying parties",
      '<form id="idpForm" method="post"><select name="RelyingParty"><option value="1">AWS</option></select></form>',
      "relyingParties",
    ],
  ])("%s", (_, form, kind) => {
    const html = `<div id="errorArea"><div id="openingMessage">Hello</div><div id="errorMessage">Wrong</div></div>${form}`
    expect(read(html).kind).toBe(kind)
  })

  it("but without a form it is", () => {
    expect(read('<div id="openingMessage">Sorry</div>')).toMatchObject({ kind: "error", message: "Sorry" })
  })
})

it("a form for a new password is never filled in, whatever its ids", () => {
  const html = `<form method="post"><input name="UserName"><input name="OldPassword" type="password">
    <input name="NewPassword" type="password"><input name="Again" type="password"></form>`
  expect(read(html)).toEqual({ kind: "passwordExpired", message: undefined })
})
