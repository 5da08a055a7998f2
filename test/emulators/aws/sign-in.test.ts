import { describe, expect, it } from "vitest"
import { issue, providerOf } from "../adfs/assertion.ts"
import { bench } from "../server/testing.ts"

const at = bench()
const saml = "https://signin.aws.amazon.com/saml"
const federation = "https://signin.aws.amazon.com/federation"
const assertion = (roles: readonly string[] = at.world.adfs.settings.roles, age = 0) =>
  issue("adm\\dev_aly", roles, { age })

async function postRoles(samlResponse: string) {
  return at.browser.post(saml, [
    ["SAMLResponse", samlResponse],
    ["RelayState", ""],
  ])
}

describe("the role page", () => {
  it("legacy: accounts with alias and id, roles by ARN", async () => {
    const { $ } = await postRoles(await assertion())
    expect(
      $("fieldset > div.saml-account div.saml-account-name")
        .get()
        .map(name => $(name).text()),
    ).toEqual([
      "Account: prod-vnipbc (095344953043)",
      "Account: 039882259752",
      "Account: visma-sandbox (585848786654)",
    ])
    expect(
      $("div.saml-role > label")
        .get()
        .map(label => $(label).attr("for")),
    ).toHaveLength(4)
  })

  it("meta: the same as base64 of JSON", async () => {
    at.world.signIn.settings.rolePage = "meta"
    const { $ } = await postRoles(await assertion())
    const data: unknown = JSON.parse(
      Buffer.from(String($("meta[name=data]").attr("content")), "base64").toString(),
    )
    expect(data).toEqual({
      invalid_accounts: {},
      RelayState: "",
      name: null,
      roles_accounts: {
        "prod-vnipbc (095344953043)": [
          "arn:aws:iam::095344953043:role/RDSAlice",
          "arn:aws:iam::095344953043:role/PowerUserAccess",
        ],
        "039882259752": ["arn:aws:iam::039882259752:role/ViewOnlyAccess"],
        "visma-sandbox (585848786654)": ["arn:aws:iam::585848786654:role/AdministratorAccess"],
      },
    })
  })

  it("script, or none at all", async () => {
    at.world.signIn.settings.rolePage = "script"
    expect((await postRoles(await assertion())).$(".saml-account, meta[name=data]")).toHaveLength(0)
    at.world.signIn.settings.rolePage = "console"
    expect((await postRoles(await assertion())).status).toBe(302)
  })

  it("is skipped for a single role", async () => {
    expect((await postRoles(await assertion(["arn:aws:iam::1:role/A"]))).status).toBe(302)
  })

  it("is refused without an assertion that is signed and fresh", async () => {
    expect((await postRoles("")).status).toBe(400)
    expect((await postRoles(await assertion(undefined, 301))).status).toBe(400)
    expect((await at.browser.get(saml)).status).toBe(400)
    expect(at.world.signIn.samlResponses).toHaveLength(2)
  })

  it("follows a fault", async () => {
    at.world.signIn.faults.switchOn("role page", { kind: "answer", status: 500 })
    expect((await postRoles(await assertion())).status).toBe(500)
  })
})

describe("the console", () => {
  async function session() {
    const [role = ""] = at.world.adfs.settings.roles
    await at.browser.post("https://sts.eu-central-1.amazonaws.com/", [
      ["Action", "AssumeRoleWithSAML"],
      ["Version", "2011-06-15"],
      ["RoleArn", role],
      ["PrincipalArn", providerOf(role)],
      ["SAMLAssertion", await assertion()],
    ])
    const issued = at.world.sts.sessions.at(-1)
    if (!issued) throw new Error("STS gave no session")
    return {
      sessionId: issued.accessKeyId,
      sessionKey: issued.secretAccessKey,
      sessionToken: issued.sessionToken,
    }
  }
  const getToken = (value: unknown) =>
    at.browser.get(`${federation}?Action=getSigninToken&Session=${encodeURIComponent(JSON.stringify(value))}`)
  const login = (token: string, destination: string) =>
    at.browser.get(
      `${federation}?Action=login&Issuer=pum-aws&Destination=${encodeURIComponent(destination)}&SigninToken=${token}`,
    )

  it("opens for a session that STS gave out", async () => {
    const answer = await getToken(await session())
    const { SigninToken } = JSON.parse(answer.body) as { SigninToken: string }
    const destination = "https://console.aws.amazon.com/s3/home?region=eu-central-1"
    const opened = await login(SigninToken, destination)
    expect([opened.status, opened.headers.location]).toEqual([302, destination])
    expect((await login(SigninToken, "https://stranger.example/")).status).toBe(400)
    expect((await login(SigninToken, "javascript:alert(1)")).status).toBe(400)
    expect((await login(`${SigninToken}x`, destination)).status).toBe(400)
  })

  it.each([
    ["another token", { sessionToken: "x" }],
    ["another key", { sessionKey: "x" }],
    ["another id", { sessionId: "ASIAAAAAAAAAAAAAAAAA" }],
  ])("stays closed for %s", async (_, changed) => {
    expect((await getToken({ ...(await session()), ...changed })).status).toBe(400)
  })

  it("stays closed for what is no session", async () => {
    expect((await at.browser.get(`${federation}?Action=getSigninToken&Session=x`)).status).toBe(400)
    expect((await at.browser.get(`${federation}?Action=other`)).status).toBe(400)
  })
})
