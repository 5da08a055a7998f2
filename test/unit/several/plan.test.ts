import { expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"
import { readOptions } from "../../../src/options/options.ts"
import { awsFilePaths } from "../../../src/profiles/paths.ts"
import { planTargets } from "../../../src/several/plan.ts"
import { role } from "../../support/role.ts"
import { tempHome } from "../../support/temp-home.ts"
import { notingTerminal } from "../../support/terminal.ts"

it("--all has one profile for a role that several SAML providers offer", async () => {
  const home = tempHome()
  const line = readCommandLine(["--all"])
  if (line.wants !== "run") throw new TypeError("no run")
  const { terminal } = notingTerminal()
  const settings = { options: readOptions(line, {}, home), paths: awsFilePaths({}, home), terminal }
  const offered = ["One", "Two"].map(provider => role("095344953043 Admin", provider))
  const { targets } = await planTargets(offered, { ...settings, states: new Map() }, "Store")
  expect(targets.map(({ profile }) => profile)).toEqual(["095344953043-Admin"])
})
