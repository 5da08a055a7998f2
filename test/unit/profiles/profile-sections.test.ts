import { describe, expect, it } from "vitest"
import { readIni } from "../../../src/ini/read-ini.ts"
import { shellWords } from "../../../src/platform/shell-words.ts"
import { configSectionOf, newConfigSection } from "../../../src/profiles/profile-sections.ts"

/** Answers of `shlex.split()`, Python 3.11. */
describe("the words of a section name", () => {
  it.each([
    ["profile a", ["profile", "a"]],
    ["profile   a\t", ["profile", "a"]],
    ['profile "a b"', ["profile", "a b"]],
    ["profile 'a b'", ["profile", "a b"]],
    ['profile a"b"c', ["profile", "abc"]],
    ['profile ""', ["profile", ""]],
    [String.raw`profile a\ b`, ["profile", "a b"]],
    [String.raw`profile "a\"b"`, ["profile", 'a"b']],
    [String.raw`profile "a\b\\"`, ["profile", "a\\b\\"]],
    [String.raw`profile 'a\b'`, ["profile", String.raw`a\b`]],
    [String.raw`profile 'a\'`, ["profile", "a\\"]],
    ["profile a#b # c", ["profile", "a#b", "#", "c"]],
    ["profile\u00a0a", ["profile\u00a0a"]],
    ["", []],
  ])("%s", (text, words) => {
    expect(shellWords(text)).toEqual(words)
  })

  it.each(['profile "a', "profile 'a", "profile a\\", 'profile "a\\'])("%s has none", text => {
    expect(shellWords(text)).toBeUndefined()
  })
})

describe("the config section of a profile", () => {
  it.each([
    ["its own", "[x]\n[profile x]\n[profile y]\n", "x", "profile x"],
    ["in quotes", '[profile "x"]\n', "x", 'profile "x"'],
    ["the last of several", "[profile x]\n[profile 'x']\n[profile y]\n", "x", "profile 'x'"],
    ["default by itself", "[default]\n", "default", "default"],
    [
      "default as a profile, where that is the last",
      "[default]\n[profile default]\n",
      "default",
      "profile default",
    ],
    ["none under the bare name", "[x]\n", "x", undefined],
    ["none where a quote is left open", '[profile "x]\n', "x", undefined],
    ["none of three words", "[profile x y]\n", "x", undefined],
  ])("%s", (_, text, profile, section) => {
    expect(configSectionOf(readIni(text, "f"), profile)).toBe(section)
  })

  it.each([
    ["default", "default"],
    ["vadfs", "profile vadfs"],
    ["a/b@c+d.e", "profile a/b@c+d.e"],
  ])("a new one for %s is found again", (profile, section) => {
    expect(newConfigSection(profile)).toBe(section)
    expect(configSectionOf(readIni(`[${section}]\n`, "f"), profile)).toBe(section)
  })
})
