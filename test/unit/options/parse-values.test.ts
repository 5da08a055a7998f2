import { describe, expect, it } from "vitest"
import {
  parseAccount,
  parseIdpUrl,
  parseMinutes,
  parseNonEmpty,
  parseOrigins,
  parseProfileNames,
  parseRole,
  parseService,
  parseShell,
  parseStsEndpoint,
  parseUsername,
  parseYesOrNo,
} from "../../../src/options/parse-values.ts"

describe("the parsers of options", () => {
  it.each([
    [parseNonEmpty, "\ta b ", "a b"],
    [parseAccount, " 5858-4878-6654\n", "585848786654"],
    [parseAccount, "prod-5858-4878-6654", "prod-5858-4878-6654"],
    [parseUsername, "adm\\dev_aly ", "adm\\dev_aly"],
    [parseProfileNames, " a,b  c,,a\n", ["a", "b", "c"]],
    [parseRole, " /team/Admin ", "/team/Admin"],
    [parseRole, "arn:aws:iam::1:role/Admin", "arn:aws:iam::1:role/Admin"],
    [parseYesOrNo, " YES ", true],
    [parseYesOrNo, "1", true],
    [parseYesOrNo, "true", true],
    [parseYesOrNo, "on", true],
    [parseYesOrNo, "no", false],
    [parseYesOrNo, "0", false],
    [parseYesOrNo, "False", false],
    [parseYesOrNo, "off", false],
    [parseMinutes, "true", 900],
    [parseMinutes, " Yes ", 900],
    [parseMinutes, "on", 900],
    [parseMinutes, "1", 60],
    [parseMinutes, "720", 43_200],
    [parseMinutes, "0", undefined],
    [parseMinutes, "false", undefined],
    [parseMinutes, "no", undefined],
    [parseMinutes, "off", undefined],
    [parseShell, "dotenv", "dotenv"],
    [parseService, "CloudWatch/home/x-1", "CloudWatch/home/x-1"],
    [parseStsEndpoint, "http://[::1]:4566", "http://[::1]:4566/"],
    [parseOrigins, "", []],
    [parseOrigins, "https://A.example:443, http://127.0.0.1:1", ["https://a.example", "http://127.0.0.1:1"]],
  ] as const)("%o of %j", (parse, text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  it.each([
    [parseNonEmpty, " \t", "it is empty", undefined],
    [parseProfileNames, " , ", "it names no profile", "write them as a,b,c"],
    [
      parseRole,
      "C:/Program Files/Git/team/Admin",
      "'C:/Program Files/Git/team/Admin' is a path of a file, not a role",
      "Git Bash makes one of what begins with /: leave out the first slash, as in --role team/Admin",
    ],
    [parseYesOrNo, "y", "'y' is neither yes nor no", "write true or false"],
    [parseMinutes, "721", "no session lasts 721 minutes", undefined],
    [parseMinutes, "-1", "'-1' is not a number of minutes", "write 15, for example"],
    [parseMinutes, "1.5", "'1.5' is not a number of minutes", "write 15, for example"],
    [parseShell, "BASH", "'BASH' is not a shell that pum-aws knows", expect.stringContaining("bash")],
    [parseService, "", "'' is not a service of the AWS console", expect.stringContaining("s3")],
    [parseService, "s3/", "'s3/' is not a service of the AWS console", expect.stringContaining("s3")],
    [
      parseIdpUrl,
      "ftp://adfs.example.com/",
      "ftp://adfs.example.com is not https: others on the network could read the password",
      undefined,
    ],
    [
      parseOrigins,
      "https://a https://b/x",
      "'https://b/x' is not an origin",
      "an origin looks like https://login.example.com",
    ],
    [
      parseOrigins,
      "https://user@b",
      "'https://user@b' is not an origin",
      "an origin looks like https://login.example.com",
    ],
    [parseOrigins, "data:x", "'data:x' is not an origin", "an origin looks like https://login.example.com"],
  ] as const)("%o refuses %j", (parse, text, message, hint) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "usage", message, hint }))
  })
})
