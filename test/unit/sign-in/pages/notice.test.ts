import { describe, expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/"
const read = (html: string) => readPage(html, url)
const page = (inside: string, words = "<h2>Terms of use</h2>") =>
  `<div id=authArea>${words}<form method=post><input type=hidden name=ctx value=1>${inside}</form></div>`
const buttons = (html: string) => {
  const found = read(html)
  if (found.kind !== "message") throw new Error(found.kind)
  return found.buttons.map(({ label, form, ticks }) => [label, form.fields.slice(1), ticks])
}

describe("a page that is answered by a button, and belongs to no second factor", () => {
  it("shows its words, and its buttons wait for a yes", () => {
    const html = page("<button name=a value=1>I agree</button><button name=a value=0>I do not</button>")
    expect(read(html)).toMatchObject({ kind: "message", adapter: "", sentence: "Terms of use" })
    expect(buttons(html)).toEqual([
      ["I agree", [["a", "1"]], []],
      ["I do not", [["a", "0"]], []],
    ])
  })

  it("has the boxes ticked that a browser wants ticked", () => {
    const box = "<label><input type=checkbox name=ok value=yes required> I have read them</label>"
    const other =
      "<label><input type=checkbox name=news> News</label><input type=checkbox name=h required hidden>"
    expect(
      buttons(page(`${box}${other}<button>Go on</button><button formnovalidate>Leave</button>`)),
    ).toEqual([
      ["Go on", [["ok", "yes"]], ["I have read them"]],
      ["Leave", [], []],
    ])
  })

  it("of a signed-in user has no button for signing out", () => {
    expect(buttons(page("<input type=submit name=SignOut value='Sign Out'>"))).toEqual([])
    expect(buttons(page("<button name=x>Log off</button>"))).toEqual([])
  })

  it.each([
    ["with a field", page("<input name=q><button>Search</button>")],
    ["with a choice", page("<select name=a><option>1<option>2</select><button>Go on</button>")],
    ["with a captcha", page("<div class=g-recaptcha></div><button>Go on</button>")],
    ["without words", page("<button>Go on</button>", "")],
    ["with two forms", page("<button>A</button>") + page("<button>B</button>")],
  ])("is not known %s", (_, html) => {
    expect(read(html).kind).toBe("unknown")
  })
})

describe("a code is asked for without the name of an adapter", () => {
  it.each(["<input name=otp>", "<label>Engangskode <input name=x></label>"])(
    "if the page says so: %s",
    inside => {
      expect(read(page(inside))).toMatchObject({
        kind: "question",
        adapter: "",
        questions: [{ isCode: true }],
      })
    },
  )

  it.each([
    "<input name=captchaCode>",
    "<input name=otp><input name=x>",
    "<label>PIN <input name=x></label>",
  ])("but not by %s", inside => {
    expect(read(page(inside)).kind).toBe("unknown")
  })
})
