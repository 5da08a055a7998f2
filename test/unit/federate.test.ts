import { expect, it } from "vitest"
import type { Sts } from "../../src/aws/sts.ts"
import { assumeChosenRole } from "../../src/federate.ts"
import type { Run } from "../../src/run.ts"
import { role as roleOf } from "../support/role.ts"

it("both secrets of a new session are kept from being shown", async () => {
  const secrets: string[] = []
  const terminal = {
    progress: () => () => {},
    prepareRedaction: () => {},
    keepSecret: (secret: string) => secrets.push(secret),
  }
  const run = { options: { aliases: new Map() }, terminal } as unknown as Run
  const role = roleOf("585848786654 Admin")
  const session = { role, accessKeyId: "ASIA", secretAccessKey: "the secret key", sessionToken: "the token" }
  const federated = {
    roles: [role],
    samlResponse: "",
    sts: { assumeRole: async () => session } as unknown as Sts,
    knownNames: () => new Map(),
    nameAccounts: async () => new Map(),
    typedUsername: undefined,
  }
  expect((await assumeChosenRole(run, federated, undefined)).session).toBe(session)
  expect(secrets).toEqual(["the secret key", "the token"])
})
