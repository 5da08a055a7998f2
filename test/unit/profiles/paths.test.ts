import { describe, expect, it } from "vitest"
import { awsFilePaths, checkProfileName, pathTroubles } from "../../../src/profiles/paths.ts"

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

it.each([
  ["%UserProfile%\\aws\\creds", "C:\\Users\\aly\\aws\\creds"],
  ["$USERPROFILE/c", "C:\\Users\\aly/c"],
  ["$" + "{ODD-NAME}\\100%%\\$$", "D:\\odd\\100%\\$"],
  ["%NONE%\\50%", "%NONE%\\50%"],
  ["'%USERPROFILE%'\\c", "'%USERPROFILE%'\\c"],
])("variables of Windows in a place are expanded as Python does it: %s", (written, path) => {
  const env = { AWS_CONFIG_FILE: written, USERPROFILE: "C:\\Users\\aly", "Odd-Name": "D:\\odd" }
  expect(awsFilePaths(env, "C:\\Users\\aly", "win32").config).toBe(path)
})

it.each(["/home/aly/", "/home/x/../aly"])("HOME is shown as ~ however it is written: %s", home => {
  expect(awsFilePaths({}, home)).toEqual({
    credentials: "/home/aly/.aws/credentials",
    config: "/home/aly/.aws/config",
    home: "/home/aly",
  })
})

it.each([
  ["/home/aly", {}, undefined],
  ["aly", {}, "HOME is a relative path"],
  ["", {}, "HOME is empty"],
  ["aly", { AWS_SHARED_CREDENTIALS_FILE: "/x/c" }, undefined],
])("HOME '%s' with %j", (home, env, problem) => {
  const rest = ": other AWS tools may look for their files in another folder; set it to a whole path"
  expect(pathTroubles({ ...env, HOME: home }, "linux")).toEqual(problem ? [problem + rest] : [])
  expect(pathTroubles({ ...env, HOME: home }, "win32")).toEqual([])
})

describe("a place of the files at which AWS tools look elsewhere is warned of", () => {
  it.each([
    ["/x/c", undefined],
    ["", undefined],
    ["~/c", undefined],
    ["C:\\x\\c", undefined],
    [
      "~root/c",
      "AWS_CONFIG_FILE begins with ~root: the AWS CLI takes that for the home folder of a user, pum-aws for a folder of that name; set it to a whole path",
    ],
    [
      "/x/$DIR/c",
      "AWS_CONFIG_FILE contains a variable: JavaScript looks for a file of exactly that name; set it to a whole path",
    ],
    [
      ".aws/c",
      "AWS_CONFIG_FILE is a relative path: AWS tools started in another folder look for another file; set it to a whole path",
    ],
  ])("%j", (path, warning) => {
    expect(pathTroubles({ AWS_CONFIG_FILE: path })).toEqual(warning === undefined ? [] : [warning])
  })

  it("a variable in per cent signs, which only Python expands, on Windows only", () => {
    const trouble = (platform: NodeJS.Platform) =>
      pathTroubles({ AWS_CONFIG_FILE: "%USERPROFILE%\\c" }, platform)[0]
    expect(trouble("win32")).toContain("AWS_CONFIG_FILE contains a variable")
    expect(trouble("linux")).toContain("AWS_CONFIG_FILE is a relative path")
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
