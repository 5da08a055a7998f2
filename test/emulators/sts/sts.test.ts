import { describe, expect, it } from "vitest"
import { type AssertionOptions, issue, providerOf } from "../adfs/assertion.ts"
import type { BrowserPage } from "../server/browser.ts"
import { bench } from "../server/testing.ts"
import type { StsErrorCode } from "./answers.ts"
import type { Credentials } from "./sessions.ts"
import { signedHeaders } from "./sigv4-client.ts"

const at = bench()
const role = "arn:aws:iam::095344953043:role/team/PowerUserAccess"
const other = "arn:aws:iam::039882259752:role/ViewOnlyAccess"
const china = "arn:aws-cn:iam::039882259752:role/ViewOnlyAccess"
const gov = "arn:aws-us-gov:iam::039882259752:role/ViewOnlyAccess"
const frankfurt = "https://sts.eu-central-1.amazonaws.com/"

async function assume(changed: Record<string, string> = {}, options: AssertionOptions = {}, url = frankfurt) {
  const samlAssertion = await issue("adm\\dev_aly", [role, other, china, gov], options)
  const call = {
    Action: "AssumeRoleWithSAML",
    Version: "2011-06-15",
    RoleArn: role,
    PrincipalArn: providerOf(changed.RoleArn ?? role),
    SAMLAssertion: samlAssertion,
    DurationSeconds: "3600",
    ...changed,
  }
  return at.browser.post(
    url,
    Object.entries(call).filter(([, value]) => value !== ""),
  )
}

const element = ({ body }: BrowserPage, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1]
const errorOf = (page: BrowserPage) => [page.status, element(page, "Code")]
const credentialsOf = (page: BrowserPage): Credentials => ({
  accessKeyId: element(page, "AccessKeyId") ?? "",
  secretAccessKey: element(page, "SecretAccessKey") ?? "",
  sessionToken: element(page, "SessionToken") ?? "",
})

describe("AssumeRoleWithSAML", () => {
  it("gives a session of the role", async () => {
    const page = await assume()
    expect(page.status).toBe(200)
    expect(page.headers["content-type"]).toBe("text/xml")
    expect(element(page, "Arn")).toBe("arn:aws:sts::095344953043:assumed-role/PowerUserAccess/dev_aly")
    expect(element(page, "RequestId")).toMatch(/^[0-9a-f-]{36}$/)
    const credentials = credentialsOf(page)
    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(credentials.secretAccessKey).toMatch(/^(?=.*\/)(?=.*\+).{40}$/)
    expect(credentials.sessionToken).toMatch(/^(?=.*\/)(?=.*\+).{1000,2000}(?<==)$/)
    const session = at.world.sts.sessionOf(credentials)
    expect(session?.role).toBe(role)
    expect(session?.durationSeconds).toBe(3600)
    expect(session?.expiration.toISOString().replace(".000", "")).toBe(element(page, "Expiration"))
    expect(
      at.world.sts.sessionOf({ ...credentials, sessionToken: `"${credentials.sessionToken}"` }),
    ).toBeUndefined()
  })

  it("redeems one assertion for several roles, in each partition at its own endpoint", async () => {
    const samlAssertion = await issue("adm\\dev_aly", [role, other, china, gov], {})
    const at_ = (url: string, RoleArn: string) => assume({ RoleArn, SAMLAssertion: samlAssertion }, {}, url)
    expect((await at_(frankfurt, role)).status).toBe(200)
    expect((await at_(frankfurt, other)).status).toBe(200)
    const cn = await at_("https://sts.cn-north-1.amazonaws.com.cn/", china)
    expect(element(cn, "Arn")).toMatch(/^arn:aws-cn:sts::/)
    const us = await at_("https://sts.us-gov-west-1.amazonaws.com/", gov)
    expect(element(us, "Arn")).toMatch(/^arn:aws-us-gov:sts::/)
    expect(errorOf(await at_(frankfurt, china))).toEqual([403, "AccessDenied"])
    expect(errorOf(await at_("https://sts.cn-north-1.amazonaws.com.cn/", role))).toEqual([
      403,
      "AccessDenied",
    ])
  })

  it.each<[string, Record<string, string>, AssertionOptions, number, StsErrorCode]>([
    ["an assertion older than 5 minutes", {}, { age: 301 }, 400, "ExpiredTokenException"],
    ["an assertion that was changed", {}, { tampered: true }, 400, "InvalidIdentityToken"],
    ["an assertion without a user", { SAMLAssertion: "PHg+PC94Pg==" }, {}, 400, "InvalidIdentityToken"],
    ["a failing status", {}, { failingStatus: "AuthnFailed" }, 400, "InvalidIdentityToken"],
    ["a role that is not in it", { RoleArn: `${role}2` }, {}, 403, "AccessDenied"],
    ["a provider of another account", { PrincipalArn: providerOf(other) }, {}, 403, "AccessDenied"],
    ["less than 15 minutes", { DurationSeconds: "899" }, {}, 400, "ValidationError"],
    ["more than 12 hours", { DurationSeconds: "43201" }, {}, 400, "ValidationError"],
    ["no number of seconds", { DurationSeconds: "1h" }, {}, 400, "ValidationError"],
    ["an assertion of 3 characters", { SAMLAssertion: "abc" }, {}, 400, "ValidationError"],
    [
      "an assertion of 100,001 characters",
      { SAMLAssertion: "a".repeat(100_001) },
      {},
      400,
      "ValidationError",
    ],
    ["no role", { RoleArn: "" }, {}, 400, "ValidationError"],
    ["another version", { Version: "2012-01-01" }, {}, 400, "InvalidAction"],
    ["another action", { Action: "AssumeRole" }, {}, 400, "InvalidAction"],
  ])("refuses %s", async (_, changed, options, status, code) => {
    expect(errorOf(await assume(changed, options))).toEqual([status, code])
    expect(at.world.sts.sessions).toEqual([])
  })

  it("takes an assertion of 4:59", async () => {
    expect((await assume({}, { age: 295 })).status).toBe(200)
  })

  it("without DurationSeconds gives one hour", async () => {
    await assume({ DurationSeconds: "" })
    expect(at.world.sts.sessions[0]?.durationSeconds).toBe(3600)
  })

  it("keeps to the role's own maximum", async () => {
    at.world.sts.settings.maxSessionSeconds = { [role]: 3600 }
    const refused = await assume({ DurationSeconds: "3601" })
    expect([element(refused, "Code"), element(refused, "Message")]).toEqual([
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ])
    expect((await assume({ DurationSeconds: "3600" })).status).toBe(200)
    expect((await assume({ RoleArn: other, DurationSeconds: "43200" })).status).toBe(200)
  })

  it.each<[StsErrorCode, number]>([
    ["ExpiredTokenException", 400],
    ["InvalidIdentityToken", 400],
    ["IDPRejectedClaim", 403],
    ["AccessDenied", 403],
    ["ValidationError", 400],
    ["RegionDisabledException", 403],
    ["Throttling", 400],
    ["InternalFailure", 500],
  ])("ends with %s when told so", async (code, status) => {
    at.world.sts.refuse(code)
    expect(errorOf(await assume())).toEqual([status, code])
  })

  it("ends with an error for one role, one region, or some calls alone", async () => {
    at.world.sts.refuse("AccessDenied", other)
    at.world.sts.refuse("RegionDisabledException", "region:af-south-1")
    at.world.sts.refuse("Throttling", "AssumeRoleWithSAML", 2)
    const codes: unknown[] = []
    for (const RoleArn of [role, other, role, role]) codes.push(element(await assume({ RoleArn }), "Code"))
    expect(codes).toEqual(["Throttling", "AccessDenied", "Throttling", undefined])
    const africa = await assume({}, {}, "https://sts.af-south-1.amazonaws.com/")
    expect(errorOf(africa)).toEqual([403, "RegionDisabledException"])
  })

  it("drops the connection when told so", async () => {
    at.world.sts.faults.switchOn(role, { kind: "drop" }, 1)
    await expect(assume()).rejects.toThrow("aborted")
    expect((await assume()).status).toBe(200)
  })

  it("remembers calls, refused ones too", async () => {
    await assume({ RoleArn: `${role}2`, DurationSeconds: "7200" })
    expect(at.world.sts.calls).toMatchObject([
      { host: "sts.eu-central-1.amazonaws.com", role: `${role}2`, durationSeconds: 7200 },
    ])
    expect(at.world.sts.log[0]?.headerNames).not.toContain("authorization")
  })

  it("counts how many calls were open at a time", async () => {
    const { faults, log, peakConcurrency } = at.world.sts
    await Promise.all([assume(), assume(), assume()])
    const calls = log.length
    faults.switchOn("AssumeRoleWithSAML", { kind: "hang" })
    for (let n = 0; n < 9; n += 1) void assume().catch(() => "closed with the world")
    while (log.length < calls + 9) await new Promise(setImmediate)
    expect(peakConcurrency()).toBe(9)
  })

  it.each(["GET", "HEAD"])("%s / leads to the product's page", async method => {
    const page = await at.browser.send(method, frankfurt)
    expect([page.status, page.headers.location]).toEqual([302, "https://aws.amazon.com/iam"])
  })
})

describe("GetCallerIdentity", () => {
  const body = "Action=GetCallerIdentity&Version=2011-06-15"
  async function identity(
    change: (credentials: Credentials) => Credentials = same => same,
    region = "eu-central-1",
  ) {
    const credentials = change(credentialsOf(await assume()))
    const host = "sts.eu-central-1.amazonaws.com"
    Object.assign(at.browser.headers, signedHeaders({ host, body, region, credentials, at: new Date() }))
    return at.browser.post(frankfurt, body)
  }

  it("knows the session by its signature", async () => {
    const page = await identity()
    expect(element(page, "Arn")).toBe("arn:aws:sts::095344953043:assumed-role/PowerUserAccess/dev_aly")
    expect(element(page, "Account")).toBe("095344953043")
  })

  it.each<[string, (credentials: Credentials) => Credentials, StsErrorCode]>([
    ["another secret", c => ({ ...c, secretAccessKey: `${c.secretAccessKey}x` }), "SignatureDoesNotMatch"],
    ["a quoted secret", c => ({ ...c, secretAccessKey: `"${c.secretAccessKey}"` }), "SignatureDoesNotMatch"],
    ["a cut token", c => ({ ...c, sessionToken: c.sessionToken.slice(0, -1) }), "InvalidClientTokenId"],
    ["a quoted token", c => ({ ...c, sessionToken: `"${c.sessionToken}"` }), "InvalidClientTokenId"],
    ["another key", c => ({ ...c, accessKeyId: "ASIAAAAAAAAAAAAAAAAA" }), "InvalidClientTokenId"],
  ])("refuses %s", async (_, change, code) => {
    expect(errorOf(await identity(change))).toEqual([403, code])
  })

  it("refuses the signature for another region, an old one, a changed body, a session that ran out, and none", async () => {
    expect(errorOf(await identity(undefined, "us-east-1"))).toEqual([403, "SignatureDoesNotMatch"])
    await identity()
    const changed = await at.browser.post(frankfurt, `${body}&X=1`)
    expect(errorOf(changed)).toEqual([403, "SignatureDoesNotMatch"])
    const [session] = at.world.sts.sessions
    if (!session) throw new Error("no session")
    const old = { host: "sts.eu-central-1.amazonaws.com", body, region: "eu-central-1", credentials: session }
    const sixteenMinutesAgo = new Date(Date.now() - 16 * 60_000)
    Object.assign(at.browser.headers, signedHeaders({ ...old, at: sixteenMinutesAgo }))
    expect(errorOf(await at.browser.post(frankfurt, body))).toEqual([403, "SignatureDoesNotMatch"])
    Object.assign(at.browser.headers, signedHeaders({ ...old, at: new Date() }))
    expect((await at.browser.post(frankfurt, body)).status).toBe(200)
    at.world.sts.expireSessions()
    expect(errorOf(await at.browser.post(frankfurt, body))).toEqual([403, "ExpiredToken"])
    delete at.browser.headers.authorization
    expect(errorOf(await at.browser.post(frankfurt, body))).toEqual([403, "MissingAuthenticationToken"])
  })
})
