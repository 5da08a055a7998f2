import { describe, expect, it } from "vitest"
import { parseEnvFile } from "../../../src/options/env-file.ts"

const textsOf = (text: string) =>
  Object.fromEntries([...parseEnvFile(text, "f")].map(([name, { text }]) => [name, text]))

describe("parseEnvFile", () => {
  it.each([
    ["blanks without quotes", "PUM_OP_ITEM=Federation ADM", { PUM_OP_ITEM: "Federation ADM" }],
    ["backslashes", "PUM_USERNAME=adm\\new_user", { PUM_USERNAME: "adm\\new_user" }],
    ["backslashes in quotes", 'PUM_USERNAME="adm\\new_user"', { PUM_USERNAME: "adm\\new_user" }],
    ["double quotes", 'PUM_ROLE="a b "', { PUM_ROLE: "a b " }],
    ["single quotes", "PUM_ROLE='a \"b\"'", { PUM_ROLE: 'a "b"' }],
    ["quotes that are part of the value", 'PUM_ROLE=a"b"', { PUM_ROLE: 'a"b"' }],
    ["quotes in quotes", 'PUM_ROLE="a"b"', { PUM_ROLE: 'a"b' }],
    ["a quote that is not closed", 'PUM_ROLE="a', { PUM_ROLE: '"a' }],
    ["export", "export PUM_ROLE=a", { PUM_ROLE: "a" }],
    ["blanks around everything", "  PUM_ROLE = a \t", { PUM_ROLE: "a" }],
    ["comments", "# PUM_ROLE=a\n\n ; x\nPUM_ROLE=b", { PUM_ROLE: "b" }],
    ["a comment after a value", "PUM_DURATION=2 # hours", { PUM_DURATION: "2" }],
    ["a comment after quotes", 'PUM_ROLE="a # b" # it\'s "mine"', { PUM_ROLE: "a # b" }],
    ["a # that begins no comment", "PUM_ROLE=a#b", { PUM_ROLE: "a#b" }],
    ["a comment instead of a value", "PUM_ROLE= # none", { PUM_ROLE: "" }],
    ["an empty value", "PUM_ROLE=", { PUM_ROLE: "" }],
    ["= in a value", "PUM_IDP_URL=https://a/?b=c", { PUM_IDP_URL: "https://a/?b=c" }],
    ["the last of two", "PUM_ROLE=a\nPUM_ROLE=b", { PUM_ROLE: "b" }],
    ["Windows line ends", "PUM_ROLE=a\r\nPUM_REGION=b\r\n", { PUM_ROLE: "a", PUM_REGION: "b" }],
    ["a byte order mark", "\ufeffPUM_ROLE=a", { PUM_ROLE: "a" }],
    ["lines of others", "AWS_PROFILE=x\nNOT_PUM_ROLE=y\nPUM_ROLE\nsource x\n", {}],
  ])("knows %s", (_, text, expected) => {
    expect(textsOf(text)).toEqual(expected)
  })

  it("names file, line and variable", () => {
    expect(parseEnvFile("\n\nexport PUM_ROLE=a", "work.env").get("PUM_ROLE")?.source).toBe(
      "work.env line 3, PUM_ROLE",
    )
  })
})
