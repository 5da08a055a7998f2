import { expect, it } from "vitest"
import { bench, newSession } from "../emulators/server/testing.ts"
import { aws } from "../support/aws-cli.ts"
import { cleanEnv, Home, runWithoutTerminal } from "../support/program.ts"

const at = bench()

it("the AWS CLI, through the proxy, is known by the session, and refused with a token that is not it", async () => {
  const session = await newSession(at, "arn:aws:iam::095344953043:role/PowerUserAccess")
  const ask = (env: Record<string, string>) =>
    runWithoutTerminal(aws, {
      args: ["sts", "get-caller-identity", "--output", "json"],
      env: cleanEnv(new Home(), { ...at.world.awsEnv, ...env, AWS_DEFAULT_REGION: "eu-north-1" }),
    })
  expect(JSON.parse((await ask(session)).stdout)).toMatchObject({ Account: "095344953043" })
  const wrong = await ask({ ...session, AWS_SESSION_TOKEN: `${session.AWS_SESSION_TOKEN}=` })
  expect(wrong.stderr).toContain("InvalidClientTokenId")
  expect(at.world.proxy.log.map(({ target }) => target)).toEqual(
    Array(2).fill("sts.eu-north-1.amazonaws.com:443"),
  )
})
