import { describe, expect, it } from "vitest"
import { filledBoxes } from "../../../../../src/sign-in/pages/form/form.ts"
import { readPage } from "../../../../../src/sign-in/pages/page.ts"

const read = (inside: string) =>
  readPage(
    `<form method=post id=f><input type=hidden name=AuthMethod value=Some>${inside}</form>`,
    "https://adfs.example.com/adfs/ls/",
  )
const boxes = (count: number, box: (n: number) => string) =>
  Array.from({ length: count }, (_, at) => `<input maxlength=1 ${box(at + 1)}>`).join("")
const six = boxes(6, n => `name=d${n}`)
const nameless = boxes(6, n => `aria-label="Digit ${n}"`)
const names = ["d1", "d2", "d3", "d4", "d5", "d6"]
const none = Array(6).fill("")
const join = "<script>f.onsubmit = () => { f.otp.value = all() }</script>"

describe("boxes for one digit each are asked as one code", () => {
  it.each([
    ["with names", `Code ${six}`, { field: "", boxes: names, label: "Code" }],
    ["with one name", boxes(6, () => "name=d"), { field: "", boxes: Array(6).fill("d"), label: "Code" }],
    [
      "in two parts",
      `Kode ${six.replace("<input maxlength=1 name=d4>", " – $&")}`,
      { boxes: names, label: "Kode" },
    ],
    [
      "of which the first takes all",
      `<div role=group aria-label="Engangskode">${six.replaceAll("<input", '<input aria-label="Ciffer 1"').replace("maxlength=1", "maxlength=6")}</div>`,
      { boxes: names, label: "Engangskode" },
    ],
    ["of size 1", six.replaceAll("maxlength", "size"), { boxes: names }],
    ["for one digit by pattern", six.replaceAll("maxlength=1", 'pattern="^[0-9]{1}$"'), { boxes: names }],
    [
      "for one digit by its highest",
      six.replaceAll("maxlength=1", "type=number min=0 max=9"),
      { boxes: names },
    ],
    ["with a label", `<label for=a>Kod</label>${six.replace("name=d1", "name=d1 id=a")}`, { label: "Kod" }],
    ["filled in again", `Code ${boxes(6, n => `name=d${n} value=${n}`)}`, { boxes: names }],
    ["that hide what is typed", six.replaceAll("maxlength", "type=password maxlength"), { hidden: true }],
    ["joined by a script", `${nameless}<input type=hidden name=otp>${join}`, { field: "otp", boxes: none }],
    ["joined in a covered field", `${nameless}<input name=otp hidden>${join}`, { field: "otp", boxes: none }],
    ["joined and sent", `${six}<input type=hidden name=otp>${join}`, { field: "otp", boxes: names }],
    ["joined, by no name of a code", `${nameless}<input type=hidden name=x>`, { field: "x", boxes: none }],
  ])("%s", (_, inside, question) => {
    expect(read(inside)).toMatchObject({ kind: "question", questions: [{ isCode: true, ...question }] })
  })

  it("beside a PIN in boxes", () => {
    const pin = boxes(4, n => `name=p${n} type=password`)
    expect(read(`PIN ${pin} Code ${six}`)).toMatchObject({
      questions: [
        { label: "PIN", boxes: ["p1", "p2", "p3", "p4"], isCode: false, hidden: true },
        { label: "Code", boxes: names, isCode: true, hidden: false },
      ],
    })
  })

  it.each([
    ["joined by nothing that is seen", nameless],
    [
      "beside something else that a script makes",
      `${nameless}<input type=hidden name=otp><input type=hidden name=device>${join}`,
    ],
  ])("but not %s: that needs a browser", (_, inside) => {
    expect(read(inside).kind).toBe("browserOnly")
  })

  it.each([
    ["three", boxes(3, n => `name=d${n}`), 3],
    [
      "some characters of a password",
      [2, 3, 5, 8].map(n => `<label>No. ${n} <input maxlength=1 name=d${n}></label>`).join(""),
      4,
    ],
    ["an ordinary field", "<input name=otp maxlength=6>", 1],
  ])("but not %s: each is a question", (_, inside, count) => {
    const page = read(inside)
    expect(page.kind === "question" && page.questions.map(question => question.boxes)).toEqual(
      Array(count).fill(undefined),
    )
  })
})

it("an answer goes into boxes of one name in their order, and into nothing else", () => {
  const fields: [string, string][] = [
    ["a", "x"],
    ["d", ""],
    ["b", "y"],
    ["d", ""],
  ]
  expect(filledBoxes({ action: "", fields }, ["d", "d"], "12").fields).toEqual([
    ["a", "x"],
    ["d", "1"],
    ["b", "y"],
    ["d", "2"],
  ])
})
