import { describe, expect, it } from "vitest"
import { awsFilePaths, checkProfileName } from "../../../src/profiles/paths.ts"

describe("where the files are", () => {
  it.each([
    [{}, "/home/aly/.aws/credentials", "/home/aly/.aws/config"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "/x/c", AWS_CONFIG_FILE: "/x/f" }, "/x/c", "/x/f"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "~/c", AWS_CONFIG_FILE: "~other/f" }, "/home/aly/c", "~other/f"],
    [{ AWS_SHARED_CREDENTIALS_FILE: "", AWS_CONFIG_FILE: "~" }, "/home/aly/.aws/credentials", "/home/aly"],
    [
      { AWS_SHARED_CREDENTIALS_FILE: "$DIR/c", AWS_CONFIG_FILE: "$" + "{DIR}/$NONE", DIR: "/d" },
      "/d/c",
      "/d/$NONE",
    ],
  ])("%j", (env, credentials, config) => {
    expect(awsFilePaths(env, "/home/aly")).toEqual({ credentials, config, home: "/home/aly" })
  })
})

describe("names of profiles", () => {
  it.each(["default", "vadfs", "Prod-VNIPBC", "a.b_c-d@e/f+g", "2"])("%s is fine", name => {
    expect(() => checkProfileName(name)).not.toThrow()
  })

  it.each([
    "",
    "DEFAULT",
    "__proto__",
    "a]b",
    "a\nb",
    "a b",
    "a'b",
    "é",
    "a\u0000",
    "a#b",
    "a:b",
    "a\\b",
    "[a",
    "-dash",
  ])("%j is refused", name => {
    expect(() => checkProfileName(name)).toThrow(expect.objectContaining({ code: "usage" }))
  })
})
