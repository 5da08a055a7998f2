import { describe, expect, it } from "vitest"
import { matchingRows, tableOf } from "../../../src/terminal/rows.ts"

const rows = [
  ["Prod-VNIPBC", "AdministratorAccess", "arn:aws:iam::585848786654:role/AdministratorAccess"],
  ["095344953043", "RDSAlice", "arn:aws:iam::095344953043:role/RDSAlice"],
  ["Test", "ReadOnly", "arn:aws:iam::111111111111:role/ReadOnly"],
]

describe("matchingRows", () => {
  it("finds what is called like an account as the AWS console shows it", () => {
    expect(
      matchingRows([...rows, ["Test", "5858-4878-6654"], ["Test", "b-2024-0101-1234"]], "2024-0101-1234"),
    ).toEqual([4])
    expect(matchingRows([...rows, ["Test", "5858-4878-6654"]], "5858-4878-6654")).toEqual([0, 3])
  })

  it.each([
    ["", [0, 1, 2]],
    ["prod", [0]],
    ["adm prod", [0]],
    ["PROD adm", [0]],
    ["  0953  ", [1]],
    ["585848786654", [0]],
    ["5858-4878-6654 adm", [0]],
    ["5858-", [0]],
    ["5858-48", [0]],
    ["5858-4878-66", [0]],
    ["0953-4495-3044", []],
    ["\u200bprod\u200e", [0]],
    ["test prod", []],
    ["role/", [0, 1, 2]],
  ])("%j", (filter, expected) => {
    expect(matchingRows(rows, filter)).toEqual(expected)
  })
})

describe("tableOf", () => {
  it("aligns the columns", () => {
    expect(tableOf(rows, { width: 100 })).toEqual([
      "Prod-VNIPBC    AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
      "095344953043   RDSAlice              arn:aws:iam::095344953043:role/RDSAlice",
      "Test           ReadOnly              arn:aws:iam::111111111111:role/ReadOnly",
    ])
  })

  it("leaves out what is not needed and does not fit, from the right", () => {
    expect(tableOf(rows, { width: 40, needed: 2 })).toEqual([
      "Prod-VNIPBC    AdministratorAccess",
      "095344953043   RDSAlice",
      "Test           ReadOnly",
    ])
  })

  it.each([
    [33, "Prod-VNIPBC   AdministratorAccess"],
    [32, "Prod-VNIPBC  AdministratorAccess"],
    [31, "Prod-VNIPBC AdministratorAccess"],
  ])("puts the columns nearer to each other before it cuts one: width %i", (width, line) => {
    expect(tableOf([rows[0] ?? []], { width, needed: 2 })).toEqual([line])
  })

  it.each([
    [30, ["Prod-VNIPBC   AdministratorAc…", "095344953043  RDSAlice", "Test          ReadOnly"]],
    [20, ["Prod-VNI…  Administ…", "09534495…  RDSAlice", "Test       ReadOnly"]],
    [10, ["Pro…  Adm…", "095…  RDS…", "Test  Rea…"]],
    [3, ["…  …", "…  …", "…  …"]],
  ])("cuts the longest cells, and leaves out none that is needed: width %i", (width, lines) => {
    expect(tableOf(rows, { width, needed: 2 })).toEqual(lines)
  })

  it("cuts no short column for a long one", () => {
    const long = "R".repeat(64)
    expect(tableOf([...rows, ["Prod", long, "arn"]], { width: 40, needed: 2 }).at(-1)).toBe(
      `Prod          ${"R".repeat(25)}…`,
    )
  })

  it("shows every column if none may be left out", () => {
    expect(tableOf([["default", "1 h", "585848786654", "Admin"]], { width: 24 })).toEqual([
      "defa…  1 h  5858…  Admin",
    ])
  })

  it("aligns letters that take two columns", () => {
    expect(
      tableOf(
        [
          ["東京", "x"],
          ["abcde", "y"],
        ],
        { width: 20 },
      ),
    ).toEqual(["東京    x", "abcde   y"])
  })

  it("knows rows of different lengths", () => {
    expect(tableOf([["a"], ["b", "c"]], { width: 20 })).toEqual(["a", "b   c"])
  })
})
