import { describe, expect, it } from "vitest"
import { awsSignInAddress, readRolePage } from "../../../src/aws/role-page.ts"

const legacy = (...names: string[]) =>
  `<form><fieldset>${names
    .map(
      name =>
        `<div class="saml-account"><div onclick="x"><div class="saml-account-name">${name}</div></div><hr/><div id="0" class="saml-account"><div class="saml-role"><label for="arn:aws:iam::1:role/A">A</label></div></div></div>`,
    )
    .join("")}</fieldset></form>`
const newer = (data: unknown) =>
  `<meta name="data" content="${Buffer.from(JSON.stringify(data)).toString("base64")}">`
const accounts = (...names: string[]) =>
  newer({
    invalid_accounts: {},
    name: null,
    roles_accounts: Object.fromEntries(names.map(name => [name, []])),
  })

describe("the names on AWS' page for choosing a role", () => {
  it.each([
    ["legacy", legacy("Account: prod-vnipbc (095344953043)"), { "095344953043": "prod-vnipbc" }],
    ["legacy without alias", legacy("Account: 987654321987"), { "987654321987": "" }],
    ["legacy in another language", legacy("Konto: prod (095344953043)"), { "095344953043": "prod" }],
    [
      "legacy, several, white space",
      legacy("\n Account:  a-b (095344953043)\n", "Account: 987654321987 "),
      { "095344953043": "a-b", "987654321987": "" },
    ],
    [
      "newer",
      accounts("prod (095344953043)", "987654321987"),
      { "095344953043": "prod", "987654321987": "" },
    ],
    ["a name with brackets", accounts("prod (old) (095344953043)"), { "095344953043": "prod (old)" }],
    [
      "escape codes",
      accounts("\x1b]0;evil\x07\x1b[31mpr\u202eod\r\n (095344953043)"),
      { "095344953043": "pr od" },
    ],
    ["a name that passes for a number", accounts("585848786654 (095344953043)"), { "095344953043": "" }],
    ["a long name", accounts(`${"x".repeat(300)} (095344953043)`), { "095344953043": `${"x".repeat(63)}…` }],
    ["a number that is too short", accounts("prod (95344953043)"), {}],
    ["__proto__", newer({ roles_accounts: JSON.parse('{"__proto__": []}') }), {}],
    ["a script page", '<script src="/assets/saml.js"></script><div id="root"></div>', {}],
    ["no base64", '<meta name="data" content="%%%">', {}],
    ["no JSON", `<meta name="data" content="${Buffer.from("{").toString("base64")}">`, {}],
    ["JSON of something else", newer(null) + newer(["x"]) + newer({ roles_accounts: 3 }), {}],
    ["nothing", "", {}],
    ["garbage", "\0\xff<<<div class=saml-account-name>", {}],
  ])("%s", (_, html, expected) => {
    expect(Object.fromEntries(readRolePage(html))).toEqual(expected)
  })
})

describe("where the assertion may be taken", () => {
  it.each([
    ["https://signin.aws.amazon.com/saml", "aws"],
    ["https://signin.aws.amazon.com:443/saml", "aws"],
    ["https://eu-north-1.signin.aws.amazon.com/saml", "aws"],
    ["https://signin.aws.amazon.com/saml/acs/SAMLSP123", "aws"],
    ["https://signin.amazonaws-us-gov.com/saml", "aws-us-gov"],
    ["https://us-gov-west-1.signin.amazonaws-us-gov.com/saml", "aws-us-gov"],
    ["https://signin.amazonaws.cn/saml", "aws-cn"],
    ["https://cn-north-1.signin.amazonaws.cn/saml", "aws-cn"],
    ["https://signin.amazonaws-eusc.eu/saml", "aws-eusc"],
    ["https://eusc-de-east-1.signin.amazonaws-eusc.eu/saml", "aws-eusc"],
  ])("%s with roles of %s", (action, partition) => {
    expect(awsSignInAddress(action, new Set([partition]))?.href).toBe(new URL(action).href)
    expect(awsSignInAddress(action, new Set(["other"]))).toBeUndefined()
  })

  it("a role of a partition that is not known does not stand in the way of the others", () => {
    const partitions = new Set(["aws-moon", "aws"])
    expect(awsSignInAddress("https://signin.aws.amazon.com/saml", partitions)).toBeDefined()
  })

  it.each([
    "http://signin.aws.amazon.com/saml",
    "https://signin.aws.amazon.com:8443/saml",
    "https://user@signin.aws.amazon.com/saml",
    "https://signin.aws.amazon.com.evil.example/saml",
    "https://evilsignin.aws.amazon.com/saml",
    "https://evil.signin.aws.amazon.com/saml",
    "https://a.eu-north-1.signin.aws.amazon.com/saml",
    "https://console.aws.amazon.com/saml",
    "https://signin.aws.amazon.com/samlevil",
    "https://signin.aws.amazon.com/",
    "https://127.0.0.1/saml",
    "/saml",
    "",
  ])("not %s", action => {
    expect(awsSignInAddress(action, new Set(["aws"]))).toBeUndefined()
  })
})
