import { execFile } from "node:child_process"
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { describe, expect, it } from "vitest"
import { issue, providerOf } from "./adfs/assertion.ts"
import { bench } from "./server/testing.ts"
import type { Credentials } from "./sts/sessions.ts"

const at = bench()
const role = "arn:aws:iam::095344953043:role/PowerUserAccess"

async function newSession(): Promise<Credentials> {
  await at.browser.post("https://sts.eu-central-1.amazonaws.com/", [
    ["Action", "AssumeRoleWithSAML"],
    ["Version", "2011-06-15"],
    ["RoleArn", role],
    ["PrincipalArn", providerOf(role)],
    ["SAMLAssertion", await issue("adm\\dev_aly", [role], {})],
  ])
  const session = at.world.sts.sessions.at(-1)
  if (!session) throw new Error("STS gave no session")
  return session
}

const hasAwsCli = (process.env.PATH ?? "").split(delimiter).some(folder => {
  try {
    accessSync(join(folder, "aws"), constants.X_OK)
    return true
  } catch {
    return false
  }
})

describe.skipIf(!hasAwsCli)("the real AWS CLI, through the proxy", () => {
  const aws = (session: Credentials) => {
    const folder = mkdtempSync(join(tmpdir(), "pum-aws-cli-"))
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      ...at.world.awsEnv,
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    }
    const call = ["sts", "get-caller-identity", "--region", "eu-north-1", "--output", "json"]
    return new Promise<string>(resolve => {
      execFile("aws", call, { env }, (error, stdout, stderr) => {
        rmSync(folder, { recursive: true, force: true })
        resolve(error ? stderr : stdout)
      })
    })
  }

  it("is known by the session, and refused with a token that is not it", async () => {
    const credentials = await newSession()
    expect(JSON.parse(await aws(credentials))).toMatchObject({ Account: "095344953043" })
    const wrong = { ...credentials, sessionToken: `${credentials.sessionToken}=` }
    expect(await aws(wrong)).toContain("InvalidClientTokenId")
    expect(at.world.proxy.log.map(({ target }) => target)).toEqual(
      Array(2).fill("sts.eu-north-1.amazonaws.com:443"),
    )
  })
})
