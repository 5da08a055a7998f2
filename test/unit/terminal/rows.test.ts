import { describe, expect, it } from "vitest"
import { matchingRows, tableOf } from "../../../src/terminal/rows.ts"

const rows = [
  ["Prod-VNIPBC", "AdministratorAccess", "arn:aws:iam::585848786654:role/AdministratorAccess"],
  ["095344953043", "RDSAlice", "arn:aws:iam::095344953043:role/RDSAlice"],
  ["Test", "ReadOnly", "arn:aws:iam::111111111111:role/ReadOnly"],
]

describe("matchingRows", () => {
  it.each([
    ["", [0, 1, 2]],
    ["prod", [0]],
    ["adm prod", [0]],
    ["PROD adm", [0]],
    ["  0953  ", [1]],
    ["585848786654", [0]],
    ["test prod", []],
    ["role/", [0, 1, 2]],
  ])("%j", (filter, expected) => {
    expect(matchingRows(rows, filter)).toEqual(expected)
  })
})

describe("tableOf", () => {
  it("aligns the columns", () => {
    expect(tableOf(rows, 100)).toEqual([
      "Prod-VNIPBC    AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
      "095344953043   RDSAlice              arn:aws:iam::095344953043:role/RDSAlice",
      "Test           ReadOnly              arn:aws:iam::111111111111:role/ReadOnly",
    ])
  })
  it("leaves out what does not fit, from the right", () => {
    expect(tableOf(rows, 40)).toEqual([
      "Prod-VNIPBC    AdministratorAccess",
      "095344953043   RDSAlice",
      "Test           ReadOnly",
    ])
  })
  it("cuts what still does not fit", () => {
    expect(tableOf(rows, 10)).toEqual(["Prod-VNIP…", "095344953…", "Test"])
  })
})
