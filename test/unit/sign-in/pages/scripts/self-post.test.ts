import { describe, expect, it } from "vitest"
import { readPage } from "../../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/"

/** A second factor without a field, with a button that must not be pressed. */
const factor = (script: string, more = "", inForm = "") =>
  `<body><div id="authArea"><p>Look at your phone</p>
   <form id="factor" name="byName" class="wait box" method="post"><input type="hidden" name="AuthMethod" value="Phone">
   <input type="hidden" name="Context" id="context" value="c">${inForm}<input id="go" type="submit" name="Action" value="Go on"></form></div>
   <form id="options" method="post"><input id="optionSelection" type="hidden" name="AuthMethod">
   <script>function SelectOption(o) { document.forms['options'].elements['AuthMethod'].value = o; document.forms['options'].submit() }</script>
   <div id="authOptionLinks"><a id="Other" href="#" onclick="SelectOption('Other'); return false">Other</a></div></form>
   ${script === "" ? "" : `<script type="text/javascript">${script}</script>`}${more}</body>`

const read = (html: string) => readPage(html, url)
const kindOf = (html: string) => read(html).kind
const delayOf = (html: string) => {
  const page = read(html)
  return page.kind === "waiting" ? page.delay : page.kind
}

it("a page whose script has thousands of functions that call each other is read", () => {
  const count = 8_000
  const chain = Array.from({ length: count }, (_, at) => `function f${at}(){f${at + 1}()}`)
  const script = `${chain.join("\n")}\nfunction f${count}(){document.forms[0].submit()}\nf0()`
  expect(kindOf(factor(script))).toBe("message")
})

describe("a page goes on by itself if its script submits the form when the page is loaded", () => {
  it.each<[string, string, number]>([
    ["at once", "document.forms[0].submit()", 0],
    ["by the form's id", "document.forms['factor'].submit();", 0],
    ["by its name, as a property", "document.forms.byName.submit();", 0],
    ["as a property of the document", "document.byName.submit();", 0],
    ["by getElementById", 'document.getElementById("factor").submit()', 0],
    ["by getElementsByName", 'document.getElementsByName("byName")[0].submit()', 0],
    ["by getElementsByTagName", 'document.getElementsByTagName("form")[0].submit()', 0],
    ["by querySelector", "document.querySelector('form#factor').submit()", 0],
    ["by a class", "document.querySelector('.wait').submit()", 0],
    ["by the name that a browser gives it", "factor.submit()", 0],
    ["by its button, by the name that a browser gives it", "go.click()", 0],
    [
      "by a parameter that has the name of a field's id",
      "function send(context){ context.submit() } send(document.querySelector('form'))",
      0,
    ],
    ["by a variable", "var f = document.getElementById('factor'); f.submit()", 0],
    ["with requestSubmit", "document.forms[0].requestSubmit()", 0],
    ["with jQuery", '$("#factor").submit()', 0],
    ["with jQuery's trigger", 'jQuery("form").first().trigger("submit")', 0],
    ["past a form that hides its submit", "HTMLFormElement.prototype.submit.call(document.forms[0])", 0],
    ["by a timer with a function", "setTimeout(function () { document.forms[0].submit() }, 2500)", 2500],
    ["by a timer with an arrow", "window.setTimeout(() => document.forms[0].submit(), 2_500)", 2500],
    [
      "by a timer with a named function expression",
      "setTimeout(function goOn() { document.forms[0].submit(); }, 1500);",
      1500,
    ],
    ["by a timer with a text", "window.setTimeout('document.forms[0].submit()', 500);", 500],
    [
      "by a timer with a text that calls a function",
      "function go() { document.forms[0].submit() } setTimeout('go()', 4000)",
      4000,
    ],
    ["by an interval", "setInterval(function () { document.forms[0].submit() }, 5000)", 5000],
    [
      "by a timer whose delay is a product",
      "setTimeout(() => { document.forms[0].submit() }, 5 * 1000)",
      5000,
    ],
    [
      "by a timer whose delay is a variable",
      "const pause = 7000; setTimeout(() => { factor.submit() }, pause)",
      7000,
    ],
    ["by a timer whose delay is computed", "setTimeout(() => { factor.submit() }, next())", 3000],
    ["by a named function", "function poll() { document.forms[0].submit() }\nsetTimeout(poll, 2000)", 2000],
    ["by a function in a variable", "var poll = function () { factor.submit() }; poll()", 0],
    ["by an arrow in a variable", "const poll = () => factor.submit()\npoll()", 0],
    [
      "by a method",
      "function Page() {} Page.poll = function () { factor.submit() }; setTimeout(Page.poll, 2000)",
      2000,
    ],
    ["by a method of an object", "var page = { poll() { factor.submit() } }; page.poll()", 0],
    ["at load", "window.onload = function () { document.forms[0].submit() }", 0],
    ["at load, named", "function start() { factor.submit() } window.onload = start", 0],
    [
      "at load, listening",
      "window.addEventListener('load', function () { setTimeout(function () { factor.submit() }, 3000) })",
      3000,
    ],
    [
      "at load, listening with a name",
      "document.addEventListener('DOMContentLoaded', start); function start() { factor.submit() }",
      0,
    ],
    ["at load, in old browsers", "window.attachEvent('onload', function () { factor.submit() })", 0],
    ["when jQuery is ready", "$(function () { $('#factor').submit() })", 0],
    ["in a function that is called at once", "(function () { document.forms[0].submit() }).call(window)", 0],
    [
      "when jQuery is ready, in words",
      "$(document).ready(function () { setInterval(() => $('form').submit(), 4000) })",
      4000,
    ],
    ["when jQuery's window is loaded", "$(window).on('load', () => { $('#factor').submit() })", 0],
    ["when the page is loaded, by the bare name", "onload = function () { document.forms[0].submit() }", 0],
    ["in a function that is called at once", "(function () { document.forms[0].submit() })();", 0],
    ["in an arrow that is called at once", "(() => { setTimeout(() => { factor.submit() }, 1000) })()", 1000],
    [
      "after a count",
      "var n = 3; var t = setInterval(function () { if (--n <= 0) { clearInterval(t); factor.submit() } }, 1000)",
      1000,
    ],
    [
      "after a wait of a promise",
      "new Promise(done => setTimeout(done, 3000)).then(() => factor.submit())",
      0,
    ],
    ["behind comments and CDATA", "//<![CDATA[\n/* } */ <!-- x\ndocument.forms[0].submit();\n//]]>", 0],
    ["behind a regular expression and a quote", "var r = /[\"'}]/g, s = '}'; document.forms[0].submit()", 0],
    ["behind a template", "const t = `}`; document.forms[0].submit()", 0],
  ])("%s", (_, script, delay) => {
    expect(delayOf(factor(script))).toBe(delay)
  })

  it("by an attribute of body", () => {
    const html = factor("function go() { setTimeout(() => factor.submit(), 2000) }")
    expect(kindOf(html)).toBe("message")
    expect(delayOf(html.replace("<body>", '<body onload="go()">'))).toBe(2000)
    expect(delayOf(factor("").replace("<body>", '<body onLoad="document.forms[0].submit()">'))).toBe(0)
  })

  it("by a click of its button, which is then sent", () => {
    const click = "setTimeout(function () { document.getElementById('go').click() }, 2000)"
    expect(read(factor(click))).toMatchObject({
      kind: "waiting",
      delay: 2000,
      next: {
        fields: [
          ["AuthMethod", "Phone"],
          ["Context", "c"],
          ["Action", "Go on"],
        ],
      },
    })
    expect(read(factor("factor.submit()"))).toMatchObject({
      next: {
        fields: [
          ["AuthMethod", "Phone"],
          ["Context", "c"],
        ],
      },
    })
  })

  it("in a script before the form, and with a box that the user may tick", () => {
    const box = '<input type="checkbox" name="manage" id="m"> Manage my devices<br>'
    const html = `<script>window.onload = () => factor.submit()</script>${factor("", "", box)}`
    expect(read(html)).toMatchObject({ kind: "waiting", sentence: "Look at your phone" })
  })
})

it("also if it shows nothing, and has a field that nobody fills in", () => {
  const html = `<form method=post style="display:none"><input type=hidden name=AuthMethod value=X><input type=hidden name=Context value=c><input name=ChallengeQuestionAnswer></form>`
  expect(kindOf(`${html}<script>document.forms[0].submit()</script>`)).toBe("waiting")
  expect(kindOf(html)).toBe("question")
})

describe("it does not go on by itself", () => {
  it.each<[string, string]>([
    ["without a script", ""],
    [
      "if the submission waits for a click",
      "document.getElementById('go').onclick = function () { factor.submit() }",
    ],
    [
      "if it listens for a click",
      "document.getElementById('go').addEventListener('click', () => factor.submit())",
    ],
    ["if it listens with jQuery", "$('#go').on('click', function () { $('#factor').submit() })"],
    ["if it listens with jQuery's click", "$('#go').click(function () { $('#factor').submit() })"],
    [
      "if it is the handler of a submission",
      "factor.addEventListener('submit', e => { e.preventDefault(); factor.submit() })",
    ],
    ["if it sets jQuery's handler of a submission", "$('#factor').submit(function () { return true })"],
    ["if it is the handler of a key", "window.onkeypress = function () { factor.submit() }"],
    ["if only a function would do it", "function go() { document.forms[0].submit() }"],
    ["if only a method would do it", "var Login = { submitLoginRequest: function () { factor.submit() } }"],
    ["if another form is submitted", "document.forms['options'].submit()"],
    [
      "if another form is submitted, by a variable",
      "var o = document.getElementById('options'); setTimeout(() => o.submit(), 100)",
    ],
    ["if a form that is not there is submitted", "document.getElementById('elsewhere').submit()"],
    ["if another element is clicked", "document.getElementById('Other').click()"],
    ["in a comment", "// document.forms[0].submit()\n/* document.forms[0].submit() */"],
    ["in a text", "var code = 'document.forms[0].submit()'"],
    ["in a script that is not well-formed", "document.forms[0].submit() }"],
    ["after a minute: that is a time-out of the page", "setTimeout(() => factor.submit(), 5 * 60 * 1000)"],
    ["if the user is asked first", "if (confirm('Go on?')) factor.submit()"],
    ["by the end of an image", "var i = new Image(); i.onload = function () { factor.submit() }"],
  ])("%s", (_, script) => {
    expect(kindOf(factor(script))).toBe("message")
  })

  it.each([
    ["text/template", "x.submit()"],
    ["application/json", '{"a": "document.forms[0].submit()"}'],
  ])("in a script of the type %s", (type, script) => {
    expect(
      kindOf(factor("", `<script type="${type}">document.forms[0].submit() // ${script}</script>`)),
    ).toBe("message")
    expect(kindOf(factor("", `<noscript><script>document.forms[0].submit()</script></noscript>`))).toBe(
      "message",
    )
  })

  it.each([
    [
      "fetch",
      "setInterval(() => fetch('/state').then(r => r.json()).then(s => { if (s.ok) factor.submit() }), 2000)",
    ],
    [
      "fetch and await",
      "async function poll() { const r = await fetch('/state'); if (r.ok) factor.submit() } poll()",
    ],
    [
      "jQuery",
      "setInterval(function () { $.get('/state', function (s) { if (s) $('#factor').submit() }) }, 2000)",
    ],
    [
      "XMLHttpRequest",
      "var x = new XMLHttpRequest(); x.onload = function () { factor.submit() }; x.open('GET', '/s'); x.send()",
    ],
    ["a passkey", "navigator.credentials.get({}).then(function (c) { factor.submit() })"],
  ])("if it asks elsewhere first, by %s: that needs a browser", (_, script) => {
    expect(kindOf(factor(script))).toBe("browserOnly")
  })
})

describe("a page that loads itself or another one", () => {
  const refresh = (content: string) => read(`<meta http-equiv="Refresh" content="${content}">${factor("")}`)
  const fields = [
    ["AuthMethod", "Phone"],
    ["Context", "c"],
  ]

  it.each([
    ["5", 5000],
    ["0;", 0],
    [" 3 ; URL=", 3000],
    ["2; url=https://adfs.example.com/adfs/ls/", 2000],
    ["1.5;url='/adfs/ls/'", 1000],
  ])("posts its form again for content=%j", (content, delay) => {
    expect(refresh(content)).toMatchObject({ kind: "waiting", delay, next: { action: url, fields } })
  })

  it("gets another address of the same server", () => {
    expect(refresh("3; url=/adfs/ls/next?x=1")).toMatchObject({
      kind: "waiting",
      delay: 3000,
      next: { address: "https://adfs.example.com/adfs/ls/next?x=1" },
    })
  })

  it.each(["900", "3; url=https://elsewhere.example/", "x"])("does neither for content=%j", content => {
    expect(refresh(content).kind).toBe("message")
  })
})

describe("a page of a second factor whose script loads a page", () => {
  const waits = (script: string, more = "") => read(factor(script, more).replace(/<input id="go"[^>]*>/, ""))
  const reload = "setTimeout(() => location.reload(), 2000)"
  const fetching = "setInterval(() => fetch('/s').then(() => factor.submit()), 2000)"
  const noscript = '<noscript><meta http-equiv="refresh" content="5"></noscript>'

  it("gets that of its own server, as often as the script", () => {
    const script = "setTimeout(function () { location.href = '/adfs/ls/?poll' }, 4000)"
    const next = { address: "https://adfs.example.com/adfs/ls/?poll" }
    expect(waits(script)).toMatchObject({ kind: "waiting", delay: 4000, next })
  })

  it("posts its form again if it loads itself", () => {
    expect(waits(reload)).toMatchObject({ kind: "waiting", delay: 2000, next: { action: url } })
  })

  it("needs a browser if that is another server's", () => {
    expect(waits("location = 'https://api.duo.example/'").kind).toBe("browserOnly")
  })

  it("goes on as for browsers without scripts, if its script asks the network", () => {
    expect(waits(fetching, noscript)).toMatchObject({ kind: "waiting", delay: 5000 })
    expect(waits("focus()", noscript).kind).toBe("message")
  })

  it.each([
    ["for a time-out", waits(reload.replace("2000", "30000")), "message"],
    ["beside a button", read(factor(reload)), "message"],
    [
      "beside a question, for a time-out",
      read(
        factor("setTimeout(() => { location = 'https://portal.example/' }, 9000)", "", "<input name=otp>"),
      ),
      "question",
    ],
  ])("is not left %s", (_, page, kind) => {
    expect(page.kind).toBe(kind)
  })
})
