import { describe, expect, it } from "vitest"
import { readPage } from "../../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/?q=1"
const login = (inside: string, attributes = "", before = "") =>
  `${before}<form method=post ${attributes}>${inside}<input name=UserName><input name=Password type=password></form>`
const page = (html: string) => {
  const found = readPage(html, url)
  if (found.kind !== "login") throw new Error(found.kind)
  return found
}

describe("a form is sent as a browser sends it", () => {
  const options = "<option value=a>A<option value=b selected>B<option value=c selected>C"
  it.each<[string, string, [string, string][]]>([
    ["a list of several, none chosen", "<select multiple name=m><option>A<option>B</select>", []],
    [
      "a list of several",
      `<select multiple name=m>${options}</select>`,
      [
        ["m", "b"],
        ["m", "c"],
      ],
    ],
    ["a list of one", `<select name=m>${options}</select>`, [["m", "c"]]],
    [
      "a list whose choice is disabled",
      '<select name=m><option value="" disabled selected>Choose<option value=a>A</select>',
      [],
    ],
    [
      "a list with a disabled group",
      "<select name=m><optgroup disabled><option>A</optgroup><option>B</select>",
      [["m", "B"]],
    ],
    [
      "an image",
      "<input type=image name=go>",
      [
        ["go.x", "0"],
        ["go.y", "0"],
      ],
    ],
    [
      "an image without a name",
      "<input type=image>",
      [
        ["x", "0"],
        ["y", "0"],
      ],
    ],
    ["a text that begins in a new line", "<textarea name=t>\none\ntwo</textarea>", [["t", "one\ntwo"]]],
  ])("%s", (_, inside, sent) => {
    expect(page(login(inside)).form.fields.slice(0, -2)).toEqual(sent)
  })

  it.each([
    ["that leaves", "<button name=a value=cancel>Avbryt</button><button name=a value=verify>OK</button>"],
    [
      "that goes back",
      "<input type=submit name=btnBack value=Tilbake><button name=a value=verify>OK</button>",
    ],
    ["that asks for another code", "<button id=resendCode name=b>Send</button><button name=a value=verify>"],
    [
      "that needs no answer",
      "<button formnovalidate name=b>Nei</button><button name=a value=verify>OK</button>",
    ],
    [
      "that leaves, in the user's language",
      "<input type=submit name=a value=Avbryt><button name=a value=1>キャンセル</button><button name=a value=verify>OK</button>",
    ],
    [
      "that asks another way",
      "<button name=a value=push>Push</button><input type=submit name=SendSms value=SMS><button name=a value=verify>OK</button>",
    ],
    [
      "that asks for a new code, by its text",
      "<button name=a value=1>Send new code</button><button name=a value=verify>Check</button>",
    ],
    [
      "that asks for a new code, in Norwegian",
      "<button name=a value=1><b>Send ny kode</b></button><button name=a value=verify>Bekreft</button>",
    ],
    [
      "that asks for a new code, in Finnish",
      "<button name=a value=1>Lähetä uusi koodi</button><button name=a value=verify>Vahvista</button>",
    ],
    [
      "that asks for a new code, in German",
      "<button name=a value=1>Code erneut senden</button><button name=a value=verify>Anmelden</button>",
    ],
    [
      "that asks for a new code, in Russian",
      "<button name=a value=1>Новый код</button><button name=a value=verify>Войти</button>",
    ],
    [
      "that goes back, in Swedish",
      "<button name=a value=1>&lt; Tillbaka</button><button name=a value=verify>OK</button>",
    ],
    [
      "that signs out",
      "<button name=a value=1>Logg ut</button><button name=a value=verify>Logg inn</button>",
    ],
    [
      "that sends a code on its way",
      "<button name=a value=1>Send SMS</button><button name=a value=verify>Check</button>",
    ],
  ])("by Enter, but never by a button %s", (_, buttons) => {
    expect(page(login(buttons)).form.fields.slice(0, -2)).toEqual([["a", "verify"]])
  })

  it.each([
    "<button name=a value=verify>Log on</button><button name=a value=email>Send by e-mail</button>",
    "<button name=a value=verify>Check</button><button name=a value=mail>Send code by e-mail</button>",
    "<button name=a value=verify>Check</button><button name=next value=2>Send SMS</button>",
    "<button name=a value=verify>Verify new code</button><button name=a value=info>Info</button>",
    "<button name=a value=verify>Check the SMS code</button><button name=a value=2>Help</button>",
  ])("by Enter, as a browser does, by the first button that may be it: %s", buttons => {
    expect(page(login(buttons)).form.fields.slice(0, -2)).toEqual([["a", "verify"]])
  })

  it("without a button if the only one leaves", () => {
    expect(page(login("<input type=submit name=cancel value=Avbryt>")).form.fields).toHaveLength(2)
  })

  it("by the only button, if it sets something new", () => {
    expect(page(login("<input type=submit name=set value='Set new PIN'>")).form.fields[0]).toEqual([
      "set",
      "Set new PIN",
    ])
  })

  it("by the only button that does not leave, whatever it is called", () => {
    const sent = page(
      login("<button name=a value=cancel>X</button><button name=by value=sms>OK</button>"),
    ).form
    expect(sent.fields.slice(0, -2)).toEqual([["by", "sms"]])
  })

  it.each(["data:,x", "javascript:1"])("relative to its page if the base is %s", base => {
    expect(page(login("", "action=post", `<base href="${base}">`)).form.action).toBe(
      "https://adfs.example.com/adfs/ls/post",
    )
  })

  it("to its own page if the address is blank", () => {
    expect(page(login("", 'action="  "')).form.action).toBe(url)
  })

  it("but not by a script", () => {
    expect(() => page(login("", 'action="javascript:void(0)"'))).toThrow("only a script of its page can send")
  })

  it.each(["noframes", "noembed", "noscript", "template"])("not one in %s", tag => {
    const trap = `<${tag}>${login("", "action=https://evil.example/")}</${tag}>`
    expect(page(login("", "", trap)).form.action).toBe(url)
  })

  it.each(["tel", "search", "email", "text", "unknown"])("with a user name in a field of type %s", type => {
    const html = login("").replace("name=UserName", `name=UserName type=${type}`)
    expect(page(html).fields.username).toBe("UserName")
  })
})

describe("a list that has nothing chosen", () => {
  it("is no answer", () => {
    const html = `<form method=post><input type=hidden name=AuthMethod value=Some><select name=way><option value="" disabled selected>Choose<option value=app>App<option value=sms>SMS</select></form>`
    expect(readPage(html, url)).toMatchObject({
      kind: "choice",
      picks: [{ field: "way", checked: undefined }],
    })
  })
})
