import { expect, it } from "vitest"
import { folded, foldedName, Meaning } from "../../../../../src/sign-in/pages/outline/meaning.ts"

const meaning = new Meaning(
  { de: "zurück neu?", en: "one* *code" },
  { parts: "パスワード, सांकेतिक शब्द, passer-partout", except: "oneself" },
)

it.each([
  ["a word, with other marks and letters", "ZURUCK", true],
  ["no other word that begins so", "zurückhaltend", false],
  ["one letter more", "Neue", true],
  ["no letter more", "neu", true],
  ["not two letters more", "neuen", false],
  ["a beginning", "onefold", true],
  ["an end", "Passcode", true],
  ["an exception", "oneself", false],
  ["a part without blanks", "新しいパスワードを入力", true],
  ["a part of several words", "अपना सांकेतिक शब्द लिखें", true],
  ["a part with another dash", "passer–partout", true],
  ["no text", "", false],
])("a meaning is found by %s", (_, text, isFound) => {
  expect(meaning.isIn(folded(text))).toBe(isFound)
})

it("a name is read as words, also in camel case", () => {
  expect(foldedName("OneTimePassword").words).toEqual(["onetime", "password"])
})
