import { expect, it } from "vitest"
import { cleanEnv, Home, runWithoutTerminal } from "../support/program.ts"
import { whoAmI } from "../support/sdk.ts"
import { bench, newSession } from "./server/testing.ts"

const at = bench()

it("the AWS SDK for JavaScript, through the proxy, is known by the session, and refused with a token that is not it", async () => {
  const session = await newSession(at, "arn:aws:iam::095344953043:role/PowerUserAccess")
  const ask = (env: Record<string, string>) =>
    runWithoutTerminal(process.execPath, {
      args: [whoAmI],
      env: cleanEnv(new Home(), { ...at.world.env, ...env }),
    })
  expect((await ask(session)).stdout).toContain(":assumed-role/PowerUserAccess/")
  const wrong = await ask({ ...session, AWS_SESSION_TOKEN: `${session.AWS_SESSION_TOKEN}=` })
  expect(wrong.stderr).toContain("InvalidClientTokenId")
  expect(at.world.proxy.log.map(({ target }) => target)).toEqual(
    Array(2).fill("sts.eu-north-1.amazonaws.com:443"),
  )
})
