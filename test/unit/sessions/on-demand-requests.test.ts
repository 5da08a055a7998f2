import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { awsFilePaths } from "../../../src/profiles/paths.ts"
import { readOnDemandRequests } from "../../../src/sessions/on-demand-requests.ts"
import { tempHome } from "../../support/temp-home.ts"

it("a line that would fail leaves out its own profile, and no other", async () => {
  const home = tempHome()
  mkdirSync(join(home, ".aws"))
  const section = (profile: string, more: string) =>
    `[profile ${profile}]\ncredential_process = pum-aws -p ${profile} --credential-process ${more}\n`
  const config =
    section("bad", "--duration never") + section("unknown", "--later") + section("good", "-r eu-north-1")
  writeFileSync(join(home, ".aws/config"), config)
  const requests = await readOnDemandRequests({ paths: awsFilePaths({}, home), env: {}, home })
  expect([...requests].map(([profile, { options }]) => [profile, options.region])).toEqual([
    ["good", "eu-north-1"],
  ])
})
