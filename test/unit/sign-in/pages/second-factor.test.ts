import { describe, expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"
import type { Page, PageOf } from "../../../../src/sign-in/pages/page-kinds.ts"

const url = "https://adfs.example.com/adfs/ls/"
const read = (html: string) => readPage(html, url)

const hidden =
  '<input type="hidden" name="AuthMethod" value="Some"><input type="hidden" name="Context" value="c">'
const form = (inside: string, attributes = 'id="f"') =>
  `<form method="post" ${attributes}>${hidden}${inside}</form>`

function as<Kind extends Page["kind"]>(kind: Kind, html: string): PageOf<Kind> {
  const page = read(html)
  if (page.kind !== kind) throw new Error(`${page.kind} instead of ${kind}`)
  return page as PageOf<Kind>
}

describe("questions", () => {
  const labels = (html: string) => as("question", html).questions.map(({ label }) => label)

  it.each([
    ["a label with for", '<label for="c">Kode:</label><input id="c" name="x">', "Kode"],
    [
      "a label that the style hides",
      '<label class="hidden" for="c">Kode</label><input id="c" name="x">',
      "Kode",
    ],
    ["a label around the field", "<label>Kode <b>fra appen</b> <input name=x></label>", "Kode fra appen"],
    [
      "aria-labelledby",
      '<i id="a">Kode</i><i id="b">fra appen</i><input aria-labelledby="a b" name="x">',
      "Kode",
    ],
    ["aria-label", '<input name="x" aria-label="Kode">', "Kode"],
    ["a placeholder", '<input name="x" placeholder="Kode">', "Kode"],
    ["a title", '<input name="x" title="Kode">', "Kode"],
    [
      "a label of blocks, with a mark",
      "<label for=c><div>Kode</div><div>fra appen</div> *</label><input id=c name=x>",
      "Kode fra appen$",
    ],
    [
      "a label with a hidden help text",
      "<label for=c>Kode<i class=hidden>Hjelp</i></label><input id=c name=x>",
      "Kode$",
    ],
    [
      "both elements of aria-labelledby",
      '<i id="a">Kode</i><i id="b">fra appen</i><input aria-labelledby="a b" name="x">',
      "Kode fra appen$",
    ],
    [
      "its name, beside boxes with names of their own",
      "<label><input type=radio name=m checked>SMS</label><input name=x>",
      "x",
    ],
    [
      "a label without the title of its picture",
      "<label for=c><svg><title>Icon</title></svg>Kode</label><input id=c name=x>",
      "Kode$",
    ],
    ["the text before it", "Skriv her<br>PIN: <input name=x>", "PIN"],
    [
      "the text before a hidden field in between",
      "<p>Hei</p>PIN: <input type=hidden name=y value=1><input name=x>",
      "PIN",
    ],
    ["the cell before it", "<table><tr><td>Kode</td><td><input name=x></td></tr></table>", "Kode"],
    ["the paragraph before it", "<p>Hei</p><p>Kode</p><p><input name=x></p>", "Kode"],
    ["a heading before the form's hidden fields", "<input type=hidden name=h value=1><input name=x>", "Kode"],
    ["its name, if there is nothing else", '<input name="x">', "x"],
  ])("are named by %s", (_, inside, label) => {
    const heading = inside.includes("name=h ") ? "<h2>Kode</h2>" : ""
    expect(labels(heading + form(inside))).toEqual([expect.stringMatching(new RegExp(`^${label}`))])
  })

  it("are all asked, in the page's order, and told apart: one is for the code", () => {
    const two = (first: string, second: string) =>
      as("question", form(`<input ${first}><input ${second}><input type=submit name=ok value=OK>`)).questions
    expect(two('name="a"', 'name="b" type="password"')).toMatchObject([
      { field: "a", isCode: true, hidden: false },
      { field: "b", isCode: false, hidden: true },
    ])
    for (const code of ['name="b" autocomplete="one-time-code"', 'name="totpCode"', 'name="x" id="otp"']) {
      expect(two('name="a"', code).map(({ isCode }) => isCode)).toEqual([false, true])
    }
    expect(two('name="pincode"', 'name="passcode"').map(({ isCode }) => isCode)).toEqual([false, true])
  })

  it.each([
    ["the attribute hidden", "<div hidden><input name=h></div>"],
    ["its style", '<p style="color: red; display : none"><input name=h></p>'],
    ["its visibility", '<input name=h style="visibility:hidden">'],
    ["aria-hidden", '<span aria-hidden="true"><input name=h></span>'],
    ["a class of ADFS", '<div class="x hidden"><input name=h></div>'],
    ["a class for screen readers", '<input name=h class="sr-only">'],
    [
      "the page's style sheet, by id",
      "<style>a{} #trap , .y { display:none }</style><div id=trap><input name=h></div>",
    ],
    [
      "the page's style sheet, by class",
      "<style>.trap{display:none!important}</style><input name=h class=trap>",
    ],
    ["several classes in the style sheet", "<style>.a.b{display:none}</style><input name=h class='a b'>"],
    ["an attribute in the style sheet", "<style>input[name='h']{display:none}</style><input name=h>"],
    [
      "a place in the style sheet",
      "<style>/* trap */ #f .y{visibility:hidden}</style><div class=y><input name=h></div>",
    ],
    ["its parent in the style sheet", "<style>form>p > input{display:none}</style><p><input name=h></p>"],
    [
      "a style sheet for screens",
      "<style>@charset 'utf-8';@media screen{.y{display:none}}</style><input name=h class=y>",
    ],
    [
      "a place off the screen in the style sheet",
      "<style>.y{position:absolute;left:-9999px}</style><div class=y><input name=h></div>",
    ],
    ["a style sheet that makes it faint", "<style>.y{opacity:0}</style><input name=h class=y>"],
    [
      "a rule that a lighter one does not end",
      "<style>#h{display:none} .y{display:block}</style><input id=h name=h class=y>",
    ],
    [
      "a rule that its style does not end",
      "<style>.y{display:none!important}</style><input style='display:block' name=h class=y>",
    ],
    [
      "a rule for its visibility, beside one for its display",
      "<style>#f input{display:block}.y{visibility:hidden}</style><input class=y name=h>",
    ],
    [
      "a rule for its place, beside rules for its margin and size",
      "<style>.y{left:-9999px}#f .y{margin-left:0;top:0;opacity:1}</style><input class=y name=h>",
    ],
    ["a far margin in the style sheet", "<style>.y{margin-left:-9999px}</style><input class=y name=h>"],
    ["the size of its letters", "<style>.y{font-size:0}</style><input class=y name=h>"],
    ["a margin of its style", "<input style='margin-left:-200px' name=h>"],
    [
      "an important rule that a heavier one does not end",
      "<style>.y{display:none!important}#f .y{display:block}</style><input class=y name=h>",
    ],
    [
      "a dialog that a rule for all parts displays",
      "<style>div{display:block}</style><div class=modal><input name=h></div>",
    ],
    ["a tab that is not active", "<div class=tab-pane><input name=h></div>"],
    ["a part that is collapsed", "<div class='panel collapse'><input name=h></div>"],
    ["details that are closed", "<details><summary>More</summary><p><input name=h></p></details>"],
    ["the visibility of its content", "<div style='content-visibility: hidden'><input name=h></div>"],
    ["its size", "<input name=h style='width:1px'>"],
    ["words that say so", "<label>Leave this field empty <input name=h></label>"],
    ["a name that says so", "<input name=my_honeypot>"],
    ["being optional", "<label>Device name (optional) <input name=h></label>"],
    ["being read only", "<input name=h readonly>"],
    ["being disabled", "<fieldset disabled><input name=h></fieldset>"],
    ["standing in noscript", "<noscript><input name=h></noscript>"],
    ["having no name", "<input>"],
  ])("leave out a field that is hidden by %s", (_, trap) => {
    expect(as("question", form(`${trap}<input name="x">`)).questions.map(({ field }) => field)).toEqual(["x"])
  })

  it.each([
    [
      "a style sheet for paper",
      "<style>@media print { .x { display: none } .y{} }</style><input class=x name=x>",
    ],
    [
      "a rule that a heavier one ends",
      "<style>.x{display:none} .x.on{display:block}</style><input class='x on' name=x>",
    ],
    [
      "a rule that a later one ends",
      "<style>.x{display:none} .on{display:block}</style><input class='x on' name=x>",
    ],
    [
      "a rule that its style ends",
      "<style>.x{display:none}</style><input class=x style='display:block' name=x>",
    ],
    [
      "a style sheet for narrow screens",
      "<style>@media screen and (max-width:9px){.x{display:none}}</style><input class=x name=x>",
    ],
    [
      "a rule for another place",
      "<style>div>.x,p .x,.x:focus,.x[type=hidden]{display:none}</style><input class=x name=x>",
    ],
    [
      "a box that its margins centre",
      "<style>.x{left:50%;top:50%;margin-left:-1200px;margin-top:-120px}</style><div class=x><input name=x></div><button>OK</button>",
    ],
    [
      "a box that its own style centres",
      "<div style='left:50%;margin-left:-200px'><input name=x></div><button>OK</button><input style='left:-9999px' name=h>",
    ],
    [
      "a box that a margin draws back",
      "<style>.x{margin-top:-120px}</style><div class=x><input name=x></div><button>OK</button>",
    ],
    [
      "a place off the screen that a heavier rule ends",
      "<style>.p{left:-1000px}.p.active{left:0}</style><div class='p active'><input name=x></div><button>OK</button>",
    ],
    [
      "a place off the screen that its style ends",
      "<style>.p{left:-1000px}</style><div class=p style='left:0'><input name=x></div><button>OK</button>",
    ],
    [
      "a dialog that its style displays",
      "<div class=modal style='display:block'><input name=x></div><button>OK</button>",
    ],
    [
      "a dialog that a rule displays",
      "<style>.modal{display:block}</style><div class=modal><input name=x></div><button>OK</button>",
    ],
    [
      "a dialog with another class that opens it",
      "<div class='modal is-active'><input name=x></div><button>OK</button>",
    ],
    ["an active tab", "<div class='tab-pane active'><input name=x></div>"],
    ["a part that is shown", "<div class='collapse in'><input name=x></div>"],
    ["open details", "<details open><p><input name=x></p></details>"],
    ["a summary", "<details><summary><input name=x></summary></details>"],
    [
      "words that say that it is optional, and that it is required",
      "<label>optional <input name=x required></label>",
    ],
    ["words that say so alone", "<label>PIN (optional) <input name=x></label>"],
    [
      "nothing shown until a script runs",
      "<div id=late hidden><label>x <input name=x></label><button>OK</button></div>",
    ],
    ["a style of another property", '<input name=x style="display:block;color:none">'],
  ])("keep a field with %s", (_, inside) => {
    expect(as("question", form(inside)).questions).toHaveLength(1)
  })

  it.each([
    [".f{opacity:0} .on .f{opacity:1}", ""],
    [".f{opacity:0}", "style='opacity:1'"],
    [".f{height:0} #f .f{height:auto}", ""],
    [".f{font-size:0}", ""],
  ])("are asked for in a part that is not faint after all: %s %s", (css, attributes) => {
    const inside = `<style>${css}</style><div class=f ${attributes}><input name=Code></div><input name=Pin>`
    expect(as("question", form(inside, "id=f class=on")).questions).toMatchObject([
      { field: "Code", isCode: true },
      { field: "Pin", isCode: false },
    ])
  })

  it("are not asked for while the page shows anything else", () => {
    const late = "<div hidden><input name=x></div>"
    for (const inside of [`<p>Approve it</p>${late}`, `<button>OK</button>${late}`, late + late])
      expect(read(form(inside)).kind).toBe("message")
  })

  it("take controls that name the form, and leave those that name another one", () => {
    const html = `${form('<input name="own"><input name="away" form="other">')}<input name="far" form="f"><form id="other"></form>`
    expect(as("question", html).questions.map(({ field }) => field)).toEqual(["own", "far"])
  })

  it("take the inner form of two for a part of the outer one, as browsers do", () => {
    const html = `<form method="post">${hidden}<form method="post" action="/elsewhere"><input name="x"></form>`
    expect(as("question", html).form).toMatchObject({
      action: url,
      fields: [
        ["AuthMethod", "Some"],
        ["Context", "c"],
        ["x", ""],
      ],
    })
  })

  it("send what a browser sends: no empty button, boxes as they are, the first button", () => {
    const inside = `<input name="x"><input type="checkbox" name="remember"><input type="checkbox" name="trust" checked>
      <select name="s"><option value="">-</option><option value="2" selected>B</option></select>
      <button name="ok" value="1">OK</button><button name="cancel" value="1">Cancel</button>`
    expect(as("question", form(inside)).form.fields).toEqual([
      ["AuthMethod", "Some"],
      ["Context", "c"],
      ["x", ""],
      ["trust", "on"],
      ["s", "2"],
      ["ok", "1"],
    ])
  })

  it("are what a page with several forms is for", () => {
    const waiting = `${form("", 'id="w"')}<script>w.submit()</script>`
    const html = `${form("<button name=cancel>Cancel</button>", 'id="c"')}${waiting}${form('<input name="x">')}`
    expect(as("question", html).questions[0]?.field).toBe("x")
    expect(read(form("<button name=cancel>Cancel</button>", 'id="c"') + waiting).kind).toBe("waiting")
  })

  it("are a person's affair up to ten fields", () => {
    const fields = (count: number) =>
      form(Array.from({ length: count }, (_, n) => `<input name="f${n}">`).join(""))
    expect(as("question", fields(10)).questions).toHaveLength(10)
    expect(read(fields(11)).kind).toBe("unknown")
  })
})

describe("what a script writes into the form whenever it is sent", () => {
  const otp = "<input name=otp><input type=submit value=OK>"
  const cmd = '<input type=hidden id=k name=cmd value=""><input type=hidden name=o value=none>'
  it.each([
    ["by the form's own attribute", `onsubmit="this.cmd.value = 'verify'"`, ""],
    [
      "by a function, on no condition",
      'onsubmit="return go()"',
      "function go() { if (!f.otp.value) { f.cmd.value = 'x'; return false } f.cmd.value = 'verify' }",
    ],
    [
      "by a listener",
      "",
      "f.addEventListener('submit', () => { document.getElementById('k').value = 'verify' })",
    ],
    [
      "by a property",
      "",
      "document.forms[0].onsubmit = function () { this.elements['cmd'].value = 'verify'; }",
    ],
    [
      "whenever the form is sent, behind an operator",
      'onsubmit="return check(a || b) && go()"',
      "function go() { var a = b || c\n f.cmd.value = 'verify'; return true }",
    ],
    ["by jQuery", "", "$('#f').submit(function () { $('#k').val('verify') })"],
  ])("is sent: %s", (_, attribute, script) => {
    const page = `${form(cmd + otp, `id=f ${attribute}`)}<script>${script}</script>`
    expect(as("question", page).form.fields.slice(2)).toEqual([
      ["cmd", "verify"],
      ["o", "none"],
      ["otp", ""],
    ])
  })

  it.each([
    [
      "after a condition that may end the function",
      "if (f.otp.value !== '') return true; f.cmd.value = 'resend'",
    ],
    ["later", "setTimeout(function () { f.cmd.value = 'resend' }, 5000)"],
    ["for each of a list", "bad.forEach(function () { f.cmd.value = 'resend' })"],
    ["by one of two functions of a name", "p.go()"],
  ])("is not sent if it may be written %s", (_, inside) => {
    const others =
      "var bad = []; var o = { go: function () { f.cmd.value = 'resend' } }, p = { go: function () {} }"
    const page = `${form(cmd.replace('""', "go") + otp, "id=f")}<script>${others}\nf.onsubmit = function () { ${inside} }</script>`
    expect(as("question", page).form.fields.slice(2)).toContainEqual(["cmd", "go"])
  })

  it.each([
    "<style media=print>input, form{display:none}</style>",
    "<style>.no-js form{display:none}</style>",
    "<style>form{position:relative;top:-120px}</style>",
  ])("a page whose style sheet hides it elsewhere, or until its script runs, is asked: %s", style => {
    const page = `<html class=no-js><head>${style}</head><body>${form(otp, "id=f")}</body></html>`
    expect(as("question", page).questions).toMatchObject([{ field: "otp" }])
  })

  it("by the button that is pressed", () => {
    const hiddenWay = "<input type=hidden name=m value=none>"
    const button = (way: string) => `<button onclick="this.form.m.value='${way}'">${way}</button>`
    const sent = as("message", form(hiddenWay + button("sms") + button("app"))).buttons
    expect(sent.map(pressed => pressed.form.fields.at(-1))).toEqual([
      ["m", "sms"],
      ["m", "app"],
    ])
    const ok = `<input type=submit value=OK onclick="this.form.m.value='verify'">`
    expect(as("question", form(`${hiddenWay}<input name=otp>${ok}`)).form.fields[2]).toEqual(["m", "verify"])
  })

  it.each([
    ["on a condition", "if (a) this.o.value = 'x'; else this.o.value = 'y'"],
    ["in what is called on a condition", "if (a) { go() }"],
    ["if another thing is so", "back && (this.o.value = 'x')"],
    ["in what is called if another thing is so", "back && go()"],
    ["unless another thing is so", "check(a); back || (this.o.value = 'x')"],
    ["in one of two cases", "back ? this.o.value = 'x' : this.o.value = 'y'"],
    ["twice, unlike", "this.o.value = 'x'; this.o.value = y"],
    ["as a part", "this.o.value = 'x' + y"],
    ["elsewhere", "other.value = 'x'; this.otp.value = this.otp.value.trim()"],
  ])("is not, if it is written %s", (_, code) => {
    const own = "<input type=hidden name=o value=none><input name=otp>"
    const page = `${form(own, `onsubmit="${code}"`)}<script>function go() { document.forms[0].o.value = 'x' }</script>`
    expect(as("question", page).form.fields[2]).toEqual(["o", "none"])
  })

  it("is not, if another form is sent", () => {
    const other = "<form id=g></form><script>g.onsubmit = function () { f.o.value = 'x' }</script>"
    const page = form("<input type=hidden name=o value=none><input name=otp>") + other
    expect(as("question", page).form.fields[2]).toEqual(["o", "none"])
  })
})

describe("boxes that have to be ticked", () => {
  const box = "<label><input type=checkbox name=terms value=1 required> I accept</label>"
  it.each([
    ["question", `${box}<input name=x>`],
    ["choice", `${box}<input type=radio name=m value=1 checked>A<input type=radio name=m value=2>B`],
  ] as const)("are sent with a %s, whose user is asked before", (kind, inside) => {
    const found = as(kind, form(inside))
    expect(found.ticks).toEqual(["I accept"])
    expect(found.form.fields).toContainEqual(["terms", "1"])
  })

  it("are none if they are ticked, or need not be", () => {
    const inside = "<input type=checkbox name=a required checked><input type=checkbox name=b><input name=x>"
    expect(as("question", form(inside)).ticks).toEqual([])
  })
})

describe("choices", () => {
  const picks = (inside: string) => as("choice", form(inside)).picks

  it("among radios, with the name that each has", () => {
    const inside = `<fieldset><legend>How?</legend><input type="radio" name="m" value="0" id="a"><label for="a">App</label>
      <label><input type="radio" name="m" value="1" checked> Mail to u…@example.com</label>
      <input type="radio" name="m" value="2"> Call <b>+47 •• 12</b><br><input type="radio" name="m" value="3" disabled>
      <input type="radio" name="m" value="4" hidden></fieldset><input type="submit" name="go" value="Next">`
    expect(as("choice", form(inside))).toMatchObject({
      sentence: "How?",
      picks: [
        {
          field: "m",
          checked: "1",
          choices: [
            { label: "App", value: "0" },
            { label: "Mail to u…@example.com", value: "1" },
            { label: "Call +47 •• 12", value: "2" },
          ],
        },
      ],
      form: {
        fields: [
          ["AuthMethod", "Some"],
          ["Context", "c"],
          ["m", "1"],
          ["go", "Next"],
        ],
      },
    })
  })

  it("have a sentence without the words of a refusal, which stand beside it", () => {
    const inside = `<p>How?</p><div id="errorText">That one is out of order</div>
      <input type="radio" name="m" value="0">A<input type="radio" name="m" value="1">B`
    expect(as("choice", form(inside))).toMatchObject({
      sentence: "How?",
      refusal: "That one is out of order",
    })
  })

  it("among radios of which none is checked", () => {
    expect(
      picks('<input type="radio" name="m" value="0">A<input type="radio" name="m" value="1">B'),
    ).toMatchObject([{ checked: undefined, choices: [{ label: "A" }, { label: "B" }] }])
  })

  it("in a list, whose first entry may be none", () => {
    const list = (first: string) =>
      `<select name="how">${first}<optgroup label="x"><option value="sms">SMS</option></optgroup><option>App</option></select>`
    expect(picks(list('<option value="">Please choose</option>'))).toEqual([
      { field: "how", checked: undefined, choices: [choice("SMS", "sms"), choice("App", "App")] },
    ])
    expect(picks(list('<option value="call" selected>Call</option>'))[0]?.checked).toBe("call")
  })
  const choice = (label: string, value: string) => expect.objectContaining({ label, value })

  it("of several things at once", () => {
    const inside = `<input type="radio" name="m" value="0" checked>A<input type="radio" name="m" value="1">B
      <select name="to"><option value="1">+47 1</option><option value="2">+47 2</option></select>`
    expect(picks(inside).map(({ field, checked }) => [field, checked])).toEqual([
      ["m", "0"],
      ["to", "1"],
    ])
  })
})

describe("messages", () => {
  const message = (html: string) => as("message", html)

  it.each([
    [
      "a link with its address",
      'Go <a href="https://enrol.example.com">there</a> first',
      "Go there (https://enrol.example.com) first",
    ],
    [
      "a link of the same server",
      '<p>Use <a href="/enrol?a=1">this</a>.</p>',
      "Use this (https://adfs.example.com/enrol?a=1).",
    ],
    [
      "a link that names its address",
      '<a href="https://x.example/y">https://x.example/y</a>',
      "https://x.example/y",
    ],
    ["a link of a script as its text", '<a href="javascript:go()">go</a> <a href="#">up</a>', "go up"],
    [
      "blocks as sentences",
      "<h1>Sorry</h1><p>No key.</p><ul><li>Ask</li><li>Wait!</li></ul>",
      "Sorry. No key. Ask. Wait!",
    ],
    [
      "no scripts, styles and hidden parts",
      "<p>A</p><script>x</script><style>y</style><p hidden>z</p><template>t</template>",
      "A",
    ],
    ["text of its own, whatever the element", "A <span>b</span><section>c</section>", "A b. c"],
  ])("have %s", (_, inside, sentence) => {
    expect(message(form(inside)).sentence).toBe(sentence)
  })

  it("leave out ADFS' frame: header, greeting, links to adapters, footer", () => {
    const html = `<div id="header">Corp</div><div id="contentWrapper"><div id="content"><div id="workArea">
      <div id="authArea"><div class="fieldMargin bigText">Welcome CORP\\a</div>
      <div id="mfaGreetingDescription">For security reasons…</div><p>In front</p>${form("<p>Inside</p>")}<p>Behind</p>
      <div id="authOptions"><form id="options" method="post">Other ways<div id="authOptionLinks"><a id="Other">Other</a></div></form></div>
      </div></div></div></div><div id="footer">© Corp</div>`
    expect(message(html).sentence).toBe("In front. Inside. Behind")
  })

  it.each([
    ["a button", '<button name="a" value="1">Go</button>', "Go", [["a", "1"]]],
    ["a button without a type in a label", '<button aria-label="Go"></button>', "Go", []],
    ["an input", '<input type="submit" name="a" value="Go">', "Go", [["a", "Go"]]],
    [
      "an image",
      '<input type="image" name="a" alt="Go">',
      "Go",
      [
        ["a.x", "0"],
        ["a.y", "0"],
      ],
    ],
    ["a button of a script", '<input type="button" value="Go" onclick="this.form.submit()">', "Go", []],
    ["a link of a script", '<a href="#" onclick="document.forms[0].submit(); return false">Go</a>', "Go", []],
    [
      "a link with a script for an address",
      '<a href="javascript:document.forms[0].submit()">Go</a>',
      "Go",
      [],
    ],
    [
      "an element with a role",
      '<span role="button" onclick="go()">Go</span><script>function go() { f.submit() }</script>',
      "Go",
      [],
    ],
  ])("have the buttons that can be pressed: %s", (_, inside, label, sent) => {
    const buttons = message(form(inside)).buttons.map(button => [button.label, button.form.fields.slice(2)])
    expect(buttons).toEqual([[label, sent]])
  })

  it.each([
    ["is hidden", '<button name="a" hidden>Go</button>'],
    ["resets", '<input type="reset" value="Go">'],
    ["opens another page", '<a href="/adfs/portal/help">Go</a>'],
    ["does what only its script knows", '<a href="#" onclick="Page.go(7)">Go</a>'],
    [
      "sets a value first",
      '<a href="#" onclick="f.kind.value = 7; f.submit()">Go</a><input type="hidden" name="kind" value="0">',
    ],
    ["leads to another adapter", '<a href="#" onclick="document.forms.options.submit()">Go</a>'],
  ])("have no button that %s", (_, inside) => {
    expect(message(`${form(inside)}<form id="options" method="post"></form>`).buttons).toEqual([])
  })

  it("press a button where it sends its form", () => {
    const inside = '<button name="a" formaction="/other">A</button><button name="b">B</button>'
    expect(message(form(inside)).buttons.map(button => button.form.action)).toEqual([
      "https://adfs.example.com/other",
      url,
    ])
  })

  it.each([
    [
      "an error in ADFS' frame",
      '<div id="authArea"><h1>Key</h1><div class="error">No key</div></div>',
      "Key. No key",
      "No key",
    ],
    ["a heading", "<h1>Your account is blocked</h1>", "Your account is blocked", undefined],
    ["an alert", '<section role="alert">No key</section>', "No key", "No key"],
    ["an error message", '<p id="errorMessage">No key</p>', "No key", "No key"],
    ["an error of another frame", '<main><div class="alert-danger">No key</div></main>', "No key", "No key"],
    [
      "words in ADFS' frame",
      '<div id="loginArea"><p>Ask your help desk</p></div>',
      "Ask your help desk",
      undefined,
    ],
  ])("need no form: %s", (_, html, sentence, refusal) => {
    expect(message(html)).toEqual({ kind: "message", adapter: "", buttons: [], sentence, refusal })
  })

  it("are what the only adapter says beside its own link", () => {
    const options = (...ids: string[]) =>
      `<form id="options" method="post"><div id="authOptionLinks">${ids.map(id => `<a id="${id}">${id}</a>`).join("")}</div></form>`
    expect(message(`<p class="errorText">No key</p>${options("A", "B")}`).refusal).toBe("No key")
    expect(message(`<h2>No key</h2>${options("A")}`).sentence).toBe("No key")
    expect(read(`<h2>Choose</h2>${options("A", "B")}`).kind).toBe("adapters")
    expect(read(options("A")).kind).toBe("adapters")
  })

  it("are nothing without words", () => {
    expect(read('<div id="authArea"></div>').kind).toBe("unknown")
    expect(read("<p>Buy now</p>")).toMatchObject({ kind: "unknown", sentence: "Buy now" })
  })
})

describe("refusals", () => {
  const refusal = (html: string) => as("question", html).refusal

  it.each([
    ["#errorText", '<label id="errorText" for="">Feil</label>'],
    ["#errorMessage", '<p id="errorMessage">Feil</p>'],
    ["role=alert", '<p role="alert">Feil</p>'],
    ["aria-live", '<p aria-live="assertive">Feil</p>'],
    [".error", '<div class="fieldMargin error smallText"><span>Feil</span></div>'],
    ["a class of another framework", '<div class="alert alert-danger">Feil</div>'],
    ["a class in other letters", '<div class="loginError">Feil</div>'],
    [
      "what the field names as its error",
      '<p id="e">Feil</p><input name=y value=1 aria-invalid=true aria-errormessage="e" aria-describedby="f">',
    ],
    [
      "a marked element that describes a wrong field",
      '<p id=e class=error>Feil</p><input name=y value=1 aria-invalid=true aria-describedby="h e">',
    ],
    ["one in the other", '<div id="error" class="error"><label id="errorText">Feil</label></div>'],
  ])("stand in %s", (_, error) => {
    expect(refusal(error + form('<input name="x">'))).toBe("Feil")
    expect(refusal(form(`${error}<input name="x">`))).toBe("Feil")
  })

  it("are no label of the field behind them, and stand beside the page's sentence", () => {
    const page = as(
      "question",
      `<h2>One-time password</h2><div class="error">Used before</div>${form('<input name="x">')}`,
    )
    expect(page).toMatchObject({
      refusal: "Used before",
      sentence: "One-time password",
      questions: [{ label: "One-time password" }],
    })
  })

  it.each([
    ["empty", '<span id="errorText"> </span>'],
    ["hidden", '<div class="error" style="display:none">Wrong code</div>'],
    ["hidden by a style sheet", "<style>#err{display:none}</style><div id=err class=error>Wrong code</div>"],
    ["a banner", '<div class="cookie-alert" role="alert">We use cookies</div>'],
    ["what describes a field that is right", '<p id="e">Code</p><input name=y value=1 aria-describedby="e">'],
    [
      "help for a wrong field",
      "<p id=e>Six digits</p><input name=y value=1 aria-invalid=true aria-describedby=e>",
    ],
    ["a group with a field", '<div class="error"><label for="c">Code</label><input id="c" name="y"></div>'],
    ["a word that only contains it", '<p class="terror mirrors">Code</p>'],
  ])("are none if the place is %s", (_, error) => {
    expect(refusal(form(`${error}<input name="x">`))).toBeUndefined()
  })
})

describe("pages that need a browser", () => {
  const needs = (inside: string, outside = "") => read(form(inside) + outside).kind === "browserOnly"

  it.each([
    ["a passkey", '<input type="hidden" name="assertion"><script src="/passkey.js"></script>', ""],
    ["a registered device", '<p>Insert your card</p><input type="hidden" name="device" value="">', ""],
    ["a field of blanks only", '<input type="hidden" name="device" value="  "><button>Go</button>', ""],
    [
      "keys on the page",
      "<input type=password name=pin readonly><button type=button>1</button><input type=submit>",
      "",
    ],
    [
      "what is typed changed at submission",
      "<input name=otp>",
      "<script>f.onsubmit = function () { this.otp.value = sha256(this.otp.value) }</script>",
    ],
    ["a captcha", "<img src=/c.png><input name=captcha><input name=otp>", ""],
    [
      "an answer at submission",
      '<input type="hidden" name="result" value=""><input name="otp">',
      "<script>f.addEventListener('submit', e => { f.result.value = 1 })</script>",
    ],
    [
      "an answer at a click",
      '<input type="hidden" id="r" name="result"><input name="otp"><button onclick="document.getElementById(\'r\').value = 1">OK</button>',
      "",
    ],
    [
      "an answer in an attribute",
      '<input type="hidden" name="result"><input name="otp">',
      "<span onsubmit='this.result.value = 1'></span>",
    ],
    [
      "an answer that jQuery puts in",
      '<input type="hidden" id="r" name="result"><input name="otp">',
      "<script>$('#r').val(answer())</script>",
    ],
    [
      "an answer of a function that is told the field",
      '<input type="hidden" id="r" name="result"><input name="otp">',
      "<script>put('r', 1)</script>",
    ],
    [
      "an answer without the field's name",
      '<input type="hidden" name="result"><input name="otp">',
      "<script>document.forms[0].elements[2].value = 1</script>",
    ],
    [
      "an answer of a script in a file",
      '<input type="hidden" name="result"><input name="otp">',
      '<script src="/adapter/otp.js"></script>',
    ],
    [
      "a covered field that a script fills",
      '<input name="result" style="display:none"><input name="otp">',
      "<script>document.forms[0].result.value = 1</script>",
    ],
    [
      "a submission of a value made by script",
      '<input type="hidden" name="t" value="0">',
      "<script>f.t.value = Date.now(); f.submit()</script>",
    ],
    [
      "a submission after a device",
      '<input type="hidden" name="t" value="">',
      "<script>card.read(d => { f.t.value = d; f.submit() }); f.submit()</script>",
    ],
  ])("%s", (_, inside, outside) => {
    expect(needs(inside, outside)).toBe(true)
  })

  it.each([
    [
      "fields of ASP.NET",
      '<input type="hidden" id="__EVENTTARGET" name="__EVENTTARGET" value=""><input name="otp">',
      "<script>function o() { document.getElementById('__EVENTTARGET').value = 'x' }</script>",
    ],
    ["a word on captchas", "<input type=hidden name=UseCaptcha value=false><input name=otp>", ""],
    ["a field that nothing fills in", "<input name=device readonly value=''><button>Continue</button>", ""],
    [
      "what is typed tidied at submission",
      "<input name=otp>",
      "<script>f.onsubmit = function () { this.otp.value = this.otp.value.trim().normalize().match(/\\d+/g).concat().join('') }</script>",
    ],
    ["an empty context", '<input type="hidden" name="context"><input name="otp">', ""],
    [
      "an empty field that no script knows",
      '<input type="hidden" name="back" value=""><input name="otp">',
      "",
    ],
    [
      "an empty field beside ADFS' own scripts",
      '<input type="hidden" name="back" value=""><input name="otp">',
      '<script src="/adfs/portal/script.js?id=1"></script><form id="options" method="post"><script>function SelectOption(o) { var i = document.getElementById("optionSelection"); i.value = o; document.forms.options.submit() }</script></form>',
    ],
    [
      "ADFS' own function with one of the same name in it",
      '<input type="hidden" name="h" value=""><input name="otp">',
      "<script>function SelectOption() { function SelectOption() {} document.forms[0].q.value = 1 }</script>",
    ],
    [
      "a script that only sets the focus",
      '<input type="hidden" name="back" value=""><input id="otp" name="otp">',
      "<script>document.getElementById('otp').focus()</script>",
    ],
    [
      "an empty field without a name",
      '<input type="hidden" id="x"><input name="otp">',
      "<script>document.getElementById('x').value = 1</script>",
    ],
    [
      "a page that posts itself with an empty field",
      '<input type="hidden" name="back" value="">',
      "<script>setTimeout(() => f.submit(), 1000)</script>",
    ],
    [
      "a filled field that a script changes",
      '<input type="hidden" name="lnk" value="0"><input name="otp">',
      "<script>function l() { f.lnk.value = 3; f.submit() }</script>",
    ],
  ])("not %s", (_, inside, outside) => {
    expect(needs(inside, outside)).toBe(false)
  })
})

describe("Microsoft's adapters wait even if their script is not to be seen", () => {
  const azure = (inside: string, outside = "", adapter = "AzureMfaAuthentication") =>
    read(form(inside).replace('"Some"', `"${adapter}"`) + outside)

  it.each([
    ["with a number", "", '<p id="validEntropyNumber">17</p>', "17"],
    ["without a number", "<p>Approve it</p>", "", undefined],
    ["with a box", '<input type="checkbox" name="kmsi">', "", undefined],
    ["with a field of ASP.NET", '<input type="hidden" name="__EVENTTARGET">', "", undefined],
    [
      "with a number and a button",
      "<button name=cancel>Cancel</button>",
      '<p id="validEntropyNumber">17</p>',
      "17",
    ],
  ])("%s", (_, inside, outside, number) => {
    expect(azure(inside, outside)).toMatchObject({ kind: "waiting", delay: 3000, number })
  })

  it("at once where the post itself waits", () => {
    expect(azure("<p>We call you</p>", "", "AzureMfaServerAuthentication")).toMatchObject({
      kind: "waiting",
      delay: 0,
    })
  })

  it.each([
    ["refuses", '<div id="error" class="error">Denied</div>', "message"],
    ["offers buttons only", "<p>Set up your phone</p><button name=go>Next</button>", "message"],
    ["asks", '<input id="verificationCodeInput" name="VerificationCode">', "question"],
  ])("not where the page %s", (_, inside, kind) => {
    expect(azure(inside).kind).toBe(kind)
  })
})
