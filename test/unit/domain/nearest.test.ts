import { expect, it } from "vitest"
import { didYouMean, nearestOf } from "../../../src/domain/nearest.ts"

it.each([
  ["Admim", ["Admin", "PowerUser"], ["Admin"]],
  ["prod-vnipbd", ["Prod-VNIPBC", "Test-VNIPBC"], ["Prod-VNIPBC"]],
  ["PorwerUser", ["PowerUser", "PowerUsers"], ["PowerUser"]],
  ["amdin", ["admin"], ["admin"]],
  ["585848786645", ["585848786654", "095344953043"], ["585848786654"]],
  ["user", ["Users", "Buser", "Xuser", "Yuser"], ["Buser", "Users", "Xuser"]],
  ["Billing", ["Team001-Billing", "Team002-Admin"], ["Team001-Billing"]],
  ["Nope", ["Admin", "RDSAlice"], []],
  ["x", ["y", "x1"], []],
  ["on", ["Poweron"], []],
  ["A".repeat(300), ["A".repeat(299)], []],
  ["ab", ["A".repeat(300)], []],
])("%j beside %j: %j", (text, names, expected) => {
  expect(nearestOf(text, names)).toEqual(expected)
})

it("asks with a full sentence, or not at all", () => {
  expect(didYouMean(["A", "B"])).toBe("did you mean A or B?")
  expect(didYouMean([])).toBeUndefined()
})
